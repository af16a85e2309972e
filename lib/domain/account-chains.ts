import type { Actor } from './actor.ts';
import { sameActor } from './actor.ts';
import type { LedgerEvent } from './event.ts';
import type { PlanItem } from './event-data.ts';
import { isDestructive, type Tier } from './step.ts';
import { DAY_MS, elapsed, type Instant } from './time.ts';

/** A frozen plan and where it stands. What runs is a subset of what was approved; nothing is added (G10). */
export interface Plan {
  readonly planId: string;
  readonly planHash: string;
  readonly accountId: string;
  readonly tier: Tier;
  readonly frozenAt: Instant;
  readonly frozenBy: Actor;
  readonly lapsesAt: Instant;
  readonly policyHash: string;
  readonly approvalsNeeded: number;
  readonly approverGroup: string;
  readonly items: readonly PlanItem[];
  readonly approvals: readonly { readonly actor: Actor; readonly at: Instant }[];
  readonly rejectedBy?: Actor;
  readonly lapsed: boolean;
}

export type PlanState = 'pending' | 'approved' | 'rejected' | 'lapsed';

/** Where a plan stands at an instant: an end by clock needs no event to be true (I14). */
export function planState(plan: Plan, now: Instant): PlanState {
  if (plan.rejectedBy !== undefined) return 'rejected';
  if (plan.lapsed || now >= plan.lapsesAt) return 'lapsed';
  return plan.approvals.length >= plan.approvalsNeeded ? 'approved' : 'pending';
}

/** Folds `plans#<account>`. An approval by somebody who approved before, or of another hash, does not count. */
export function foldPlans(events: readonly LedgerEvent[]): Plan[] {
  const plans = new Map<string, Plan>();
  for (const event of events) applyPlanEvent(plans, event);
  return [...plans.values()];
}

function applyPlanEvent(plans: Map<string, Plan>, event: LedgerEvent): void {
  if (event.type === 'plan.frozen') {
    plans.set(event.data.planId, frozen(event));
    return;
  }
  const plan = 'planId' in event.data ? plans.get(event.data.planId ?? '') : undefined;
  if (plan === undefined) return;
  plans.set(plan.planId, changedPlan(plan, event));
}

function frozen(event: Extract<LedgerEvent, { type: 'plan.frozen' }>): Plan {
  const { planId, accountId, tier, approvalsNeeded, approverGroup, items } = event.data;
  return {
    planId,
    planHash: event.hash,
    accountId,
    tier,
    frozenAt: event.at,
    frozenBy: event.actor,
    lapsesAt: event.expiresAt ?? event.at,
    policyHash: event.policyHash ?? '',
    approvalsNeeded,
    approverGroup,
    items,
    approvals: [],
    lapsed: false,
  };
}

function changedPlan(plan: Plan, event: LedgerEvent): Plan {
  switch (event.type) {
    case 'plan.approved': {
      const repeated = plan.approvals.some((approval) => sameActor(approval.actor, event.actor));
      if (repeated || event.data.planHash !== plan.planHash) return plan;
      return { ...plan, approvals: [...plan.approvals, { actor: event.actor, at: event.at }] };
    }
    case 'plan.rejected':
      return { ...plan, rejectedBy: event.actor };
    case 'plan.lapsed':
      return { ...plan, lapsed: true };
    case 'plan.item-dropped': {
      const { credentialId, rule, step } = event.data;
      const items = plan.items.filter(
        (i) => i.credentialId !== credentialId || i.rule !== rule || i.step !== step,
      );
      return { ...plan, items };
    }
    default:
      return plan;
  }
}

/** A halt in force: `target` is `all`, `account:<id>` or `rule:<id>`. */
export interface Halt {
  readonly haltId: string;
  readonly target: string;
  readonly by: Actor;
  readonly at: Instant;
  readonly reason: string;
}

export function foldHalts(events: readonly LedgerEvent[]): Halt[] {
  const halts = new Map<string, Halt>();
  for (const event of events) {
    if (event.type === 'halt.lifted') halts.delete(event.data.haltId);
    if (event.type === 'halt.placed') {
      const { haltId, target } = event.data;
      halts.set(haltId, { haltId, target, by: event.actor, at: event.at, reason: event.reason ?? '' });
    }
  }
  return [...halts.values()];
}

