import { taggedHash } from '../domain/canonical.ts';
import type { EventDraft } from '../domain/event.ts';
import type { Incident } from '../domain/incident.ts';
import type { IncidentCall } from '../domain/incident-events.ts';
import { grantOfSubject, subjects } from '../domain/subject.ts';
import { DAY_MS, plus } from '../domain/time.ts';
import type { BreakGlassContext } from './context.ts';
import { recordOnIncident } from './record-incident.ts';
import { parseTrailEvent, type TrailEvent } from './trail-event.ts';
import { assumedBreakGlassRole, unexplained, usedIdentity } from './unexplained.ts';

type Recording = Pick<BreakGlassContext, 'clock' | 'ledger' | 'follow' | 'broker' | 'rules'>;

/** What finding out works with. */
export interface DetectionContext extends Recording {
  /** Of the one principal that break-glass roles trust. */
  readonly brokerRoleArn: string;
  /** The person of the directory of an IAM user's ARN or of `sso:<user>`. */
  readonly personOf: (principal: string) => string | undefined;
}

/** incident: and whether this call of CloudTrail is what it was recorded for. unreadable: not of CloudTrail's form. */
export type Detected =
  | { readonly outcome: 'incident'; readonly incident: Incident; readonly recorded: boolean }
  | { readonly outcome: 'explained' | 'of-no-interest' | 'unreadable' };

const TAG = 'credential-janitor/incident/v1';
/** Calls of one incident that are kept; CloudTrail has them all. */
const MOST_CALLS = 50;
/** Where the role says nothing any more. */
const REVIEW_WITHIN_MS = 3 * DAY_MS;

/**
 * What CloudTrail tells, once or again, in whatever order: a session of a break-glass role that no grant explains, or any
 * call by a registered emergency identity, becomes an incident; of an identity, one a day, until that is reviewed. `input`
 * is the detail of the event, or what EventBridge wraps around it, and may be anything.
 */
export async function recordDetection(context: DetectionContext, input: unknown): Promise<Detected> {
  const event = parseTrailEvent(input);
  if (event === undefined) return { outcome: 'unreadable' };
  const identity = usedIdentity(event, context.rules);
  if (identity !== undefined) {
    const { arn: target, custodians, reviewers } = identity;
    const opened = openedBy(context, event, {
      kind: 'emergency-identity',
      target,
      why: 'it is an identity of the last resort, of which every use is reviewed',
      custodians: [...custodians],
      reviewers: [...reviewers],
      reviewWithinMs: REVIEW_WITHIN_MS,
    });
    return joined(context, ['identity', target, event.at.slice(0, 10)], opened, 0);
  }
  const assumed = assumedBreakGlassRole(event);
  return assumed === undefined ? { outcome: 'of-no-interest' } : sessionOf(context, event, assumed.name);
}

async function sessionOf(context: DetectionContext, event: TrailEvent, name: string): Promise<Detected> {
  const { rules, brokerRoleArn, ledger } = context;
  const grantId = grantOfSubject(subjects.grant(event.assumed?.sessionName ?? ''));
  const chain = grantId === undefined ? [] : await ledger.chain(subjects.grant(grantId));
  const why = unexplained(event, chain, brokerRoleArn);
  if (why === undefined) return { outcome: 'explained' };
  const role = rules.roles.find((each) => each.name === name);
  const opened = openedBy(context, event, {
    kind: 'session-without-grant',
    target: event.assumed?.roleArn ?? '',
    why,
    custodians: personsBehind(context, event.principal),
    reviewers: [...new Set(role?.reviewers ?? rules.roles.flatMap(({ reviewers }) => reviewers))],
    reviewWithinMs: role?.reviewWithinMs ?? REVIEW_WITHIN_MS,
  });
  return joined(context, ['session', event.id], opened, 0);
}

/**
 * Who may have begun it: nobody reviews that, by whichever of their identities. The name of a session is believed here,
 * since it takes power away and gives none; a source identity is what whoever began it wrote there.
 */
function personsBehind({ personOf }: DetectionContext, principal: string): string[] {
  const session = principal.split(/[/:]/).at(-1) ?? '';
  const person = personOf(principal) ?? personOf(`sso:${session}`);
  return person === undefined ? [] : [person];
}

type OpenedData = Extract<EventDraft, { type: 'incident.opened' }>['data'];
type Opening = Pick<OpenedData, 'kind' | 'target' | 'why' | 'custodians' | 'reviewers'> & {
  readonly reviewWithinMs: number;
};

function openedBy(
  { clock }: Recording,
  event: TrailEvent,
  { reviewWithinMs, ...opening }: Opening,
): OpenedData {
  const { accountId, principal, assumed } = event;
  const person = assumed?.sourceIdentity?.replace(/^=/, '');
  return {
    ...opening,
    accountId,
    principal,
    ...(person === undefined || opening.kind !== 'session-without-grant' ? {} : { person }),
    call: callOf(event),
    reviewBy: plus(clock.now(), reviewWithinMs),
  };
}

function callOf({
  id: eventId,
  at,
  name,
  region,
  sourceIp,
  accessKeyId,
  error,
  assumed,
}: TrailEvent): IncidentCall {
  const key = assumed?.accessKeyId ?? accessKeyId;
  return {
    eventId,
    at,
    name,
    region,
    ...(sourceIp === undefined ? {} : { sourceIp }),
    ...(key === undefined ? {} : { accessKeyId: key }),
    ...(error === undefined ? {} : { error }),
  };
}

/** On the chain of its incident, or of the next one where that was reviewed before this call was made. */
async function joined(
  context: Recording,
  key: readonly string[],
  data: OpenedData,
  round: number,
): Promise<Detected> {
  const id = taggedHash(TAG, [...key, round]).slice(0, 32);
  const { call } = data;
  const { broker: actor, rules } = context;
  const stood = await recordOnIncident(context, id, (incident, at) => {
    const envelope = { at, actor, policyHash: rules.policyHash };
    if (incident === undefined) return { ...envelope, type: 'incident.opened', data };
    const isFull = incident.calls.length >= MOST_CALLS;
    if (isFull || incident.review !== undefined || isKnown(incident, call)) return undefined;
    return { ...envelope, type: 'incident.observed', data: { call } };
  });
  if (stood === undefined) return { outcome: 'of-no-interest' };
  return isAfter(stood.incident, call)
    ? joined(context, key, data, round + 1)
    : { outcome: 'incident', ...stood };
}

/** The same call again, or another of the same name, Region and error. */
function isKnown({ calls }: Incident, { eventId, name, region, error }: IncidentCall): boolean {
  return calls.some(
    (each) =>
      each.eventId === eventId || (each.name === name && each.region === region && each.error === error),
  );
}

/** Whoever reviewed an incident has not seen this call of it. */
function isAfter(incident: Incident, call: IncidentCall): boolean {
  if (incident.review === undefined || incident.calls.some(({ eventId }) => eventId === call.eventId))
    return false;
  return call.at > incident.review.at || !isKnown(incident, call);
}
