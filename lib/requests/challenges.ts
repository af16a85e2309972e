import { type Actor, actorLabel, sameActor } from '../domain/actor.ts';
import {
  type Challenge,
  type ChallengeState,
  challengeIdOf,
  challengeState,
  foldChallenge,
  mayNotDecide,
} from '../domain/challenge.ts';
import type { ChallengeTarget } from '../domain/challenge-events.ts';
import { exceptionState, foldException } from '../domain/exception.ts';
import { subjects } from '../domain/subject.ts';
import { earliest, type Instant, plus } from '../domain/time.ts';
import { decideOn, type RequestsContext } from './decide-on.ts';
import { expireException } from './end-exception.ts';

type StepTarget = Extract<ChallengeTarget, { kind: 'step' }>;

/** An announced or planned step, or an exception, that somebody objects to. */
export type Challenged = StepTarget | { readonly kind: 'exception'; readonly exceptionId: string };

export type Opened =
  /** repeated: there was a challenge of the same before; a second one pauses nothing. */
  | {
      readonly ok: true;
      readonly repeated: boolean;
      readonly challengeId: string;
      readonly challenge: Challenge;
    }
  | {
      readonly ok: false;
      readonly reason: 'caller-unresolved' | 'not-found' | 'not-in-force';
      readonly message: string;
    };

export type Decided =
  | { readonly ok: true; readonly repeated: boolean; readonly challenge: Challenge }
  | {
      readonly ok: false;
      readonly reason: 'not-found' | 'not-an-approver' | 'party-may-not-decide' | 'not-open';
      readonly message: string;
      readonly state?: ChallengeState;
    };

interface Placed {
  readonly target: ChallengeTarget;
  readonly notBy: readonly string[];
  readonly endsAt?: Instant;
}

/**
 * Objects to a step or an exception: a step waits, for a bounded time and once in the life of its finding; an exception
 * stays in force until somebody decides, and no longer than the deadline. `notBy`: persons who may not decide, such as
 * the owner of the rule; an exception's parties are added.
 */
export async function openChallenge(
  context: RequestsContext,
  {
    challenged,
    actor,
    reason,
    notBy,
  }: {
    readonly challenged: Challenged;
    readonly actor: Actor;
    readonly reason: string;
    readonly notBy: readonly string[];
  },
): Promise<Opened> {
  if (actor.kind === 'unresolved') {
    const message = `${actor.arn} is nobody the directory knows; map the principal to a person in directory.yaml`;
    return { ok: false, reason: 'caller-unresolved', message };
  }
  const placed = await place(context, challenged, notBy);
  if ('ok' in placed) return placed;
  const opened = await open(context, placed, actor, reason);
  if (opened.ok) await settleChallenge(context, { challengeId: opened.challengeId, actor });
  return opened;
}

async function place(
  { ledger, clock }: RequestsContext,
  challenged: Challenged,
  notBy: readonly string[],
): Promise<Placed | Extract<Opened, { ok: false }>> {
  if (challenged.kind === 'step') return { target: challenged, notBy };
  const { exceptionId } = challenged;
  const exception = foldException(await ledger.chain(subjects.exception(exceptionId)));
  if (exception === undefined) {
    return { ok: false, reason: 'not-found', message: `there is no exception ${exceptionId}` };
  }
  const state = exceptionState(exception, clock.now());
  if (state !== 'active' && state !== 'challenged') {
    return { ok: false, reason: 'not-in-force', message: `exception ${exceptionId} is ${state}` };
  }
  const round = exception.challenge === undefined ? exception.challenges : exception.challenges - 1;
  const target = { kind: 'exception', exceptionId, round } as const;
  return { target, notBy: [...notBy, ...exception.parties], endsAt: exception.endsAt };
}

function open(
  context: RequestsContext,
  { target, notBy, endsAt }: Placed,
  actor: Actor,
  reason: string,
): Promise<Opened> {
  const { policyHash, challenges } = context.rules;
  const challengeId = challengeIdOf(target);
  return decideOn<Opened>(context, subjects.challenge(challengeId), (events, now) => {
    const challenge = foldChallenge(events);
    if (challenge !== undefined) return { answer: { ok: true, repeated: true, challengeId, challenge } };
    const due = plus(now, challenges.decideWithinMs);
    const data = {
      target,
      notBy: [...new Set(notBy)].sort(),
      decideBy: earliest(due, endsAt ?? due),
      approverGroup: challenges.group,
    };
    return {
      record: { at: now, actor, policyHash, type: 'challenge.opened', reason, data },
      answerOf: (after) => {
        const made = foldChallenge(after);
        return made === undefined
          ? { ok: false, reason: 'not-found', message: 'its chain does not begin with a challenge' }
          : { ok: true, repeated: false, challengeId, challenge: made };
      },
    };
  });
}

