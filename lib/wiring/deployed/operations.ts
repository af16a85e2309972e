import * as z from 'zod';
import type { Actor } from '../../domain/actor.ts';
import { accountOf } from '../../domain/credential.ts';
import { JanitorError } from '../../domain/error.ts';
import { readRole, resolveActor } from '../../identity/index.ts';
import { compilePolicy, type Policy, personOf } from '../../policy/index.ts';
import {
  activatePolicy,
  allowRotations,
  approvePlan,
  liftHalt,
  orderRotation,
  placeHalt,
  rejectPlan,
  restoreCredential,
  type SweepContext,
} from '../../sweep/index.ts';
import { orderingContext } from '../ordering-context.ts';
import type { OpenRotator } from '../rotate-key.ts';
import { contextFor, type Everything } from './account-work.ts';
import type { Environment } from './environment.ts';
import type { Hub } from './hub.ts';
import { actingIn, memberRoleArn, openMember, rotatorIn } from './member.ts';
import { policyInForce } from './policy-in-force.ts';

const reason = z.string().trim().min(1).max(1_000);
const haltTarget = z.union([
  z.literal('all'),
  z.templateLiteral(['account:', z.string().regex(/^\d{12}$/)]),
  z.templateLiteral(['rule:', z.string().regex(/^[a-z0-9-]{1,100}$/)]),
]);

