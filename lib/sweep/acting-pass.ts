import type { Plan } from '../domain/account-chains.ts';
import { planState } from '../domain/account-chains.ts';
import type { LedgerEvent } from '../domain/event.ts';
import { isKnown } from '../domain/fact.ts';
import type { Refusal } from '../domain/verdict.ts';
import { type ActResult, act, type Candidate } from './act.ts';
import { afterTagging } from './after-tagging.ts';
import type { Candidates } from './candidates.ts';
import type { Caps } from './caps.ts';
import type { SweepContext } from './context.ts';
import { firstRefusal, stillDue } from './guards.ts';
import { dropItem, freeze } from './plans.ts';
import type { Judged } from './read-account.ts';
import type { FrozenPlanSummary, Progress } from './result.ts';
import type { Run } from './run.ts';
import { situationOf } from './situation.ts';

export interface ActingPass {
  readonly candidates: Candidates;
  readonly plans: readonly Plan[];
  readonly caps: Caps;
  /** Judged credentials by id; histories in it are brought up to date as steps happen. */
  readonly work: Map<string, Judged>;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Acts on what is due. Guards for all candidates come first, so that what waits for people is frozen into plans as
 * a whole; then one step after the other. Over a cap all remaining routine steps wait for approval, too.
 */
export async function actOnCandidates(
  context: SweepContext,
  run: Run,
  pass: ActingPass,
): Promise<FrozenPlanSummary[]> {
  for (const tag of pass.candidates.tags) await step(context, run, pass, tag);

  const waiting: Candidate[] = [];
  const overCap: Candidate[] = [];
  let done = 0;
  for (const candidate of pass.candidates.destructive) {
    const refusal = refusalBefore(context, run, candidate);
    if (refusal?.code === 'not-approved' && candidate.plan === undefined) waiting.push(candidate);
    else if (refusal !== undefined) holdCandidate(run, candidate, refusal);
    else if (overCap.length > 0 && candidate.plan === undefined) overCap.push(candidate);
    else if (await isOverCap(context, run, pass, candidate)) overCap.push(candidate);
    done += 1;
    pass.onProgress?.({ phase: 'acting', done, total: pass.candidates.destructive.length });
  }
  await dropUndue(context, pass);
  return [
    ...(await freezeHolding(context, run, waiting, 'tier')),
    ...(await freezeHolding(context, run, overCap, 'cap')),
  ];
}

function refusalBefore(context: SweepContext, run: Run, candidate: Candidate): Refusal | undefined {
  const place = {
    ...placeOf(candidate),
    kind: candidate.credential.kind,
    plan: candidate.plan,
  };
  return firstRefusal(situationOf(context, run, place, { finding: candidate.finding }));
}

/** Runs the step; true when a cap stopped one that no plan covers yet. */
async function isOverCap(
  context: SweepContext,
  run: Run,
  pass: ActingPass,
  candidate: Candidate,
): Promise<boolean> {
  const result = await step(context, run, pass, candidate);
  return result.outcome === 'held' && result.refusal.code === 'cap-reached' && candidate.plan === undefined;
}

async function step(
  context: SweepContext,
  run: Run,
  pass: ActingPass,
  candidate: Candidate,
): Promise<ActResult> {
  const credentialId = candidate.credential.id;
  const { credential, judgement } = candidate;
  const history = pass.work.get(credentialId)?.history ?? candidate.history;
  const result = await act(context, run, pass.caps, { ...candidate, history });
  const after = { credential, judgement, history: result.history };
  const tagged = candidate.step === 'tag' && result.outcome === 'done';
  pass.work.set(credentialId, tagged ? await afterTagging(context, candidate, after) : after);
  if (result.outcome === 'held') {
    if (result.refusal.code !== 'cap-reached' || candidate.plan !== undefined)
      holdCandidate(run, candidate, result.refusal);
    return result;
  }
  const { outcome, event, reason } = result;
  run.actions.push({
    credentialId,
    step: candidate.step,
    rule: candidate.finding.rule,
    outcome,
    eventId: event.id,
    reason,
  });
  if (isRefuted(event) && candidate.plan !== undefined) {
    await dropItem(context, candidate.plan, placeOf(candidate), `Abandoned: ${reason}`);
  }
  return result;
}

/** Newer facts refuted what was approved; other refusals (a halt, a lost lease) leave the approval standing. */
function isRefuted(event: LedgerEvent): boolean {
  return event.type === 'step.abandoned' && event.data.guard === stillDue.code;
}

function holdCandidate(run: Run, candidate: Candidate, refusal: Refusal): void {
  run.held.push({ ...placeOf(candidate), ...refusal });
}

function placeOf({ credential, finding, step }: Candidate) {
  return { credentialId: credential.id, rule: finding.rule, step };
}

async function freezeHolding(
  context: SweepContext,
  run: Run,
  candidates: readonly Candidate[],
  because: 'tier' | 'cap',
): Promise<FrozenPlanSummary[]> {
  if (candidates.length === 0) return [];
  const plans = await freeze(context, candidates, because);
  const names = plans.map((plan) => plan.planId).join(', ');
  for (const candidate of candidates) {
    holdCandidate(run, candidate, { code: 'awaiting-approval', reason: `frozen into ${names}` });
  }
  return plans;
}

/** Items of open plans whose credential is judged otherwise now leave the plan; unknown ones stay. */
async function dropUndue(context: SweepContext, pass: ActingPass): Promise<void> {
  const now = context.clock.now();
  for (const plan of pass.plans) {
    const state = planState(plan, now);
    if (state !== 'pending' && state !== 'approved') continue;
    for (const item of plan.items) {
      const reason = whyUndue(pass, item);
      if (reason !== undefined) await dropItem(context, plan, item, reason);
    }
  }
}

function whyUndue(pass: ActingPass, item: Plan['items'][number]): string | undefined {
  const judged = pass.work.get(item.credentialId);
  if (judged === undefined) return undefined;
  const doneSteps = judged.history.findings[item.rule]?.done.map((done) => done.step) ?? [];
  if (doneSteps.includes(item.step === 'delete' ? 'delete' : 'disable')) return undefined;
  const finding = judged.judgement.findings.find((candidate) => candidate.rule === item.rule);
  if (finding?.matches === 'unknown' || !isKnown(judged.credential.facts.tags)) return undefined;
  if (finding === undefined) return `Rule ${item.rule} no longer matches.`;
  if (finding.ruleHash !== item.ruleHash) return 'The rule changed since the plan was frozen.';
  return finding.step === item.step ? undefined : `Its next step is now ${finding.step ?? 'none'}.`;
}