/** A member of the group decides who is neither the challenger nor the owner of the rule nor a party of the exception. */
export async function decideChallenge(
  context: RequestsContext,
  {
    challengeId,
    actor,
    verdict,
    reason,
  }: {
    readonly challengeId: string;
    readonly actor: Actor;
    readonly verdict: 'upheld' | 'dismissed';
    readonly reason: string;
  },
): Promise<Decided> {
  const { policyHash } = context.rules;
  const decided = await decideOn<Decided>(context, subjects.challenge(challengeId), (events, now) => {
    const challenge = foldChallenge(events);
    if (challenge === undefined) {
      return { answer: { ok: false, reason: 'not-found', message: `there is no challenge ${challengeId}` } };
    }
    const { end } = challenge;
    if (end?.state === verdict && sameActor(end.by, actor)) {
      return { answer: { ok: true, repeated: true, challenge } };
    }
    const state = challengeState(challenge, now);
    const refusal = unfit(context, challenge, actor);
    if (refusal !== undefined) return { answer: { ok: false, ...refusal, state } };
    const fields = { at: now, actor, policyHash };
    if (end === undefined && state === 'undecided') {
      return { record: { ...fields, type: 'challenge.undecided', data: {} } };
    }
    if (state !== 'open') {
      return {
        answer: { ok: false, reason: 'not-open', message: `challenge ${challengeId} is ${state}`, state },
      };
    }
    return {
      record: { ...fields, type: `challenge.${verdict}`, reason, data: {} },
      answerOf: (after) => ({ ok: true, repeated: false, challenge: foldChallenge(after) ?? challenge }),
    };
  });
  await settleChallenge(context, { challengeId, actor });
  return decided;
}

/**
 * Records that nobody decided in time, and carries an end over to the exception that was challenged: upheld it is
 * revoked, dismissed it stays, undecided it has expired. Returns where the challenge stands; undefined when there is none.
 */
export async function settleChallenge(
  context: RequestsContext,
  { challengeId, actor }: { readonly challengeId: string; readonly actor: Actor },
): Promise<ChallengeState | undefined> {
  const { policyHash } = context.rules;
  const challenge = await decideOn<Challenge | undefined>(
    context,
    subjects.challenge(challengeId),
    (events, now) => {
      const current = foldChallenge(events);
      const isDue =
        current !== undefined && current.end === undefined && challengeState(current, now) === 'undecided';
      if (!isDue) return { answer: current };
      return { record: { at: now, actor, policyHash, type: 'challenge.undecided', data: {} } };
    },
  );
  if (challenge === undefined) return undefined;
  await markException(context, challengeId, challenge);
  await carryOver(context, challengeId, challenge, actor);
  return challenge.end?.state ?? 'open';
}

/** Puts a challenge on the chain of its exception, once, also when a crash left that to whoever comes after its end. */
async function markException(
  context: RequestsContext,
  challengeId: string,
  { target, openedBy, reason, decideBy, end }: Challenge,
): Promise<void> {
  if (target.kind !== 'exception') return;
  await decideOn<void>(context, subjects.exception(target.exceptionId), (events, now) => {
    const exception = foldException(events);
    const isDue =
      exception !== undefined &&
      (end?.state !== 'dismissed' || now < decideBy) &&
      exceptionState(exception, now) === 'active' &&
      exception.challenges === target.round;
    if (!isDue) return { answer: undefined };
    const fields = { at: now, actor: openedBy, policyHash: context.rules.policyHash, reason };
    return { record: { ...fields, type: 'exception.challenged', data: { challengeId, decideBy } } };
  });
}

async function carryOver(
  context: RequestsContext,
  challengeId: string,
  { target, end }: Challenge,
  actor: Actor,
): Promise<void> {
  if (target.kind !== 'exception' || end === undefined) return;
  const { exceptionId } = target;
  if (end.state === 'undecided') {
    await expireException(context, { exceptionId, actor });
    return;
  }
  await decideOn<void>(context, subjects.exception(exceptionId), (events, now) => {
    const exception = foldException(events);
    const stands = exception !== undefined && exceptionState(exception, now) === 'challenged';
    if (!stands || exception.challenge?.challengeId !== challengeId) return { answer: undefined };
    const reason = end.reason === undefined ? {} : { reason: end.reason };
    const fields = { at: now, actor: end.by, policyHash: context.rules.policyHash, ...reason };
    const type = end.state === 'upheld' ? 'exception.revoked' : 'exception.cleared';
    return { record: { ...fields, type, data: { challengeId } } };
  });
}

function unfit(
  { rules }: RequestsContext,
  challenge: Challenge,
  actor: Actor,
): Pick<Extract<Decided, { ok: false }>, 'reason' | 'message'> | undefined {
  const { members, group } = rules.challenges;
  if (actor.kind !== 'person' || actor.person === undefined || !members.includes(actor.person)) {
    const message = `${actorLabel(actor)} is not a person of group ${group}, who decide about challenges`;
    return { reason: 'not-an-approver', message };
  }
  if (!mayNotDecide(challenge, actor)) return undefined;
  const message = `${actorLabel(actor)} opened this challenge, owns the rule or is a party; another member has to decide it`;
  return { reason: 'party-may-not-decide', message };
}