/** The halt that stops this rule in this account, if any. */
export function haltFor(halts: readonly Halt[], accountId: string, rule: string): Halt | undefined {
  const targets = ['all', `account:${accountId}`, `rule:${rule}`];
  return halts.find((halt) => targets.includes(halt.target));
}

/** Who holds an account's lease, by the newest event of `lease#<account>`. */
export interface Lease {
  readonly holder: string;
  readonly takenAt: Instant;
  readonly until: Instant;
}

export function foldLease(newest: LedgerEvent | undefined): Lease | undefined {
  if (newest?.type !== 'lease.taken' && newest?.type !== 'lease.renewed') return undefined;
  return { holder: newest.data.holder, takenAt: newest.at, until: newest.data.until };
}

/** Slots of destructive steps claimed within the 24 hours before `now`, by kind and in all (I5). */
export function claimedWithinDay(
  events: readonly LedgerEvent[],
  now: Instant,
): { readonly all: number; readonly byKind: Readonly<Record<string, number>> } {
  const byKind: Record<string, number> = {};
  let all = 0;
  for (const event of events) {
    if (event.type !== 'slot.claimed' || elapsed(event.at, now) >= DAY_MS) continue;
    if (!isDestructive(event.data.step)) continue;
    all += 1;
    byKind[event.data.kind] = (byKind[event.data.kind] ?? 0) + 1;
  }
  return { all, byKind };
}

/** Credentials whose rotation claimed a slot within the 24 hours before `now`, each once. */
export function rotationsWithinDay(events: readonly LedgerEvent[], now: Instant): string[] {
  const begun = events.flatMap((event) =>
    event.type === 'slot.claimed' && event.data.step === 'rotate' && elapsed(event.at, now) < DAY_MS
      ? [event.data.credentialId]
      : [],
  );
  return [...new Set(begun)];
}

/** A policy version that somebody proposed under the one active then. */
export interface Proposal {
  readonly by: Actor;
  readonly at: Instant;
  readonly needed: number;
  readonly approvals: readonly Actor[];
  /** Without its quorum by then it counts for nothing; chains older than this have proposals without an end. */
  readonly lapsesAt?: Instant;
}

/** Which policy version may act, and what was proposed since. */
export interface Activation {
  readonly active?: { readonly hash: string; readonly at: Instant; readonly approvers: readonly Actor[] };
  /** By hash, lapsed ones included: see `proposalAt`. */
  readonly proposals: Readonly<Record<string, Proposal>>;
}

/** The proposal of a version as it counts at an instant: a lapse needs no event to be true (I14). */
export function proposalAt(
  { proposals }: Pick<Activation, 'proposals'>,
  hash: string,
  now: Instant,
): Proposal | undefined {
  const proposal = proposals[hash];
  if (proposal?.lapsesAt === undefined || proposal.approvals.length >= proposal.needed) return proposal;
  return now < proposal.lapsesAt ? proposal : undefined;
}

export function foldActivation(events: readonly LedgerEvent[]): Activation {
  return events.reduce(applyActivation, { proposals: {} });
}

function applyActivation(activation: Activation, event: LedgerEvent): Activation {
  if (event.type === 'policy.proposed') {
    const proposal = {
      by: event.actor,
      at: event.at,
      needed: event.data.approvalsNeeded,
      approvals: [],
      ...(event.expiresAt === undefined ? {} : { lapsesAt: event.expiresAt }),
    };
    return { ...activation, proposals: { ...activation.proposals, [event.data.hash]: proposal } };
  }
  if (event.type === 'policy.approved') return approvedProposal(activation, event.data.hash, event);
  if (event.type === 'policy.activated') {
    const approvers = (event.approvals ?? []).map((approval) => approval.actor);
    return { active: { hash: event.data.hash, at: event.at, approvers }, proposals: {} };
  }
  return activation;
}

function approvedProposal(
  activation: Activation,
  hash: string,
  { actor, at }: Pick<LedgerEvent, 'actor' | 'at'>,
): Activation {
  const proposal = proposalAt(activation, hash, at);
  if (proposal === undefined || proposal.approvals.some((a) => sameActor(a, actor))) return activation;
  const changed = { ...proposal, approvals: [...proposal.approvals, actor] };
  return { ...activation, proposals: { ...activation.proposals, [hash]: changed } };
}
