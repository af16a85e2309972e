import { type Actor, sameActor } from './actor.ts';
import { taggedHash } from './canonical.ts';
import type { ChallengeTarget } from './challenge-events.ts';
import type { LedgerEvent } from './event.ts';
import type { StepKind } from './step.ts';
import type { Instant } from './time.ts';

/** Ends of a challenge; none of them is ever left. */
export type ChallengeEnd = 'upheld' | 'dismissed' | 'undecided';
export type ChallengeState = 'open' | ChallengeEnd;

/** An objection to a step or an exception, folded from its chain. */
export interface Challenge {
  readonly target: ChallengeTarget;
  readonly openedBy: Actor;
  readonly openedAt: Instant;
  readonly reason: string;
  /** Fixed when it opens: a pause is bounded (I12, I14). */
  readonly decideBy: Instant;
  readonly notBy: readonly string[];
  readonly approverGroup: string;
  readonly end?: {
    readonly state: ChallengeEnd;
    readonly at: Instant;
    readonly by: Actor;
    readonly reason?: string;
  };
}

/**
 * The id follows from what is challenged, so that nobody can pause a step twice: whoever challenges the same finding's
 * step again meets the challenge there is, or was.
 */
export function challengeIdOf(target: ChallengeTarget): string {
  return taggedHash('credential-janitor/challenge/v1', target).slice(0, 32);
}

/** Where a challenge stands at an instant: past its deadline it is undecided without any event (I14). */
export function challengeState(challenge: Challenge, now: Instant): ChallengeState {
  if (challenge.end !== undefined) return challenge.end.state;
  return now >= challenge.decideBy ? 'undecided' : 'open';
}

/** Whether a person may decide: never the challenger, the rule's owner or a party of the exception. */
export function mayNotDecide({ openedBy, notBy }: Challenge, actor: Actor): boolean {
  return sameActor(openedBy, actor) || (actor.person !== undefined && notBy.includes(actor.person));
}

/** Folds `challenge#<id>`, oldest first. What the state at its instant does not allow changes nothing. */
export function foldChallenge(events: readonly LedgerEvent[]): Challenge | undefined {
  const [first, ...rest] = events;
  if (first?.type !== 'challenge.opened') return undefined;
  const begun: Challenge = {
    ...first.data,
    openedBy: first.actor,
    openedAt: first.at,
    reason: first.reason ?? '',
  };
  return rest.reduce(applied, begun);
}

function applied(challenge: Challenge, event: LedgerEvent): Challenge {
  if (challenge.end !== undefined) return challenge;
  const state = challengeState(challenge, event.at);
  if (event.type === 'challenge.undecided') {
    return state === 'undecided' ? ended(challenge, event, 'undecided') : challenge;
  }
  if (event.type !== 'challenge.upheld' && event.type !== 'challenge.dismissed') return challenge;
  const { kind, person } = event.actor;
  if (state !== 'open' || kind !== 'person' || person === undefined) return challenge;
  if (mayNotDecide(challenge, event.actor)) return challenge;
  return ended(challenge, event, event.type === 'challenge.upheld' ? 'upheld' : 'dismissed');
}

function ended(challenge: Challenge, event: LedgerEvent, state: ChallengeEnd): Challenge {
  const reason = event.reason === undefined ? {} : { reason: event.reason };
  return { ...challenge, end: { state, at: event.at, by: event.actor, ...reason } };
}

/**
 * What a challenge leaves of a step: while it is open the step waits; upheld, it is not taken; dismissed, it goes on;
 * undecided, it may lead to disable and never to delete (I18).
 */
export function challengeAllows(challenge: Challenge, step: StepKind, now: Instant): boolean {
  switch (challengeState(challenge, now)) {
    case 'open':
    case 'upheld':
      return step === 'notify';
    case 'dismissed':
      return true;
    case 'undecided':
      return step !== 'delete';
  }
}
