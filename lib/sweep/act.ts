import { type ActingClients, type ChangeRequest, drivenRotationOf, prepareChange } from '../actions/index.ts';
import type { Plan } from '../domain/account-chains.ts';
import type { Credential } from '../domain/credential.ts';
import type { EventDraft, Scope } from '../domain/event.ts';
import type { CredentialHistory } from '../domain/history.ts';
import { isDestructive } from '../domain/step.ts';
import { earliest, type Instant, MINUTE_MS, plus } from '../domain/time.ts';
import type { Refusal } from '../domain/verdict.ts';
import { rereadCredential } from '../inventory/index.ts';
import { secretShapeWithin } from '../ledger/index.ts';
import { readAnew } from './append.ts';
import type { Candidate } from './candidate.ts';
import { type Caps, type Claim, claimSlot } from './caps.ts';
import { abandon, attempt, type ChangeOutcome, type OpenChange } from './change.ts';
import type { ActingContext } from './context.ts';
import { recordable, ruleFields } from './draft.ts';
import { evidence, firstRefusal, stillDue } from './guards.ts';
import { readPlans } from './plans.ts';
import { claimRotation } from './rotation/pace.ts';
import { startRotation } from './rotation/start.ts';
import { readRotationsStopped } from './rotation/stop.ts';
import { type Run, readActiveHash, readHalts } from './run.ts';
import { situationOf } from './situation.ts';

/** An intent is good for this long: enough for the reads between it and the act, short enough to settle soon. */
const INTENT_MS = MINUTE_MS;

const UNRECONCILED = 'the outcome of the change before it is not known yet; the next sweep looks again';

const UNRECORDABLE = 'a name or policy in this change cannot be recorded, so it is not made: it looks like';

/** Held: nothing was begun. Otherwise there was an intent and this is its outcome. */
export type ActResult =
  | ChangeOutcome
  | { readonly outcome: 'held'; readonly refusal: Refusal; readonly history: CredentialHistory };

/**
 * The step of one credential, from the guards to the recorded outcome, with at most one attempt. Order matters:
 * guards on what is known, the exact change, a slot under the caps, the durable intent, guards on what is read
 * anew, the act, a look at AWS, the outcome (I1, I2, I5, I7, I21).
 */
export async function act(
  context: ActingContext,
  run: Run,
  caps: Caps,
  candidate: Candidate,
): Promise<ActResult> {
  const { history } = candidate;
  if (history.openIntent !== undefined) return held(history, 'unreconciled', UNRECONCILED);
  const early = firstRefusal(situationOf(context, run, placeOf(candidate), { finding: candidate.finding }));
  if (early !== undefined) return { outcome: 'held', refusal: early, history };
  if (context.acting === undefined) return held(history, 'observe-only', 'this process may only read');

  const acting = await context.acting(candidate.step, candidate.credential, candidate.rotation?.secretId);
  if (!acting.ok) return held(history, acting.code, acting.reason);
  const prepared = await prepareChange(acting.clients, requestFor(candidate));
  if (!prepared.ok) return held(history, prepared.code, prepared.reason);
  const shape = secretShapeWithin(prepared.scope);
  if (shape !== undefined) return held(history, 'secret-shaped', `${UNRECORDABLE} ${shape}`);

  if (drivenRotationOf(prepared.scope) !== undefined && context.rotateKey === undefined)
    return held(history, 'rotation-not-offered', 'this process cannot walk the steps of a rotation');
  const claim = await claimFor(context, caps, candidate, run);
  if (claim?.ok === false) return { outcome: 'held', refusal: claim.refusal, history };

  await run.lease.keep();
  const actBefore = earliest(plus(context.clock.now(), INTENT_MS), run.lease.until);
  const draft = intentOf(context, run, candidate, prepared.scope, actBefore, claim?.slot);
  const intent = await context.record.append(candidate.credential.id, history, draft);
  if (!intent.ok) {
    const newest = await readAnew(context.record, candidate.credential.id);
    return held(
      newest,
      'changed-meanwhile',
      'its chain gained an event meanwhile; the next sweep judges it again',
    );
  }
  const open: OpenChange = {
    credentialId: candidate.credential.id,
    change: candidate.step,
    scope: prepared.scope,
    intent: intent.event,
  };
  return finish(context, run, acting.clients, candidate, open, { history: intent.history, actBefore });
}

async function finish(
  context: ActingContext,
  run: Run,
  acting: ActingClients,
  candidate: Candidate,
  open: OpenChange,
  { history, actBefore }: { readonly history: CredentialHistory; readonly actBefore: Instant },
): Promise<ChangeOutcome> {
  const refusal = await lastRefusal(context, run, candidate, open, actBefore);
  if (refusal !== undefined) return abandon(context, open, history, refusal);
  if (candidate.step === 'rotate') return startRotation(context, acting, candidate, open, history);
  return attempt(context, acting, open, history);
}

