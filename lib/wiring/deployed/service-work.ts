import { JanitorError } from '../../domain/error.ts';
import { compilePolicy, type Policy } from '../../policy/index.ts';
import type { rotateKeyWith } from '../rotate-key.ts';
import type { AccountSession, WorkDesk } from '../service/desk.ts';
import { contextFor, type Everything } from './account-work.ts';
import type { Environment } from './environment.ts';
import type { Hub } from './hub.ts';
import { actingIn, openMember, rotatorIn } from './member.ts';
import { memberRoleArn } from './member-role.ts';
import { policyInForce } from './policy-in-force.ts';

type Place = Pick<Environment, 'HOME_REGION' | 'MEMBER_ROLE_PREFIX'>;

/**
 * What answering and carrying out have in common in the hub. A member account is entered by its read role, and each change
 * has a session of its own. Giving back is allowed in a stack that only observes, too, as long as the role for it exists.
 * `rotateKeyIn`: for a process that walks the steps of rotations.
 */
export function deployedWork(
  hub: Hub,
  environment: Place,
  everything: Everything,
  report: WorkDesk['report'],
  rotateKeyIn?: typeof rotateKeyWith,
): WorkDesk {
  const { clock, ledger, state, record, evidence, policy: deployed } = everything;
  return {
    clock,
    ledger,
    state,
    record,
    evidence,
    policyInForce: () => policyInForce(everything),
    self: hub.actor,
    report,
    inAccount: async (session, work) => {
      const { accountId, purpose, policy, actor } = session;
      const access = { ...environment, accountId, sessionName: purpose };
      const member = await openMember(hub, access);
      if (!member.ok) throw unreachable(session, member.reason);
      try {
        const open = rotatorIn(hub, access);
        const judge = policy === deployed ? everything.judge : compilePolicy(policy);
        const { clients } = member;
        const seen = { ...everything, policy, judge, actor };
        const rotateKey = rotateKeyIn?.({ ...seen, pause: clients.pause }, open);
        const context = contextFor(seen, { accountId, clients, acting: actingIn(hub, access), rotateKey });
        const janitor = memberRoleArn({ ...environment, partition: hub.partition, accountId }, 'rotate');
        return await work(context, { janitor, open });
      } finally {
        member.clients.close();
      }
    },
  };
}

/** Regions whose STS may be asked about proofs: home, those that are read, and the one of the global endpoint. */
export function provingRegions({ HOME_REGION }: Place, { document }: Pick<Policy, 'document'>): string[] {
  return [...new Set([HOME_REGION, ...(document.inventory.regions ?? []), 'us-east-1'])];
}

function unreachable({ accountId }: AccountSession, why: string): JanitorError {
  return new JanitorError(`account ${accountId} does not let the janitor in: ${why}`, {
    code: 'member-unreachable',
    source: 'access',
    hint: 'Deploy the member roles there, or ask who owns the account.',
  });
}
