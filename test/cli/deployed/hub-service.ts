import type { Service } from '../../../lib/api/index.ts';
import { JanitorError } from '../../../lib/domain/error.ts';
import { unknown } from '../../../lib/domain/fact.ts';
import type { EmbeddedAws } from '../../../lib/embedded-aws/index.ts';
import { readRole } from '../../../lib/identity/index.ts';
import { actingIn, contextFor, openMember, rotatorIn } from '../../../lib/wiring/deployed/index.ts';
import { memberRoleArn } from '../../../lib/wiring/deployed/member-role.ts';
import { policyInForce } from '../../../lib/wiring/deployed/policy-in-force.ts';
import { orderingContext } from '../../../lib/wiring/ordering-context.ts';
import { rotateKeyWith } from '../../../lib/wiring/rotate-key.ts';
import {
  type AccountSession,
  carryOutWith,
  type ServiceDesk,
  serviceOf,
} from '../../../lib/wiring/service/index.ts';
import { CLI_ACCOUNT } from '../../builders/command-line.ts';
import { MemoryProofStore } from '../../identity/delegation/scene.ts';
import type { Pipeline } from './pipeline.ts';

interface Deployed extends Pick<Pipeline, 'hub' | 'everything'> {
  readonly region: string;
  readonly aws: EmbeddedAws;
}

/** The service over the hub of a test, which enters its one account by the member roles. */
export function hubService({ hub, everything, region, aws }: Deployed): Service {
  const { clock, ledger, state, record, evidence, policy, partition } = everything;
  const access = { HOME_REGION: region, MEMBER_ROLE_PREFIX: 'janitor-member' };
  const inAccount: ServiceDesk['inAccount'] = async (session, work) => {
    const { accountId, purpose: sessionName } = session;
    const member = await openMember(hub, { ...access, accountId, sessionName });
    if (!member.ok) throw unreachable(session, member.reason);
    const open = rotatorIn(hub, { ...access, accountId, sessionName });
    const { clients } = member;
    const seen = { ...everything, policy: session.policy, actor: session.actor };
    const context = contextFor(seen, {
      accountId,
      clients,
      acting: actingIn(hub, { ...access, accountId, sessionName }),
      rotateKey: rotateKeyWith({ ...seen, pause: clients.pause }, open),
    });
    try {
      const janitor = memberRoleArn({ ...access, partition, accountId }, 'rotate');
      return await work(context, { janitor, open });
    } finally {
      member.clients.close();
    }
  };
  const desk: ServiceDesk = {
    ...{ clock, ledger, state, record, evidence, deployed: policy, inAccount },
    policyInForce: () => policyInForce({ ledger, evidence, policy }),
    self: hub.actor,
    lookups: {
      roleOf: async (accountId, name) =>
        accountId === CLI_ACCOUNT ? readRole(hub.clients, name) : undefined,
      standingOf: async (accountId) => (accountId === CLI_ACCOUNT ? 'member' : 'outside'),
    },
    delegations: {
      api: 'janitor.test',
      partition,
      regions: [region],
      sts: aws.requestHandler(),
      proofs: new MemoryProofStore(),
    },
    ticketsOf: () => ({ stateOf: async () => unknown('no ticket system here') }),
    planning: orderingContext,
    carryOut: (order) => carryOutWith(desk, order),
    report: () => {},
  };
  return serviceOf(desk);
}

function unreachable({ accountId }: AccountSession, why: string): JanitorError {
  return new JanitorError(`account ${accountId} does not let the janitor in: ${why}`, {
    code: 'member-unreachable',
    source: 'access',
  });
}
