import type {
  ApiCaller,
  ChallengeBody,
  ChallengeView,
  DecideBody,
  DecidedView,
  OpenedView,
  Page,
  PageQuery,
} from '../../api/index.ts';
import { type Challenge, foldChallenge } from '../../domain/challenge.ts';
import { accountOf } from '../../domain/credential.ts';
import { JanitorError } from '../../domain/error.ts';
import { foldException } from '../../domain/exception.ts';
import { subjects } from '../../domain/subject.ts';
import type { AboutRequest } from '../../policy/index.ts';
import { decideChallenge, openChallenge } from '../../requests/index.ts';
import {
  type HoldContext,
  holdForChallenge,
  holdForException,
  ownersOfRules,
  peopleBehind,
  readPlans,
} from '../../sweep/index.ts';
import { aboutException, requestsContext } from './about.ts';
import { answeringFor } from './answering-for.ts';
import { decider, insider, type Known, knownCaller } from './callers.ts';
import type { ServiceDesk, WorkDesk } from './desk.ts';
import { readException } from './exceptions.ts';
import { listOf } from './lists.ts';
import { recordingContext } from './recording-context.ts';
import { notFound, refusalError } from './refusals.ts';
import { seeCredential } from './subject-facts.ts';
import { challengeView } from './views.ts';

type Challenged = Parameters<typeof openChallenge>[1]['challenged'];
type Named<K extends ChallengeBody['challenged']['kind']> = Extract<ChallengeBody['challenged'], { kind: K }>;

/** What is challenged, the rules it is about, and what the policy is asked about it. */
interface Placed {
  readonly challenged: Challenged;
  readonly rules: readonly string[];
  /** Who was told of the step: whoever owns what it is about. */
  readonly owners: readonly string[];
  readonly about: AboutRequest;
}

/** A step waits from here on; whoever challenges is told of an act that was begun before (I21). */
export async function open(
  desk: ServiceDesk,
  caller: ApiCaller,
  { challenged, reason }: ChallengeBody,
): Promise<OpenedView> {
  const known = await knownCaller(desk, caller);
  const placed =
    challenged.kind === 'step'
      ? await placeOfStep(desk, known, challenged)
      : await placeOfException(desk, known, challenged);
  const { policy } = known;
  const { actor } = known.caller;
  const context = requestsContext(desk, policy, placed.about);
  // A group that decides may own what nobody else does; excluded, it would leave nobody to decide.
  const owners = placed.owners.filter((owner) => owner !== context.rules.challenges.group);
  const notBy = peopleBehind({ policy, clock: desk.clock }, [
    ...ownersOfRules(policy, placed.rules),
    ...owners,
    ...answeringFor(policy, actor, desk.clock.now()),
  ]);
  const opened = await openChallenge(context, { challenged: placed.challenged, actor, reason, notBy });
  if (!opened.ok) throw refusalError('exception', opened);
  const { challengeId, repeated, challenge } = opened;
  const { openIntent: intent } = await holdForChallenge(
    recordingContext(desk, policy, actor),
    challengeId,
    challenge,
  );
  return {
    repeated,
    challenge: challengeView(challengeId, challenge, desk.clock.now()),
    ...(intent === undefined ? {} : { openIntent: { change: intent.change, at: intent.at } }),
  };
}

async function placeOfException(
  desk: ServiceDesk,
  { caller }: Known,
  { exceptionId }: Named<'exception'>,
): Promise<Placed> {
  const { scope, requestedBy } = await readException(desk, exceptionId);
  const { outsideParty } = caller.actor;
  if (outsideParty !== undefined && requestedBy.outsideParty !== outsideParty) {
    throw notFound('exception', exceptionId);
  }
  return {
    challenged: { kind: 'exception', exceptionId },
    rules: scope.rules,
    owners: [],
    about: aboutException('exception', scope),
  };
}

