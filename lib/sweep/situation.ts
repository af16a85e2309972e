import type { Plan } from '../domain/account-chains.ts';
import type { CredentialKind } from '../domain/credential.ts';
import type { StepKind } from '../domain/step.ts';
import type { Instant } from '../domain/time.ts';
import type { Finding } from '../domain/verdict.ts';
import { enforces } from '../policy/index.ts';
import type { ActingContext } from './context.ts';
import type { StepSituation } from './guards.ts';
import type { Run } from './run.ts';

/** The parts of a situation that change between the account pass and the step pass. */
export interface Newest {
  readonly finding: Finding | undefined;
  readonly halts?: StepSituation['halts'];
  /** null: allowed again since the run began. */
  readonly rotationsStopped?: StepSituation['rotationsStopped'] | null;
  readonly leaseOurs?: boolean;
  readonly unread?: string | undefined;
  readonly actBefore?: Instant;
}

/** Puts a step before the guards. */
export function situationOf(
  context: ActingContext,
  run: Run,
  step: {
    readonly credentialId: string;
    readonly kind: CredentialKind;
    readonly rule: string;
    readonly step: StepKind;
    readonly plan?: Plan | undefined;
  },
  newest: Newest,
): StepSituation {
  return {
    now: context.clock.now(),
    accountId: context.accountId,
    credentialId: step.credentialId,
    rule: step.rule,
    step: step.step,
    mayAct: run.enforce && context.acting !== undefined,
    policyHash: context.policy.hash,
    activeHash: run.activeHash,
    enforced: enforces(context.policy, step.rule, context.accountId),
    halts: newest.halts ?? run.halts,
    rotationsStopped:
      newest.rotationsStopped === undefined ? run.rotationsStopped : (newest.rotationsStopped ?? undefined),
    finding: newest.finding,
    incomplete: run.incomplete.get(step.kind),
    unread: newest.unread,
    plan: step.plan,
    leaseOurs: newest.leaseOurs ?? true,
    actBefore: newest.actBefore,
  };
}
