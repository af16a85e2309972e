import { deliverySecretId, prepareChange } from '../../actions/index.ts';
import { type Plan, planState } from '../../domain/account-chains.ts';
import { actorLabel } from '../../domain/actor.ts';
import { JanitorError } from '../../domain/error.ts';
import type { RotationOutcome } from '../../domain/rotation-outcome.ts';
import { earliest, MINUTE_MS, plus } from '../../domain/time.ts';
import { attempt } from '../change.ts';
import { plainFields, recordable } from '../draft.ts';
import type { AccountLease } from '../lease.ts';
import { claimRotation } from '../rotation/pace.ts';
import { stopAfter } from '../rotation/walk.ts';
import type { Destination } from './destination.ts';
import { type KeyToRotate, readKey, refuseKey } from './key-to-rotate.ts';
import { howToAllow, refuseStopped } from './may-begin.ts';
import { planAnew, tokenOf } from './ordered-plan.ts';
import type { OrderingContext } from './ordering-context.ts';

export interface Order {
  readonly key: KeyToRotate;
  readonly into: Destination;
  readonly plan: Plan;
  readonly reason: string;
}

type Delivery = Extract<Destination, { kind: 'delivery' }>;
export type FinishedRotation = Extract<RotationOutcome, { outcome: 'finished' }>;

/** Making the secret and limiting it, and once more to see that nothing is left to do. */
const DELIVERY_CHANGES = 3;

/**
 * Carries out an approved order under the account's lease: everything that could forbid it is read once more, the secret
 * is made ready where there is none, then the four steps are walked. Throws what stands in the way, with the way out; a
 * rotation that failed stops all others in the account until a person lets them go on.
 */
export async function carryOut(
  context: OrderingContext,
  lease: AccountLease,
  order: Order,
): Promise<FinishedRotation> {
  await refuseStopped(context);
  const plan = await approvedPlan(context, order.plan);
  const key = await readKey(context, order.key.credential.id);
  refuseKey(context, key);
  refuseAnother(key, plan);
  await claimSlot(context, key, plan);
  const { into } = order;
  const secretId =
    into.kind === 'store' ? into.secretId : await madeReady(context, { ...order, plan, key }, into);
  await lease.keep();
  const outcome = await context.rotateKey({
    credential: key.credential,
    secretId,
    rotationId: tokenOf(plan),
    trigger: 'person',
    citing: citing(context, { ...order, plan }),
  });
  if (outcome.outcome === 'finished') return outcome;
  const history = await context.record.read(key.credential.id);
  await stopAfter(context, key.credential.id, history, outcome);
  throw asError(context, outcome);
}

async function approvedPlan(context: OrderingContext, plan: Plan): Promise<Plan> {
  const now = await planAnew(context, plan);
  if (now !== undefined && planState(now, context.clock.now()) === 'approved') return now;
  throw new JanitorError(`${plan.planId} is no longer approved`, {
    code: 'plan-not-pending',
    source: 'policy',
    hint: 'Run the command again: it freezes a new plan.',
  });
}

/** The plan's own rotation may be taken up again; any other that has begun is left alone. */
function refuseAnother({ credential, history: { rotation } }: KeyToRotate, plan: Plan): void {
  if (rotation?.state !== 'begun' || rotation.rotationId === tokenOf(plan)) return;
  throw new JanitorError(`rotation ${rotation.rotationId} of ${credential.id} has not finished`, {
    code: 'rotation-under-way',
    source: 'policy',
    hint: `"janitor explain ${credential.id}" shows where it stands; the next sweep looks after it.`,
  });
}

/** An approval lifts the need for a person, never the pace. */
async function claimSlot(
  context: OrderingContext,
  { credential }: KeyToRotate,
  { planId }: Plan,
): Promise<void> {
  const claim = await claimRotation(context, { credential, step: 'rotate', sweepId: planId });
  if (claim.ok) return;
  throw new JanitorError(`not rotated yet: ${claim.refusal.reason}`, {
    code: claim.refusal.code,
    source: 'policy',
    hint: 'Run the command again tomorrow; the limit is rotation.perAccountPerDay of the policy.',
  });
}

