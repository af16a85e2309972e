import { underLease } from '../lease.ts';
import { recover } from '../recover.ts';
import { carryOut } from './carry-out.ts';
import type { RotationWish } from './ordered-plan.ts';
import type { OrderingContext } from './ordering-context.ts';
import { approvedRotation, type OrderedRotation } from './plan-rotation.ts';
import { tellRotated } from './tell-rotated.ts';

/**
 * Rotates an access key for whoever asks, in two calls: the first freezes a plan that says where the new key goes and
 * who can read it there; once it is approved, the same call carries it out. Nobody but the policy decides who receives a
 * key, and the old one stays in force. Calling again changes nothing that is done (I6).
 * @throws JanitorError with the way out; see `approvedRotation` and `carryOut`.
 */
export async function orderRotation(
  context: OrderingContext,
  credentialId: string,
  wish: RotationWish,
): Promise<OrderedRotation> {
  const found = await approvedRotation(context, credentialId, wish);
  if ('state' in found) return found;
  const { key, into, plan } = found;
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
