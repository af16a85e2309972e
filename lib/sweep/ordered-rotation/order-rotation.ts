import { type Plan, planState } from '../../domain/account-chains.ts';
import { replacementOf } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import { underLease } from '../lease.ts';
import { recover } from '../recover.ts';
import { carryOut } from './carry-out.ts';
import { type Destination, destinationOf } from './destination.ts';
import { type KeyToRotate, readKey, refuseKey } from './key-to-rotate.ts';
import { refuseStopped } from './may-begin.ts';
import { planFor, type RotationWish } from './ordered-plan.ts';
import type { OrderingContext } from './ordering-context.ts';
import { type Told, tellRotated } from './tell-rotated.ts';

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

interface RotationOrder extends RotationWish {
  /** false: this process freezes plans and leaves carrying them out to another. */
  readonly carriesOut?: boolean;
}

/**
 * Rotates an access key for whoever asks, in two calls: the first freezes a plan that says where the new key goes and
 * who can read it there; once it is approved, the same call carries it out. Nobody but the policy decides who receives a
 * key, and the old one stays in force. Calling again changes nothing that is done (I6).
 * @throws JanitorError with the way out; see `readKey`, `refuseKey`, `refuseStopped`, `destinationOf` and `carryOut`.
 */
export async function orderRotation(
  context: OrderingContext,
  credentialId: string,
  { carriesOut = true, ...wish }: RotationOrder,
): Promise<OrderedRotation> {
  const key = await readKey(context, credentialId);
  const before = rotatedBefore(key);
  if (before !== undefined) return before;
  refuseKey(context, key);
  await refuseStopped(context);
  const into = await destinationOf(context, key);
  const plan = await planFor(context, key, into, wish);
  const state = planState(plan, context.clock.now());
  if (state !== 'approved') {
    const remaining = Math.max(0, plan.approvalsNeeded - plan.approvals.length);
    return {
      state: state === 'rejected' ? 'rejected' : 'awaiting-approval',
      credentialId,
      into,
      plan,
      remaining,
    };
  }
  if (!carriesOut) return { state: 'carrying-out', credentialId, into, plan };
  // Whoever carries out by itself comes again until its time is over: it looks after what a crashed one left behind.
  const takeOver = wish.request !== undefined || wish.planId !== undefined;
  return underLease(
    context,
    async (lease) => {
      if (lease.abandoned !== undefined) await recover(context, lease.abandoned);
      const { rotationId, secretId, accessKeyId } = await carryOut(context, lease, {
        key,
        into,
        plan,
        reason: wish.reason,
      });
      const at = context.clock.now();
      const told = await tellRotated(context, { key, into, plan, secretId, accessKeyId });
      return {
        state: 'rotated',
        credentialId,
        rotationId,
        secretId,
        accessKeyId,
        at,
        ...(told === undefined ? {} : { told }),
      };
    },
    { takeOver },
  );
}

function rotatedBefore({ credential, history }: KeyToRotate): OrderedRotation | undefined {
  const replacement = replacementOf(history.rotation);
  if (replacement === undefined) return undefined;
  const { accessKeyId, secretId, at } = replacement;
  const rotationId = history.rotation?.rotationId ?? '';
  return { state: 'rotated', credentialId: credential.id, rotationId, secretId, accessKeyId, at };
}
