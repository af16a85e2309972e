import { type Halt, haltFor, type Plan, planState } from '../domain/account-chains.ts';
import { actorLabel } from '../domain/actor.ts';
import { isAnnounced, isDestructive, type StepKind } from '../domain/step.ts';
import type { Instant } from '../domain/time.ts';
import type { Finding, Refusal } from '../domain/verdict.ts';
import type { RotationsStopped } from './rotation/stop.ts';

/**
 * Everything a guard may look at. The same list is evaluated twice: for all candidates of an account first (on what
 * the sweep has read so far) and again between the intent and the act (on freshly read chains and facts).
 */
export interface StepSituation {
  readonly now: Instant;
  readonly accountId: string;
  readonly credentialId: string;
  readonly rule: string;
  readonly step: StepKind;
  /** `--enforce` was given and the endpoints may be acted upon. */
  readonly mayAct: boolean;
  /** The version of the policy at hand, and the one that was activated last. */
  readonly policyHash: string;
  readonly activeHash: string | undefined;
  /** The policy names this rule and account under `enforce`. */
  readonly enforced: boolean;
  readonly halts: readonly Halt[];
  /** The failed rotation after which none begins in the account, until a person says go. */
  readonly rotationsStopped: RotationsStopped | undefined;
  /** The finding as judged on the newest facts and chain; undefined when they no longer yield it. */
  readonly finding: Finding | undefined;
  /** Why this account's credentials of the same kind were not read completely; undefined when they were. */
  readonly incomplete: string | undefined;
  /** Set when the facts could not be read again. */
  readonly unread: string | undefined;
  /** The newest plan that contains this step, if any. */
  readonly plan: Plan | undefined;
  readonly leaseOurs: boolean;
  /** The attempt must start before this instant; undefined while there is no intent yet. */
  readonly actBefore: Instant | undefined;
}

export interface StepGuard {
  /** Stable code, recorded when it refuses. */
  readonly code: string;
  readonly refuses: (situation: StepSituation) => string | undefined;
}

/** Acting was asked for, and this process may act at all. */
const acting: StepGuard = {
  code: 'observe-only',
  refuses: (s) => (s.mayAct ? undefined : 'this run observes only; nothing is changed without --enforce'),
};

/** A policy does not authorise itself: the version at hand must be the activated one (G8). */
const activated: StepGuard = {
  code: 'policy-not-activated',
  refuses: (s) =>
    s.activeHash === s.policyHash
      ? undefined
      : 'this version of the policy has not been activated: janitor policy activate',
};

const enforced: StepGuard = {
  code: 'rule-not-enforced',
  refuses: (s) =>
    s.enforced
      ? undefined
      : `the policy does not enforce rule ${s.rule} in account ${s.accountId}; it only observes`,
};

/** A person can halt everything, an account or a rule at once (G20). */
const halted: StepGuard = {
  code: 'halted',
  refuses: (s) => {
    const halt = haltFor(s.halts, s.accountId, s.rule);
    return halt === undefined
      ? undefined
      : `${halt.target} halted by ${actorLabel(halt.by)} since ${halt.at}: ${halt.reason}`;
  },
};

/** Two sweeps never act on one account at once. */
const leased: StepGuard = {
  code: 'lease-lost',
  refuses: (s) => (s.leaseOurs ? undefined : 'the lease on the account is no longer ours'),
};

/** An intent is good for a moment only; after `actBefore` it must not be acted upon any more (I1, I7). */
const inTime: StepGuard = {
  code: 'too-late',
  refuses: (s) =>
    s.actBefore === undefined || s.now < s.actBefore
      ? undefined
      : `the intent was only good until ${s.actBefore}`,
};

/** While a part of a kind could not be read, nothing of that kind is taken away: counts and caps are wrong (I2, G21). */
const readCompletely: StepGuard = {
  code: 'incomplete',
  refuses: (s) => (isDestructive(s.step) ? s.incomplete : undefined),
};

/** Facts that cannot be read right now are no ground to act on (I2, G22). */
export const evidence: StepGuard = {
  code: 'evidence-unread',
  refuses: (s) => (s.unread === undefined ? undefined : `the facts could not be read again: ${s.unread}`),
};

/** The newest facts and chain must still yield exactly this step, due by now and held by nothing (I2, I3, I4, I9, I21). */
export const stillDue: StepGuard = {
  code: 'no-longer-due',
  refuses: (s) => {
    if (s.unread !== undefined) return undefined;
    const finding = s.finding;
    if (finding === undefined || finding.matches !== 'yes') return `rule ${s.rule} no longer matches`;
    const hold = finding.held[0];
    if (hold !== undefined) return `${hold.code}: ${hold.reason}`;
    if (finding.step !== s.step) return `the next step is now ${finding.step ?? 'none'}`;
    return finding.due !== undefined && finding.due <= s.now ? undefined : `it is due only on ${finding.due}`;
  },
};

/** What broke one rotation may break the next: after a failed one none begins until somebody has looked. */
const rotationsAllowed: StepGuard = {
  code: 'rotations-stopped',
  refuses: (s) => {
    if (s.step !== 'rotate' || s.rotationsStopped === undefined) return undefined;
    const { at, data } = s.rotationsStopped;
    return `rotations in account ${s.accountId} are stopped since ${at}: that of ${data.credentialId} failed (${data.code}); janitor resume --rotations lets them go on`;
  },
};

/** Guarded and critical steps run only from an approved plan, and only under the rule that was approved (G10, I11). */
const approved: StepGuard = {
  code: 'not-approved',
  refuses: (s) => {
    if (!isAnnounced(s.step)) return undefined;
    const needed = s.finding?.tier !== 'routine';
    if (s.plan === undefined)
      return needed ? `a ${s.finding?.tier ?? 'guarded'} step needs an approved plan` : undefined;
    const item = s.plan.items.find(
      (i) => i.credentialId === s.credentialId && i.rule === s.rule && i.step === s.step,
    );
    if (item?.ruleHash !== s.finding?.ruleHash) return 'the rule changed since the plan was approved';
    const state = planState(s.plan, s.now);
    return state === 'approved' ? undefined : `plan ${s.plan.planId} is ${state}`;
  },
};

/** One line per guard: the mutation test removes each in turn. Order decides which refusal is named. */
export const STEP_GUARDS: readonly StepGuard[] = [
  acting,
  activated,
  enforced,
  halted,
  leased,
  inTime,
  readCompletely,
  evidence,
  stillDue,
  rotationsAllowed,
  approved,
];

/** The first guard that says no, or undefined when the step may go on. */
export function firstRefusal(situation: StepSituation): Refusal | undefined {
  for (const guard of STEP_GUARDS) {
    const reason = guard.refuses(situation);
    if (reason !== undefined) return { code: guard.code, reason };
  }
  return undefined;
}
