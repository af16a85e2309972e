import { foldActivation, foldHalts, type Halt } from '../domain/account-chains.ts';
import type { CredentialKind } from '../domain/credential.ts';
import { subjects } from '../domain/subject.ts';
import type { Refusal } from '../domain/verdict.ts';
import type { SweepContext } from './context.ts';
import type { AccountLease } from './lease.ts';
import type { HeldStep, SweepAction } from './result.ts';
import { type RotationsStopped, readRotationsStopped } from './rotation/stop.ts';

/** What one sweep carries along: its identity, what it may do, and what came of it so far. */
export interface Run {
  readonly sweepId: string;
  readonly enforce: boolean;
  readonly lease: AccountLease;
  /** Hash of the policy version that may act. */
  readonly activeHash: string | undefined;
  /** Halts as read when the acting pass began; read again between each intent and its act. */
  readonly halts: readonly Halt[];
  /** Why no rotation may begin here, as read then. */
  readonly rotationsStopped: RotationsStopped | undefined;
  /** Kinds that were not read completely, with the reason; filled once the reading has ended. */
  readonly incomplete: Map<CredentialKind, string>;
  readonly actions: SweepAction[];
  readonly held: HeldStep[];
}

export async function readHalts(context: Pick<SweepContext, 'ledger'>): Promise<Halt[]> {
  return foldHalts(await context.ledger.chain(subjects.halts));
}

export async function readActiveHash(context: Pick<SweepContext, 'ledger'>): Promise<string | undefined> {
  return foldActivation(await context.ledger.chain(subjects.activation)).active?.hash;
}

/** Read only where a rule rotates: every other account has nothing to stop. */
export async function rotationsStopped(
  context: Pick<SweepContext, 'ledger' | 'policy' | 'accountId'>,
): Promise<RotationsStopped | undefined> {
  const rotates = context.policy.document.rules.some(({ steps }) =>
    steps.some((step) => typeof step === 'object' && 'rotate' in step),
  );
  return rotates ? readRotationsStopped(context, context.accountId) : undefined;
}

/** Why `--enforce` cannot act at all in this run, said once at the top. */
export function refusalOfRun(context: SweepContext, run: Run): Refusal | undefined {
  if (!run.enforce) return undefined;
  if (context.acting === undefined) {
    return {
      code: 'acting-refused',
      reason: 'this process may only read; acting needs the deployed service',
    };
  }
  if (run.activeHash !== context.policy.hash) {
    return {
      code: 'policy-not-activated',
      reason: `policy ${context.policy.hash.slice(0, 12)} has not been activated; it observes only: janitor policy activate`,
    };
  }
  const all = run.halts.find(
    (halt) => halt.target === 'all' || halt.target === `account:${context.accountId}`,
  );
  return all === undefined
    ? undefined
    : { code: 'halted', reason: `${all.target} is halted since ${all.at}: ${all.reason}` };
}