/** What a person may ask of the deployed janitor. */
export const operationSchema = z.discriminatedUnion('operation', [
  z.strictObject({ operation: z.literal('halt'), target: haltTarget, reason }),
  z.strictObject({ operation: z.literal('resume'), target: haltTarget, reason }),
  z.strictObject({ operation: z.literal('approve'), planId: z.string().max(100) }),
  z.strictObject({ operation: z.literal('reject'), planId: z.string().max(100), reason }),
  z.strictObject({
    operation: z.literal('allow-rotations'),
    accountId: z.string().regex(/^\d{12}$/),
    reason,
  }),
  z.strictObject({ operation: z.literal('rotate'), credentialId: z.string().max(2_048), reason }),
  z.strictObject({ operation: z.literal('restore'), credentialId: z.string().max(2_048), reason }),
  /** The hash the person means: a policy deployed meanwhile is not activated by mistake. */
  z.strictObject({ operation: z.literal('activate'), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
]);
export type Operation = z.infer<typeof operationSchema>;

/** The caller as the function URL authenticated it (SigV4). */
export const callerSchema = z.object({
  accountId: z.string(),
  userArn: z.string(),
  userId: z.string(),
});
export type Caller = z.infer<typeof callerSchema>;

export interface OperationsDesk {
  readonly hub: Hub;
  /** All but who does it, which is the caller. */
  readonly everything: Omit<Everything, 'actor'>;
  readonly environment: Pick<Environment, 'HOME_REGION' | 'HUB_ACCOUNT' | 'MEMBER_ROLE_PREFIX'>;
}

/**
 * Does what a person asked, in the name of the authenticated caller (G1), who is known and decides by the policy in
 * force; a halt is placed even where that cannot be read. Throws what the use cases throw.
 */
export async function operate(desk: OperationsDesk, caller: Caller, operation: Operation): Promise<object> {
  const { everything } = desk;
  if (operation.operation === 'halt') {
    const inForce = await policyInForce(everything).catch(() => undefined);
    return placeHalt({ ...everything, actor: await actorOf(desk, caller, inForce) }, operation);
  }
  const policy = await policyInForce(everything);
  const actor = await actorOf(desk, caller, policy);
  if (operation.operation === 'activate') {
    refuseOtherPolicy(everything.policy, operation.hash);
    return activatePolicy({ ...everything, actor });
  }
  const judge = policy === everything.policy ? everything.judge : compilePolicy(policy);
  return decide(desk, { ...everything, policy, judge, actor }, operation);
}

async function decide(
  desk: OperationsDesk,
  everything: Everything,
  operation: Exclude<Operation, { operation: 'halt' | 'activate' }>,
): Promise<object> {
  switch (operation.operation) {
    case 'resume':
      return liftHalt(everything, operation);
    case 'approve':
      return approvePlan(everything, operation.planId);
    case 'reject':
      return rejectPlan(everything, operation.planId, operation.reason);
    case 'allow-rotations':
      return allowRotations(everything, operation);
    case 'rotate':
      return rotate(desk, everything, operation);
    case 'restore':
      return restore(desk, everything, operation);
  }
}

/** A role of another account cannot be looked up, so it stays the workload it claims to be; without a policy nobody is known. */
function actorOf(
  { hub, environment }: OperationsDesk,
  caller: Caller,
  policy: Policy | undefined,
): Promise<Actor> {
  const { userArn: arn, userId } = caller;
  return resolveActor(
    { arn, userId },
    {
      personOf: (principal) => (policy === undefined ? undefined : personOf(policy, principal)),
      roleByName: async (name) =>
        caller.accountId === environment.HUB_ACCOUNT ? readRole(hub.clients, name) : undefined,
    },
  );
}

async function restore(
  desk: OperationsDesk,
  everything: Everything,
  { credentialId, reason }: Extract<Operation, { operation: 'restore' }>,
): Promise<object> {
  // Giving back is allowed in a stack that only observes, too, as long as the role for it exists.
  return inMember(desk, everything, { credentialId, sessionName: 'restore' }, (context) =>
    restoreCredential(context, credentialId, { reason }),
  );
}

async function rotate(
  desk: OperationsDesk,
  everything: Everything,
  { credentialId, reason }: Extract<Operation, { operation: 'rotate' }>,
): Promise<object> {
  return inMember(desk, everything, { credentialId, sessionName: 'rotate' }, (context, open) => {
    const janitor = rotatingRole(desk, context);
    return orderRotation(orderingContext(context, { janitor, open }), credentialId, { reason });
  });
}

/** The role that rotates, as policies name it. */
function rotatingRole({ environment }: OperationsDesk, { partition, accountId }: SweepContext): string {
  return memberRoleArn({ ...environment, partition, accountId }, 'rotate');
}

/** Works on the account that a credential is in, through its read role and a session for each change. */
async function inMember<T>(
  { hub, environment }: OperationsDesk,
  everything: Everything,
  { credentialId, sessionName }: { readonly credentialId: string; readonly sessionName: string },
  work: (context: SweepContext, openRotator: OpenRotator) => Promise<T>,
): Promise<T> {
  const accountId = accountOf(credentialId);
  if (accountId === undefined) throw unknownCredential(credentialId);
  const access = { ...environment, accountId, sessionName };
  const member = await openMember(hub, access);
  if (!member.ok) throw unreachable(accountId, member.reason);
  try {
    const acting = actingIn(hub, access);
    const openRotator = rotatorIn(hub, access);
    const context = contextFor(everything, { accountId, clients: member.clients, acting, openRotator });
    return await work(context, openRotator);
  } finally {
    member.clients.close();
  }
}

function refuseOtherPolicy(policy: Policy, hash: string): void {
  if (policy.hash === hash) return;
  throw new JanitorError(`the stack runs policy ${policy.hash}, not ${hash}`, {
    code: 'policy-not-deployed',
    source: 'user',
    hint: 'Deploy the policy you mean first, or activate the one that is deployed.',
    details: { deployed: policy.hash, asked: hash },
  });
}

function unknownCredential(credentialId: string): JanitorError {
  return new JanitorError(`"${credentialId}" is not the id of a credential`, {
    code: 'credential-not-found',
    source: 'user',
    hint: 'Give a whole credential id as explain prints it.',
  });
}

function unreachable(accountId: string, why: string): JanitorError {
  return new JanitorError(`account ${accountId} does not let the janitor in: ${why}`, {
    code: 'member-unreachable',
    source: 'access',
    hint: 'Deploy the member roles there, or ask who owns the account.',
  });
}
