import { foldChallenge } from '../../domain/challenge.ts';
import { bucketsBetween, type LedgerEvent } from '../../domain/event.ts';
import { foldException } from '../../domain/exception.ts';
import { foldRequest, requestState } from '../../domain/request.ts';
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
  for await (const { id } of desk.state.requests.open('request', desk.clock.now())) {
    await lookAfter(round, subjects.request(id), id);
  }
  for await (const { id } of desk.state.requests.open('challenge', desk.clock.now())) {
    await lookAfter(round, subjects.challenge(id), id);
  }
  for await (const { id, state } of desk.state.requests.open('exception', desk.clock.now())) {
    // There may be thousands in force, of which nothing is due.
    if (state === 'expired') await lookAfter(round, subjects.exception(id), id);
  }
  // Last: whoever asks for much, and is denied, keeps nobody waiting.
  await catchUp(round);
}

/** By the chain: the row that led here may be behind. */
async function lookAfter(round: Round, subject: string, id: string): Promise<void> {
  await attempt(round, subject, async () => {
    const events = await round.desk.ledger.chain(subject);
    await attempt(round, subject, () => advance(round, id, events));
    await tellAbout(round, subject, events);
  });
}

async function advance(round: Round, id: string, events: readonly LedgerEvent[]): Promise<void> {
  const { desk, context } = round;
  if (foldChallenge(events) !== undefined) return settle(round, id);
  if (foldException(events) !== undefined) return expire(round, id);
  const request = foldRequest(events);
  const state = request === undefined ? undefined : requestState(request, desk.clock.now());
  if (state === 'approved' || state === 'executing') {
    await carryOutWith(desk, { kind: 'request', requestId: id });
  }
  if (state === 'lapsed') await lapseRequest(context, { requestId: id, actor: desk.self });
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
      const { written } = await state.requests.project(subject, events);
      if (written && endOf(events) === undefined) await lookAfter(round, subject, id);
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
  const end = endOf(events);
  // What the policy denied was answered when it was asked.
  if (end !== undefined && end.state !== 'denied') await tellAbout(round, subject, events);
}

function endOf(events: readonly LedgerEvent[]): { readonly state: string } | undefined {
  return (foldRequest(events) ?? foldException(events) ?? foldChallenge(events))?.end;
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
async function tellAbout(
  { desk, policy }: Round,
  subject: string,
  events: readonly LedgerEvent[],
): Promise<void> {
  const { tell } = desk;
  if (tell === undefined) return;
  const about = await aboutChain(desk, events);
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
