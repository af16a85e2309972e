import type { Challenge, ChallengeState } from '../../domain/challenge.ts';
import { subjects } from '../../domain/subject.ts';
import { answer } from './asked-account.ts';
import { readAsked, relatedOf } from './asked-chain.ts';
import { ASKED_LINES } from './asked-line.ts';
import { challenged } from './asked-words.ts';
import {
  type Answer,
  type ExplainDependencies,
  type ExplainOptions,
  type Explanation,
  timelineOf,
} from './explanation.ts';
import { notFound } from './not-found.ts';
import { day, infinitive, who, withoutDot } from './say.ts';

/** Who objected to what and why, who may decide until when, and what was decided. Throws `not-found`. */
export async function explainChallenge(
  dependencies: Pick<ExplainDependencies, 'ledger'>,
  id: string,
  { now, at = now }: ExplainOptions,
): Promise<Explanation> {
  const { events, found, intact } = await readAsked(dependencies, 'challenge', id, at);
  if (found === undefined) throw notFound(subjects.challenge(id), at);
  const { record, state } = found;
  const { target } = record;
  const exception =
    target.kind === 'exception' ? [{ kind: 'exception', id: target.exceptionId } as const] : [];
  const { related } = await relatedOf(dependencies, exception, at);
  return {
    schemaVersion: 1,
    kind: 'challenge',
    subject: subjects.challenge(id),
    at,
    summary: `${ASKED_LINES.challenge(record, state)}.`,
    account: accountOf(record, state),
    asked: { kind: 'challenge', id, state, record },
    related,
    facts: [],
    timeline: timelineOf(events),
    holds: [],
    next: nextOf(id, record, state),
    notes: [],
    chainVerified: intact,
    events,
  };
}

function accountOf(challenge: Challenge, state: ChallengeState): Answer[] {
  const { target, openedBy, openedAt, reason, decideBy, approverGroup, notBy, end } = challenge;
  const others = notBy.length === 0 ? '' : `, but not ${notBy.join(' or ')}`;
  const why = end?.reason === undefined ? '' : `, because ${withoutDot(end.reason)}`;
  const by = end === undefined || state === 'undecided' ? 'nobody' : who(end.by);
  const decided = state === 'open' ? 'nobody yet' : `${by}: ${state} on ${day(end?.at ?? decideBy)}${why}`;
  return [
    answer('Opened by', `${who(openedBy)} on ${day(openedAt)}`),
    answer('Exactly', challenged(target)),
    answer('Why', withoutDot(reason)),
    answer('To be decided', `by group ${approverGroup}${others}, before ${day(decideBy)}`),
    answer('Decided by', decided),
    answer('Leads to', effectOf(challenge, state)),
  ];
}

function effectOf({ target }: Challenge, state: ChallengeState): string {
  const isStep = target.kind === 'step';
  switch (state) {
    case 'open':
      return isStep ? 'the step waits' : 'the exception stays in force until it is decided';
    case 'upheld':
      return isStep ? 'the step is not taken' : 'the exception is revoked';
    case 'dismissed':
      return isStep ? 'the step goes on, with every guard' : 'the exception stays, with the end it had';
    case 'undecided':
      return isStep
        ? `rule ${target.rule} may ${infinitive('disable')} and not ${infinitive('delete')}`
        : 'the exception has expired';
  }
}

function nextOf(id: string, { approverGroup, decideBy }: Challenge, state: ChallengeState): string {
  if (state !== 'open') return 'Nothing: it is settled.';
  return `\`janitor challenge decide ${id}\` by a member of group ${approverGroup} before ${day(decideBy)}; otherwise it ends undecided.`;
}
