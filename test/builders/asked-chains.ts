import * as fc from 'fast-check';
import type { EventDraft, LedgerEvent } from '../../lib/domain/event.ts';
import { MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { ASKED_DRAFTS, ASKED_POLICY, agent, asker } from './asked.ts';
import { NOW } from './credential.ts';
import { chainOf } from './event.ts';
import { GRANT_DRAFTS } from './grant-drafts.ts';
import { INCIDENT_DRAFTS } from './incident-drafts.ts';

const ALL = { ...ASKED_DRAFTS, ...GRANT_DRAFTS, ...INCIDENT_DRAFTS };
type AskedType = keyof typeof ALL;
const ACTORS = ['ana', 'bo', 'cy', 'dora', 'eve', 'iam-owner'].map(asker).concat(agent('planner'));

const typesOf = (prefix: string): AskedType[] =>
  Object.keys(ALL).filter((type): type is AskedType => type.startsWith(`${prefix}.`));

/** Any events of one kind of chain after its first, sensible or not; instants never go back. */
function drafts(first: AskedType, types: readonly AskedType[]): fc.Arbitrary<EventDraft[]> {
  const later = fc.record({
    type: fc.constantFrom(...types),
    actor: fc.constantFrom(...ACTORS),
    minutes: fc.oneof(
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 0, max: 3 }).map((days) => days * 1440),
    ),
    ours: fc.boolean(),
    policyHash: fc.constantFrom(ASKED_POLICY, ASKED_POLICY, ASKED_POLICY, 'b'.repeat(64)),
  });
  return fc.array(later, { maxLength: 15 }).map((chosen) => {
    const begun = chainOf('request#request-0001', [ALL[first]]);
    const requestHash = begun[0]?.hash ?? '';
    let at = NOW;
    const rest = chosen.map(({ type, actor, minutes, ours, policyHash }): EventDraft => {
      at = plus(at, minutes * MINUTE_MS);
      const each = { ...ALL[type], at, actor, policyHash };
      return each.type === 'request.approved' && ours ? { ...each, data: { requestHash } } : each;
    });
    return [ALL[first], ...rest];
  });
}

export const requestDrafts = drafts('request.submitted', typesOf('request'));
export const exceptionDrafts = drafts('exception.proposed', typesOf('exception'));
export const challengeDrafts = drafts('challenge.opened', typesOf('challenge'));
export const grantDrafts = drafts('grant.requested', typesOf('grant'));
export const incidentDrafts = drafts('incident.opened', typesOf('incident'));

function chains(of: fc.Arbitrary<EventDraft[]>, subject: string): fc.Arbitrary<LedgerEvent[]> {
  return of.map((each) => chainOf(subject, each));
}

/** The same as chains; approvals among them count, since they name the request's hash. */
export const requestChains = chains(requestDrafts, 'request#request-0001');
export const exceptionChains = chains(exceptionDrafts, 'exception#request-0001');
export const challengeChains = chains(challengeDrafts, 'challenge#request-0001');
export const grantChains = chains(grantDrafts, 'grant#request-0001');
export const incidentChains = chains(incidentDrafts, 'grant#incident/request-0001');