/**
 * After the intent: halts, the active policy version, the plan, the chain and the facts are read again, strongly, and
 * every guard speaks once more.
 */
async function lastRefusal(
  context: ActingContext,
  run: Run,
  candidate: Candidate,
  { intent }: OpenChange,
  actBefore: Instant,
): Promise<Refusal | undefined> {
  const [halts, stopped, activeHash, plan, chain, fresh, leaseOurs] = await Promise.all([
    readHalts(context),
    candidate.step === 'rotate' ? readRotationsStopped(context, context.accountId) : undefined,
    readActiveHash(context),
    planAnew(context, candidate.plan),
    context.record.read(candidate.credential.id),
    rereadCredential(context.clients, candidate.credential, context.clock.now()),
    run.lease.isOurs(),
  ]);
  const { openIntent, ...settled } = chain;
  if (openIntent?.seq !== intent.seq) {
    return { code: 'changed-meanwhile', reason: 'the intent is no longer the open one on the chain' };
  }
  const judgement =
    fresh.found === true
      ? context.judge({ credential: fresh.credential, history: settled, now: context.clock.now() })
      : undefined;
  const refusal = firstRefusal(
    situationOf(
      context,
      { ...run, activeHash },
      { ...placeOf(candidate), plan },
      {
        finding: judgement?.findings.find((finding) => finding.rule === candidate.finding.rule),
        unread: fresh.found === 'unknown' ? fresh.reason : undefined,
        halts,
        rotationsStopped: stopped ?? null,
        leaseOurs,
        actBefore,
      },
    ),
  );
  const lost = fresh.found === true ? lostFact(candidate.credential, fresh.credential) : undefined;
  return refusal?.code === stillDue.code && lost !== undefined
    ? { code: evidence.code, reason: `the facts could not be read again: ${lost}` }
    : refusal;
}

/** The plan a step rests on as it stands now: people may have rejected it since, or an item may have left it. */
async function planAnew(context: ActingContext, plan: Plan | undefined): Promise<Plan | undefined> {
  if (plan === undefined) return undefined;
  return (await readPlans(context, context.accountId)).find((each) => each.planId === plan.planId);
}

/** A fact that was known when the step was judged and cannot be read now: that refutes nothing, it is only unread. */
function lostFact(judged: Credential, fresh: Credential): string | undefined {
  const before = new Map(Object.entries(judged.facts));
  for (const [name, fact] of Object.entries(fresh.facts)) {
    const was = before.get(name);
    if (was !== undefined && 'value' in was && fact !== undefined && 'unknown' in fact)
      return `${name}: ${fact.unknown}`;
  }
  return undefined;
}

function placeOf({ credential, finding, step, plan }: Candidate) {
  return { credentialId: credential.id, kind: credential.kind, rule: finding.rule, step, plan };
}

function held(history: CredentialHistory, code: string, reason: string): ActResult {
  return { outcome: 'held', refusal: { code, reason }, history };
}

/** Undefined: nothing limits such a step. */
async function claimFor(
  context: ActingContext,
  caps: Caps,
  candidate: Candidate,
  { sweepId }: Run,
): Promise<Claim | undefined> {
  if (candidate.step === 'rotate') return claimRotation(context, { ...candidate, sweepId });
  if (isDestructive(candidate.step)) return claimSlot(context, caps, { ...candidate, sweepId });
  return undefined;
}

function requestFor({ step, credential, judgement, obsolete, rotation }: Candidate): ChangeRequest {
  switch (step) {
    case 'tag':
      return { change: 'tag', credential, labels: judgement.labels, obsolete: [...obsolete] };
    case 'rotate':
      return { change: 'rotate', credential, rotationId: '', ...rotation };
    case 'disable':
      return { change: 'disable', credential };
    case 'delete':
      return { change: 'delete', credential };
  }
}

function intentOf(
  context: ActingContext,
  run: Run,
  { finding, step, plan }: Candidate,
  scope: Scope,
  actBefore: Instant,
  capSlot: number | undefined,
): EventDraft {
  return {
    ...ruleFields(context, finding),
    type: 'step.intended',
    scope,
    reason: finding.reasons.map(recordable).join('; '),
    expiresAt: actBefore,
    ...(plan === undefined ? {} : { approvals: [...plan.approvals] }),
    data: {
      change: step,
      tier: finding.tier ?? 'routine',
      sweepId: run.sweepId,
      actBefore,
      ...(plan === undefined ? {} : { planId: plan.planId }),
      ...(capSlot === undefined ? {} : { capSlot }),
    },
  };
}
