import { type Challenge, challengeState } from '../domain/challenge.ts';
import { JanitorError } from '../domain/error.ts';
import { type Exception, exceptionState } from '../domain/exception.ts';
import type { OpenIntent } from '../domain/history.ts';
import { type HoldRef, holdsAt, sameRef } from '../domain/hold.ts';
import type { Request } from '../domain/request.ts';
import { STEP_KINDS } from '../domain/step.ts';
import { DAY_MS, plus } from '../domain/time.ts';
import type { Policy } from '../policy/index.ts';
import { type HoldContext, liftHolds, type PlacedHold, placeHold, placeHoldWhile } from './hold.ts';

/**
 * What people asked for takes effect as holds on the chain of the credential, where guards look (I21). Each function here
 * brings the holds in line with where its exception, challenge or request stands; repeated, it converges (I6).
 *
 * The order that leaves no gap whatever crashes: the hold is placed before the exception becomes active, and lifted after
 * its end is recorded. A crash between the two leaves a hold too many, never one too few: the next sweep looks at the
 * exception again and lifts it, or the same call does when it is repeated.
 */
export interface HoldEffect {
  readonly placed: readonly string[];
  readonly lifted: readonly string[];
  /** An act that was under way before, and that a hold may come too late for (I21). */
  readonly openIntent?: OpenIntent;
}

/** What a challenge still forbids once the time for deciding it is over ends with its finding, or after this (G4). */
const CHALLENGE_BOUND_MS = 3_650 * DAY_MS;

/**
 * `takeEffect` of an exception that begins, and what its revocation, renewal and expiry do on the credential. The hold of
 * one that gave way stays until the one that follows has its own; when none ever follows, the next sweep finds out.
 */
export async function holdForException(
  context: HoldContext,
  exceptionId: string,
  exception: Exception,
): Promise<HoldEffect> {
  const { scope, reason, endsAt: until, renews, end } = exception;
  const { credentialId, rules } = scope;
  const ref: HoldRef = { kind: 'exception', id: exceptionId };
  const state = exceptionState(exception, context.clock.now());
  if (state === 'renewed' && !(await isFollowed(context, exception))) return effectOf([]);
  if (state === 'expired' || state === 'revoked' || state === 'renewed') {
    const why = end?.reason === undefined ? '' : `: ${end.reason}`;
    return lifting(context, credentialId, ref, `exception ${exceptionId} is ${state}${why}`);
  }
  const placed = await placeHold(context, credentialId, { kind: 'exception', reason, until, rules, ref });
  if (renews === undefined) return effectOf([placed]);
  const before: HoldRef = { kind: 'exception', id: renews };
  const { lifted } = await lifting(context, credentialId, before, `exception ${exceptionId} follows it`);
  return { ...effectOf([placed]), lifted };
}

async function isFollowed({ record, clock }: HoldContext, { scope, end }: Exception): Promise<boolean> {
  const next: HoldRef = { kind: 'exception', id: end?.renewedBy ?? '' };
  const history = await record.read(scope.credentialId);
  return holdsAt(history, clock.now()).some(({ ref }) => sameRef(ref, next));
}

/**
 * What a challenge to a step leaves of the steps of its rule: while it is open only telling, until it is to be decided;
 * upheld, only telling, as long as the finding is open; dismissed, everything; undecided, everything but deleting (I18).
 * The hold on deleting is placed with the first, so that nobody has to come when the time is over. A challenge to an
 * exception holds nothing: see `holdForException` for what becomes of that.
 */
export async function holdForChallenge(
  context: HoldContext,
  challengeId: string,
  challenge: Challenge,
): Promise<HoldEffect> {
  const { target, reason, decideBy } = challenge;
  if (target.kind === 'exception') return effectOf([]);
  const { credentialId, rule, findingOpenedAt } = target;
  const ref: HoldRef = { kind: 'challenge', id: challengeId };
  const state = challengeState(challenge, context.clock.now());
  if (state === 'dismissed')
    return lifting(context, credentialId, ref, `challenge ${challengeId} was dismissed`);
  const bound = plus(decideBy, CHALLENGE_BOUND_MS);
  const changing = STEP_KINDS.filter((step) => step !== 'notify');
  const wanted = {
    open: [
      { steps: changing, until: decideBy },
      { steps: ['delete'], until: bound },
    ],
    upheld: [{ steps: changing, until: bound }],
    undecided: [{ steps: ['delete'], until: bound }],
  } as const;
  const placed: PlacedHold[] = [];
  for (const hold of wanted[state]) {
    const one = await placeHoldWhile(
      context,
      credentialId,
      { kind: 'challenge', reason, rules: [rule], ref, ...hold },
      ({ findings }) => findings[rule]?.openedAt === findingOpenedAt,
    );
    if (one !== undefined) placed.push(one);
  }
  return effectOf(placed);
}

/** `outcome` names the hold; `rule-changed`: the rule is not the one whose step was to be left out. */
export type OverrideOutcome =
  | { readonly ok: true; readonly outcome: string; readonly openIntent?: OpenIntent }
  | { readonly ok: false; readonly code: 'rule-changed'; readonly reason: string };

/** What an approved policy override does: one step of one rule is not taken on one credential until the request ends. */
export async function holdForOverride(
  context: HoldContext & { readonly policy: Pick<Policy, 'hash' | 'document' | 'ruleHash'> },
  requestId: string,
  { content: { ask, reason, endsAt: until } }: Pick<Request, 'content'>,
): Promise<OverrideOutcome> {
  if (ask.kind !== 'policy-override') throw noOverride(requestId, ask.kind);
  const { credentialId, rule, ruleHash, step } = ask;
  const { policy } = context;
  if (!policy.document.rules.some(({ id }) => id === rule) || policy.ruleHash(rule) !== ruleHash) {
    const changed = `rule ${rule} is not what it was when this was asked; ask again`;
    return { ok: false, code: 'rule-changed', reason: changed };
  }
  const ref: HoldRef = { kind: 'request', id: requestId };
  const hold = { kind: 'override', reason, until, rules: [rule], steps: [step], ref } as const;
  const { holdId, openIntent } = await placeHold(context, credentialId, hold);
  const told = openIntent === undefined ? {} : { openIntent };
  return { ok: true, outcome: `${holdId} on ${credentialId}`, ...told };
}

async function lifting(
  context: HoldContext,
  credentialId: string,
  ref: HoldRef,
  reason: string,
): Promise<HoldEffect> {
  return { placed: [], lifted: await liftHolds(context, credentialId, { ref, reason }) };
}

function effectOf(placed: readonly PlacedHold[]): HoldEffect {
  const openIntent = placed.findLast((each) => each.openIntent !== undefined)?.openIntent;
  const told = openIntent === undefined ? {} : { openIntent };
  return { placed: placed.map(({ holdId }) => holdId), lifted: [], ...told };
}

function noOverride(requestId: string, kind: string): JanitorError {
  return new JanitorError(`request ${requestId} is of kind ${kind} and overrides nothing`, {
    code: 'not-an-override',
    source: 'system',
    hint: 'Run `janitor ledger verify`: what was approved does not fit what is recorded.',
  });
}
