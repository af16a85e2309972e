import { type Plan, planState } from '../../domain/account-chains.ts';
import { replacementOf } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import { type Destination, destinationOf } from './destination.ts';
import { type KeyToRotate, readKey, refuseKey } from './key-to-rotate.ts';
import { refuseStopped } from './may-begin.ts';
import { planFor, type RotationWish } from './ordered-plan.ts';
import type { PlanningContext } from './ordering-context.ts';
import type { Told } from './tell-rotated.ts';

/** What came of asking for a rotation. */
export type OrderedRotation =
  /** Nothing is done before enough people have approved the plan; the same command then carries it out. */
  | {
      readonly state: 'awaiting-approval' | 'rejected';
      readonly credentialId: string;
      readonly into: Destination;
      readonly plan: Plan;
      /** Approvals still missing. */
      readonly remaining: number;
    }
  /** Approved, and to be carried out by another process: the same command tells what came of it. */
  | {
      readonly state: 'carrying-out';
      readonly credentialId: string;
      readonly into: Destination;
      readonly plan: Plan;
    }
  | {
      readonly state: 'rotated';
      readonly credentialId: string;
      readonly rotationId: string;
      /** ARN of the secret whose current value the new key is. */
      readonly secretId: string;
      readonly accessKeyId: string;
      readonly at: Instant;
      /** Who was told; absent when it was done before this call. */
      readonly told?: Told;
    };

/** What is to be carried out: people have approved exactly this. */
export interface ApprovedRotation {
  readonly key: KeyToRotate;
  readonly into: Destination;
  readonly plan: Plan;
}

/**
 * Freezes a plan for the rotation of an access key, for a process that leaves carrying it out to another.
 * @throws JanitorError with the way out; see `approvedRotation`.
 */
export async function planRotation(
  context: PlanningContext,
  credentialId: string,
  wish: RotationWish,
): Promise<OrderedRotation> {
  const found = await approvedRotation(context, credentialId, wish);
  if ('state' in found) return found;
  const { into, plan } = found;
  return { state: 'carrying-out', credentialId, into, plan };
}

/**
 * The plan of a rotation once enough people have approved it; before that, or when it is done, how it stands. The first
 * call freezes it: it says where the new key goes and who can read it there.
 * @throws JanitorError with the way out; see `readKey`, `refuseKey`, `refuseStopped` and `destinationOf`.
 */
export async function approvedRotation(
  context: PlanningContext,
  credentialId: string,
  wish: RotationWish,
): Promise<OrderedRotation | ApprovedRotation> {
  const key = await readKey(context, credentialId);
  const before = rotatedBefore(key);
  if (before !== undefined) return before;
  refuseKey(context, key);
  await refuseStopped(context);
  const into = await destinationOf(context, key);
  const plan = await planFor(context, key, into, wish);
  const state = planState(plan, context.clock.now());
  if (state === 'approved') return { key, into, plan };
  const remaining = Math.max(0, plan.approvalsNeeded - plan.approvals.length);
  return {
    state: state === 'rejected' ? 'rejected' : 'awaiting-approval',
    credentialId,
    into,
    plan,
    remaining,
  };
}

function rotatedBefore({ credential, history }: KeyToRotate): OrderedRotation | undefined {
  const replacement = replacementOf(history.rotation);
  if (replacement === undefined) return undefined;
  const { accessKeyId, secretId, at } = replacement;
  const rotationId = history.rotation?.rotationId ?? '';
  return { state: 'rotated', credentialId: credential.id, rotationId, secretId, accessKeyId, at };
}