/** The finding is part of what is challenged: once in its life a step waits. */
async function placeOfStep(
  desk: ServiceDesk,
  { caller, policy }: Known,
  { credentialId, rule, step }: Named<'step'>,
): Promise<Placed> {
  const accountId = accountOf(credentialId);
  if (accountId === undefined) throw noFinding(credentialId, rule, step);
  const { outsideParty } = caller.actor;
  if (outsideParty !== undefined) {
    const { judgement } = await seeCredential(desk, policy, credentialId);
    if (judgement.outsideParty !== outsideParty) throw noFinding(credentialId, rule, step);
  }
  const { findings } = await desk.record.read(credentialId);
  const finding = Object.hasOwn(findings, rule) ? findings[rule] : undefined;
  if (finding === undefined || finding.done.some((done) => done.step === step)) {
    throw noFinding(credentialId, rule, step);
  }
  const isAnnounced = finding.told.some(({ announces }) => announces?.step === step);
  const plans = isAnnounced ? [] : await readPlans(desk, accountId);
  const isPlanned = plans.some(({ items }) =>
    items.some((each) => each.credentialId === credentialId && each.rule === rule && each.step === step),
  );
  if (!isAnnounced && !isPlanned) throw noFinding(credentialId, rule, step);
  return {
    challenged: { kind: 'step', credentialId, rule, step, findingOpenedAt: finding.openedAt },
    rules: [rule],
    owners: finding.told.map(({ recipient }) => recipient),
    about: { kind: 'exception', rules: [rule], accountId },
  };
}

export async function decide(
  desk: ServiceDesk,
  caller: ApiCaller,
  challengeId: string,
  { verdict, reason }: DecideBody,
): Promise<DecidedView> {
  const known = await decider(desk, caller);
  const { policy } = known;
  const { actor } = known.caller;
  await readChallenge(desk, challengeId);
  const context = requestsContext(desk, policy, { kind: 'exception' });
  const decided = await decideChallenge(context, { challengeId, actor, verdict, reason });
  if (!decided.ok) throw refusalError('challenge', decided);
  const { repeated, challenge } = decided;
  await followChallenge(desk, recordingContext(desk, policy, actor), challengeId, challenge);
  return { repeated, challenge: challengeView(challengeId, challenge, desk.clock.now()) };
}

/** What comes of a challenge on the chain of the credential, however often. */
export async function followChallenge(
  { ledger }: Pick<WorkDesk, 'ledger'>,
  context: HoldContext,
  challengeId: string,
  challenge: Challenge,
): Promise<void> {
  await holdForChallenge(context, challengeId, challenge);
  if (challenge.target.kind !== 'exception') return;
  const { exceptionId } = challenge.target;
  const exception = foldException(await ledger.chain(subjects.exception(exceptionId)));
  if (exception?.end !== undefined) await holdForException(context, exceptionId, exception);
}

export async function listChallenges(
  desk: ServiceDesk,
  caller: ApiCaller,
  query: PageQuery,
): Promise<Page<ChallengeView>> {
  await insider(desk, caller);
  return listOf(desk, 'challenge', query, ({ id, record }, now) => challengeView(id, record, now));
}

export async function getChallenge(
  desk: ServiceDesk,
  caller: ApiCaller,
  challengeId: string,
): Promise<ChallengeView> {
  const known = await knownCaller(desk, caller);
  const challenge = await readChallenge(desk, challengeId);
  const { outsideParty } = known.caller.actor;
  if (outsideParty !== undefined && challenge.openedBy.outsideParty !== outsideParty) {
    throw notFound('challenge', challengeId);
  }
  return challengeView(challengeId, challenge, desk.clock.now());
}

async function readChallenge({ ledger }: ServiceDesk, challengeId: string): Promise<Challenge> {
  const challenge = foldChallenge(await ledger.chain(subjects.challenge(challengeId)));
  if (challenge === undefined) throw notFound('challenge', challengeId);
  return challenge;
}

function noFinding(credentialId: string, rule: string, step: string): JanitorError {
  return new JanitorError(`rule "${rule}" has no step ${step} announced or planned for ${credentialId}`, {
    code: 'finding-not-found',
    source: 'user',
    hint: `"janitor explain ${credentialId}" says what is about to happen to it.`,
  });
}
