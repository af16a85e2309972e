import type { Plan } from '../domain/account-chains.ts';
import { planState } from '../domain/account-chains.ts';
import { ASKED_FOR } from '../domain/asked-for.ts';
import type { LedgerEvent } from '../domain/event.ts';
import type { PlanItem } from '../domain/event-data.ts';
import { isKnown } from '../domain/fact.ts';
import type { Refusal } from '../domain/verdict.ts';
import { type ActResult, act } from './act.ts';
import { afterStep } from './after-step.ts';
import type { Candidate } from './candidate.ts';
import type { Candidates } from './candidates.ts';
import type { Caps } from './caps.ts';
import type { SweepContext } from './context.ts';
import { firstRefusal, stillDue } from './guards.ts';
import { dropItem, freeze } from './plans.ts';
import type { Judged } from './read-account.ts';
import type { FrozenPlanSummary, Progress } from './result.ts';
import { isBlocking, recordBlocked } from './rotation/block.ts';
import { rotationOf } from './rotation/ready.ts';
import { type abandonedRotations, resumeRotation } from './rotation/resume.ts';
import type { StoreRegister } from './rotation/stores.ts';
import type { Run } from './run.ts';
import { situationOf } from './situation.ts';

export interface ActingPass {
  readonly candidates: Candidates;
  /** Rotations that were interrupted, to be brought to their end. */
  readonly abandoned: ReturnType<typeof abandonedRotations>;
  readonly stores: StoreRegister;
  readonly caps: Caps;
  /** Judged credentials by id; histories in it are brought up to date as steps happen. */
  readonly work: Map<string, Judged>;
  /** Asked between two steps; false stops the pass there. */
  readonly mayGoOn?: (() => boolean) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface PassOutcome {
  /** Plans frozen by this pass; none when it was stopped, because what waits for people is frozen as a whole. */
  readonly plans: readonly FrozenPlanSummary[];
  readonly stopped: boolean;
}

/**
 * Acts on what is due. Guards for all candidates come first, so that what waits for people is frozen into plans as
 * a whole; then one step after the other. Over a cap all remaining routine steps wait for approval, too.
 */
export async function actOnCandidates(
  context: SweepContext,
  run: Run,
  pass: ActingPass,
): Promise<PassOutcome> {
  if (!(await tagAll(context, run, pass))) return STOPPED;

  const rotating = await rotateAll(context, run, pass);
  if (rotating === undefined) return STOPPED;
  const waiting: Candidate[] = [...rotating];
  const overCap: Candidate[] = [];
  let done = 0;
  for (const candidate of pass.candidates.destructive) {
    if (mustStop(pass)) return STOPPED;
    const refusal = refusalBefore(context, run, candidate);
    if (refusal?.code === 'not-approved' && candidate.plan === undefined) waiting.push(candidate);
    else if (refusal !== undefined) holdCandidate(run, candidate, refusal);
    else if (overCap.length > 0 && candidate.plan === undefined) overCap.push(candidate);
    else if (await isOverCap(context, run, pass, candidate)) overCap.push(candidate);
    done += 1;
    pass.onProgress?.({ phase: 'acting', done, total: pass.candidates.destructive.length });
  }
  const plans = [
    ...(await freezeHolding(context, run, waiting, 'tier')),
    ...(await freezeHolding(context, run, overCap, 'cap')),
  ];
  return { plans, stopped: false };
}

const STOPPED: PassOutcome = { plans: [], stopped: true };

/** False when it was stopped. */
async function tagAll(context: SweepContext, run: Run, pass: ActingPass): Promise<boolean> {
  for (const tag of pass.candidates.tags) {
    if (mustStop(pass)) return false;
    await step(context, run, pass, tag);
  }
  return true;
}

/** What waits for approval, or undefined when it was stopped. */
async function rotateAll(
  context: SweepContext,
  run: Run,
  pass: ActingPass,
): Promise<Candidate[] | undefined> {
  for (const abandoned of pass.abandoned) {
    if (mustStop(pass)) return undefined;
    const history = await resumeRotation(context, run, abandoned);
    const before = pass.work.get(abandoned.credentialId);
    if (before !== undefined && history !== undefined)
      pass.work.set(abandoned.credentialId, { ...before, history });
  }
  const waiting: Candidate[] = [];
  for (const candidate of pass.candidates.rotations) {
    if (mustStop(pass)) return undefined;
    const refusal = refusalBefore(context, run, candidate);
    if (refusal?.code === 'not-approved' && candidate.plan === undefined) waiting.push(candidate);
    else if (refusal !== undefined) holdCandidate(run, candidate, refusal);
    else await rotateOne(context, run, pass, candidate);
  }
  return waiting;
}

/** The reason why one cannot begin is recorded, so that its owner is told in the same sweep. */
async function rotateOne(
  context: SweepContext,
  run: Run,
  pass: ActingPass,
  candidate: Candidate,
): Promise<void> {
  const { credential, finding } = candidate;
  const before = pass.work.get(credential.id) ?? candidate;
  const refusal = await begun(context, run, pass, { ...candidate, history: before.history });
  if (refusal === undefined || !isBlocking(refusal)) return;
  const { history } = pass.work.get(credential.id) ?? before;
  const blocked = await recordBlocked(context, credential.id, history, finding, refusal);
  pass.work.set(credential.id, { ...before, history: blocked });
}

/** Begins a rotation; returns what holds it, if something does. */
async function begun(
  context: SweepContext,
  run: Run,
  pass: ActingPass,
  candidate: Candidate,
): Promise<Refusal | undefined> {
  const rotation = rotationOf(context, run, pass.stores, candidate);
  if ('code' in rotation) {
    holdCandidate(run, candidate, rotation);
    return rotation;
  }
  const result = await step(context, run, pass, { ...candidate, rotation });
  return result.outcome === 'held' ? result.refusal : undefined;
}

function mustStop({ mayGoOn }: ActingPass): boolean {
  return mayGoOn?.() === false;
}

/** Destructive steps that would run now, if the caps allow them: what an account asks of the organisation. */
export function demandOf(context: SweepContext, run: Run, { destructive }: Candidates): number {
  return destructive.filter((candidate) => refusalBefore(context, run, candidate) === undefined).length;
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
  const before = pass.work.get(credentialId) ?? candidate;
  const result = await act(context, run, pass.caps, { ...candidate, history: before.history });
  pass.work.set(credentialId, await afterStep(context, candidate, before, result));
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

/**
 * Items of open plans whose credential is judged otherwise now leave the plan; unknown ones stay. Returns the plans as
 * they are then, so that the same sweep can freeze anew what is still due (I6).
 */
export async function dropUndue(
  context: SweepContext,
  plans: readonly Plan[],
  work: ReadonlyMap<string, Judged>,
): Promise<Plan[]> {
  const now = context.clock.now();
  const current: Plan[] = [];
  for (const plan of plans) {
    const state = planState(plan, now);
    const isOpen = state === 'pending' || state === 'approved';
    const items: PlanItem[] = [];
    for (const item of plan.items) {
      const reason = isOpen ? whyUndue(work, item) : undefined;
      if (reason === undefined) items.push(item);
      else await dropItem(context, plan, item, reason);
    }
    current.push({ ...plan, items });
  }
  return current;
}

function whyUndue(work: ReadonlyMap<string, Judged>, item: PlanItem): string | undefined {
  // What somebody asked for rests on no rule; it lapses with its plan.
  if (item.rule === ASKED_FOR) return undefined;
  const judged = work.get(item.credentialId);
  if (judged === undefined || judged.history.deleted !== undefined) return undefined;
  const doneSteps = judged.history.findings[item.rule]?.done.map((done) => done.step) ?? [];
  if (doneSteps.includes(item.step)) return undefined;
  const finding = judged.judgement.findings.find((candidate) => candidate.rule === item.rule);
  if (finding?.matches === 'unknown' || !isKnown(judged.credential.facts.tags)) return undefined;
  if (finding === undefined) return `Rule ${item.rule} no longer matches.`;
  if (finding.ruleHash !== item.ruleHash) return 'The rule changed since the plan was frozen.';
  return finding.step === item.step ? undefined : `Its next step is now ${finding.step ?? 'none'}.`;
}
