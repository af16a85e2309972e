import { foldChallenge } from '../../domain/challenge.ts';
import { bucketsBetween, type LedgerEvent } from '../../domain/event.ts';
import { foldException } from '../../domain/exception.ts';
import { foldRequest } from '../../domain/request.ts';
import { subjects } from '../../domain/subject.ts';
import { HOUR_MS, plus } from '../../domain/time.ts';
import type { AboutRequest, Policy } from '../../policy/index.ts';
import {
  expireException,
  lapseRequest,
  type RequestsContext,
  settleChallenge,
  tellOf,
} from '../../requests/index.ts';
import { holdForException } from '../../sweep/index.ts';
import { aboutAsk, aboutException, requestsContext } from './about.ts';
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
 * or stayed undecided, brings the holds of credentials in line with it, and tells who is still to be told. Whatever
 * crashed between two steps is healed by the next run, and a run over what is in order records nothing (I6, I7, I13, I14).
 * Trouble with one thing keeps nothing from the others.
 */
export async function reconcile(desk: WorkDesk): Promise<void> {
  const policy = await desk.policyInForce();
  const round = { desk, policy, context: requestsContext(desk, policy, { kind: 'exception' }) };
  await catchUp(round);
  for await (const { id, state } of desk.state.requests.open('request', desk.clock.now())) {
    await attempt(round, subjects.request(id), () => advance(round, id, state));
    await attempt(round, subjects.request(id), () => tellAbout(round, subjects.request(id)));
  }
  for await (const { id } of desk.state.requests.open('challenge', desk.clock.now())) {
    await attempt(round, subjects.challenge(id), () => settle(round, id));
    await attempt(round, subjects.challenge(id), () => tellAbout(round, subjects.challenge(id)));
  }
  for await (const { id, state } of desk.state.requests.open('exception', desk.clock.now())) {
    // There may be thousands in force, of which nothing is due.
    if (state !== 'expired') continue;
    await attempt(round, subjects.exception(id), () => expire(round, id));
    await attempt(round, subjects.exception(id), () => tellAbout(round, subjects.exception(id)));
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
    const [kind = '', id = ''] = subject.split('#');
    if (!KINDS.includes(kind)) continue;
    await attempt(round, subject, async () => {
      const events = await ledger.chain(subject);
      await state.requests.project(subject, events);
      await followEnd(round, { subject, id, events });
    });
  }
}

const KINDS: readonly string[] = ['request', 'exception', 'challenge'];

/** What comes of an end on other chains, and who is to be told. What is open is told about once it was looked after. */
async function followEnd(
  round: Round,
  {
    subject,
    id,
    events,
  }: { readonly subject: string; readonly id: string; readonly events: readonly LedgerEvent[] },
): Promise<void> {
  const exception = foldException(events);
  const challenge = foldChallenge(events);
  if (exception?.end !== undefined) await holdForException(handOf(round), id, exception);
  if (challenge?.end !== undefined) await followChallenge(round.desk, handOf(round), id, challenge);
  const { end } = foldRequest(events) ?? exception ?? challenge ?? {};
  if (end !== undefined) await tellAbout(round, subject);
}

async function advance({ desk, context }: Round, requestId: string, state: string): Promise<void> {
  if (state === 'approved' || state === 'executing') await carryOutWith(desk, { kind: 'request', requestId });
  if (state === 'lapsed') await lapseRequest(context, { requestId, actor: desk.self });
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

/** Under the rules for what the chain is about: they say who decides. */
async function tellAbout({ desk, policy }: Round, subject: string): Promise<void> {
  const { tell } = desk;
  if (tell === undefined) return;
  const about = await aboutChain(desk, await desk.ledger.chain(subject));
  await tellOf(requestsContext(desk, policy, about), { subject, actor: desk.self, tell });
}

async function aboutChain(desk: WorkDesk, events: readonly LedgerEvent[]): Promise<AboutRequest> {
  const request = foldRequest(events);
  if (request !== undefined) return aboutAsk(desk, request.content.ask);
  const exception = foldException(events);
  return exception === undefined ? { kind: 'exception' } : aboutException('exception', exception.scope);
}

function handOf({ desk, policy }: Round) {
  return recordingContext(desk, policy, desk.self);
}
