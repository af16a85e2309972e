import { foldChallenge } from '../../domain/challenge.ts';
import { bucketsBetween } from '../../domain/event.ts';
import { foldException } from '../../domain/exception.ts';
import { subjects } from '../../domain/subject.ts';
import { HOUR_MS, plus } from '../../domain/time.ts';
import type { Policy } from '../../policy/index.ts';
import {
  expireException,
  lapseRequest,
  type RequestsContext,
  settleChallenge,
} from '../../requests/index.ts';
import { holdForException } from '../../sweep/index.ts';
import { requestsContext } from './about.ts';
import { carryOutWith } from './carry-out.ts';
import { followChallenge } from './challenges.ts';
import type { WorkDesk } from './desk.ts';
import { recordingContext } from './recording-context.ts';

/** How far back something may have ended, or begun, without its consequences: what a crash leaves. */
const LOOKED_BACK_MS = 2 * HOUR_MS;

/** One run over what is open. */
interface Round {
  readonly desk: WorkDesk;
  readonly policy: Policy;
  readonly context: RequestsContext;
}

/**
 * What has to happen without anybody asking: carries out what is approved or was begun, records what has lapsed, expired
 * or stayed undecided, and brings the holds of credentials in line with it. Whatever crashed between two steps is healed
 * by the next run, and a run over what is in order records nothing (I6, I7, I13, I14). Trouble with one thing keeps
 * nothing from the others.
 */
export async function reconcile(desk: WorkDesk): Promise<void> {
  const policy = await desk.policyInForce();
  const round = { desk, policy, context: requestsContext(desk, policy, { kind: 'exception' }) };
  await catchUp(round);
  for await (const { id, state } of desk.state.requests.open('request', desk.clock.now())) {
    await attempt(round, subjects.request(id), () => advance(round, id, state));
  }
  for await (const { id } of desk.state.requests.open('challenge', desk.clock.now())) {
    await attempt(round, subjects.challenge(id), () => settle(round, id));
  }
  for await (const { id } of desk.state.requests.open('exception', desk.clock.now())) {
    await attempt(round, subjects.exception(id), () => expire(round, id));
  }
}

async function attempt({ desk }: Round, what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    desk.report(what, error);
  }
}

/** Rows that a crash left behind, and ends whose consequences it did: both are among the newest events. */
async function catchUp(round: Round): Promise<void> {
  const { ledger, clock, state } = round.desk;
  const now = clock.now();
  const seen = new Set<string>();
  for await (const subject of ledger.subjectsIn(bucketsBetween(plus(now, -LOOKED_BACK_MS), now))) {
    if (seen.has(subject)) continue;
    seen.add(subject);
    const [kind, id = ''] = subject.split('#');
    if (kind !== 'request' && kind !== 'exception' && kind !== 'challenge') continue;
    await attempt(round, subject, async () => {
      const events = await ledger.chain(subject);
      await state.requests.project(subject, events);
      const exception = kind === 'exception' ? foldException(events) : undefined;
      if (exception?.end !== undefined) await holdForException(handOf(round), id, exception);
      const challenge = kind === 'challenge' ? foldChallenge(events) : undefined;
      if (challenge?.end !== undefined) await followChallenge(round.desk, handOf(round), id, challenge);
    });
  }
}

async function advance({ desk, context }: Round, requestId: string, state: string): Promise<void> {
  if (state === 'approved' || state === 'executing') await carryOutWith(desk, { kind: 'request', requestId });
  else await lapseRequest(context, { requestId, actor: desk.self });
}

async function settle(round: Round, challengeId: string): Promise<void> {
  const { desk, context } = round;
  await settleChallenge(context, { challengeId, actor: desk.self });
  const challenge = foldChallenge(await desk.ledger.chain(subjects.challenge(challengeId)));
  if (challenge !== undefined) await followChallenge(desk, handOf(round), challengeId, challenge);
}

/** Its conditions are looked at by every sweep, which sees the credential. */
async function expire(round: Round, exceptionId: string): Promise<void> {
  const { desk, context } = round;
  const before = foldException(await desk.ledger.chain(subjects.exception(exceptionId)));
  if (before === undefined) return;
  await expireException(context, { exceptionId, actor: desk.self });
  const after = foldException(await desk.ledger.chain(subjects.exception(exceptionId)));
  if (after?.end !== undefined) await holdForException(handOf(round), exceptionId, after);
}

function handOf({ desk, policy }: Round) {
  return recordingContext(desk, policy, desk.self);
}