/** Makes the secret and limits it to its reader, each announced and looked at; returns its ARN. */
async function madeReady(context: OrderingContext, order: Order, into: Delivery): Promise<string> {
  const { credential } = order.key;
  const { region, reader } = into;
  const delivery = { region, reader, janitor: context.janitor };
  for (let done = 0; done < DELIVERY_CHANGES; done += 1) {
    const prepared = await prepareChange(context.clients, { change: 'deliver', credential, delivery });
    if (prepared.ok) await change(context, order, prepared.scope);
    else if (prepared.code === 'nothing-to-do') break;
    else throw notReady(into, prepared.code, prepared.reason);
  }
  const secretId = await deliverySecretId(context.clients, region, credential.principal.userName);
  if (secretId !== undefined) return secretId;
  throw notReady(into, 'not-visible', 'Secrets Manager does not show it yet');
}

async function change(
  context: OrderingContext,
  order: Order,
  scope: Parameters<typeof attempt>[2]['scope'],
): Promise<void> {
  const { credential } = order.key;
  const acting = await context.acting?.('deliver', credential);
  if (acting?.ok !== true) throw refusedRole(acting?.reason ?? 'this process may only read');
  const history = await context.record.read(credential.id);
  const now = context.clock.now();
  const actBefore = plus(now, MINUTE_MS);
  const intent = await context.record.append(credential.id, history, {
    ...plainFields(context),
    ...citing(context, order),
    type: 'step.intended',
    scope,
    expiresAt: actBefore,
    data: {
      change: 'deliver',
      tier: order.plan.tier,
      planId: order.plan.planId,
      actBefore: earliest(actBefore, order.plan.lapsesAt),
    },
  });
  if (!intent.ok) throw changedMeanwhile(credential.id);
  const open = { credentialId: credential.id, change: 'deliver', scope, intent: intent.event } as const;
  const { outcome, reason } = await attempt(context, acting.clients, open, intent.history);
  if (outcome !== 'done') throw notReady(order.into, outcome, reason);
}

/** Who asked and why, who approved, and under which policy (G1, G3, G8). */
function citing({ policy }: OrderingContext, { plan, reason }: Pick<Order, 'plan' | 'reason'>) {
  const asked = plan.items[0]?.reasons[0] ?? actorLabel(plan.frozenBy);
  return {
    policyHash: policy.hash,
    reason: recordable(`${asked.replace(/\.$/, '')} (${plan.planId})`),
    justification: reason,
    approvals: [...plan.approvals],
  };
}

type Trouble = Exclude<RotationOutcome, FinishedRotation>;

function asError({ accountId }: OrderingContext, trouble: Trouble): JanitorError {
  const { outcome, rotationId, secretId, code, source, reason, hint, details } = trouble;
  const next = {
    refused: 'Then run the command again.',
    interrupted: 'Run the command again: it goes on where it stopped.',
    failed: `No rotation begins in account ${accountId} until somebody has looked at it: ${howToAllow(accountId)}`,
  }[outcome];
  return new JanitorError(`the key was not rotated, and is in force as before: ${reason}`, {
    code,
    source,
    hint: `${hint} ${next}`.trim(),
    details: { ...details, rotationId, secretId, outcome },
  });
}

function notReady({ name }: Destination, code: string, reason: string): JanitorError {
  return new JanitorError(`the secret ${name} is not ready to receive a key: ${reason}`, {
    code: `delivery-${code.replace(/^delivery-/, '')}`,
    source: 'system',
    hint: 'No key was made. Mend it, and run the command again.',
  });
}

function refusedRole(reason: string): JanitorError {
  return new JanitorError(`the account lets the janitor rotate nothing: ${reason}`, {
    code: 'acting-role-refused',
    source: 'access',
    hint: 'The member role to rotate exists where a rule of the policy has the step rotate, or memberSteps names it.',
  });
}

function changedMeanwhile(credentialId: string): JanitorError {
  return new JanitorError(`the chain of ${credentialId} gained an event meanwhile`, {
    code: 'changed-meanwhile',
    source: 'system',
    hint: 'Run the command again.',
  });
}
