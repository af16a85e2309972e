import { afterUse, type Grant, type GrantState } from '../../domain/grant.ts';
import { subjects } from '../../domain/subject.ts';
import type { Instant } from '../../domain/time.ts';
import { readAsked } from './asked-chain.ts';
import { ASKED_LINES } from './asked-line.ts';
import {
  type ExplainDependencies,
  type ExplainOptions,
  type Explanation,
  timelineOf,
} from './explanation.ts';
import { grantAccount } from './grant-account.ts';
import { notFound } from './not-found.ts';
import { day } from './say.ts';

/** Who took which role why and until when, who approved, what ended it, what it was used for, who reviewed. Throws `not-found`. */
export async function explainGrant(
  dependencies: Pick<ExplainDependencies, 'ledger'>,
  id: string,
  { now, at = now }: ExplainOptions,
): Promise<Explanation> {
  const { events, found, intact } = await readAsked(dependencies, 'grant', id, at);
  const subject = subjects.grant(id);
  const last = events.at(-1);
  if (last === undefined) throw notFound(subject, at);
  const common = {
    schemaVersion: 1,
    kind: 'grant',
    subject,
    at,
    facts: [],
    timeline: timelineOf(events),
    holds: [],
    notes: [],
    chainVerified: intact,
    events,
  } as const;
  if (found === undefined) {
    return {
      ...common,
      summary: 'It was asked for and refused; no session was issued.',
      next: 'Nothing: whoever still needs it asks again, under a new id.',
    };
  }
  const { record, state } = found;
  return {
    ...common,
    summary: `${ASKED_LINES.grant(record, state)}.`,
    account: grantAccount(record, state, events, at),
    asked: { kind: 'grant', id, state, record },
    next: nextOf(record, state, at),
  };
}

function nextOf(grant: Grant, state: GrantState, at: Instant): string {
  const { grantId, approverGroup, endsAt, approvals, approvalsNeeded } = grant;
  switch (state) {
    case 'requested':
      return approvals.length < approvalsNeeded
        ? `Somebody else of group ${approverGroup} approves grant ${grantId} before ${day(endsAt)}; otherwise it lapses.`
        : `Whoever asked for it starts it again before ${day(endsAt)}; otherwise it lapses.`;
    case 'lapsed':
      return 'Nothing: whoever still needs it asks again, under a new id.';
    case 'activating':
    case 'active':
      return `It ends on ${day(endsAt)} by itself; \`janitor break-glass return ${grantId}\` ends it at once.`;
    case 'ending':
      return 'The reconciler goes on until its end is verified.';
    case 'ended':
      return afterwards(grant, at);
  }
}

function afterwards(grant: Grant, at: Instant): string {
  const { grantId, reviewBy, reviewers } = grant;
  const review = `\`janitor break-glass review ${grantId}\` by somebody else of ${reviewers.join(', ')}`;
  switch (afterUse(grant, at)) {
    case 'evidence-pending':
      return 'Evidence of what it was used for is collected from CloudTrail; then somebody else reviews it.';
    case 'review-due':
      return `${review}, before ${day(reviewBy)}.`;
    case 'review-overdue':
      return `${review}: it was due on ${day(reviewBy)}, and until then the next use takes a second person.`;
    default:
      return 'Nothing: it is settled.';
  }
}
