import { known, unknown } from '../../lib/domain/fact.ts';
import type { ProofStore } from '../../lib/identity/index.ts';
import { exceptionReview } from '../../lib/requests/index.ts';
import type { SweepContext } from '../../lib/sweep/index.ts';
import { policyInForce } from '../../lib/wiring/deployed/policy-in-force.ts';
import { orderingContext } from '../../lib/wiring/ordering-context.ts';
import { carryOutWith, type ServiceDesk } from '../../lib/wiring/service/index.ts';
import { roleOf, standingOf } from './askers.ts';
import type { JanitorProcess } from './janitor-process.ts';
import { ACCOUNTS, MAIN, REGION } from './places.ts';
import { policiesByHash, type WorldPolicy } from './policies.ts';
import type { World } from './world.ts';

const SELF = { kind: 'workload', arn: `arn:aws:iam::${MAIN}:role/janitor-api` } as const;

/** Nobody delegates in the world: delegations have tests of their own. */
const NO_PROOFS: ProofStore = { claim: async () => false };

/** The ticket system of the world: one ticket, open until somebody says otherwise. */
function ticketState(world: World) {
  const is = world.tickets.at(-1)?.is ?? 'open';
  return is === 'unreachable'
    ? unknown('the ticket system does not answer')
    : known(is, world.now(), 'tickets');
}

/** The API as a process of the world runs it, with the version at hand deployed and the active one in force. */
export function deskOf(world: World, process: JanitorProcess, version: WorldPolicy): ServiceDesk {
  const { clock, ledger, state, record, evidence } = process.recording(version, SELF);
  const deployed = version.policy;
  const desk: ServiceDesk = {
    clock,
    ledger,
    state,
    record,
    evidence,
    deployed,
    policyInForce: () => policyInForce({ ledger, evidence, policy: deployed }),
    self: SELF,
    lookups: { roleOf, standingOf },
    delegations: {
      api: 'janitor/world',
      partition: 'aws',
      regions: [REGION],
      sts: world.aws.requestHandler(),
      proofs: NO_PROOFS,
    },
    ticketsOf: () => ({ stateOf: async () => ticketState(world) }),
    inAccount: async ({ accountId, policy, actor }, work) => {
      const account = ACCOUNTS.find((id) => id === accountId) ?? MAIN;
      const inForce = policiesByHash().get(policy.hash) ?? version;
      const context = await process.context(account, inForce, actor);
      const open = async () => ({ ok: true as const, clients: context.clients });
      return work(context, { janitor: SELF.arn, open });
    },
    planning: orderingContext,
    carryOut: (order) => carryOutWith(desk, order),
    report: () => {},
  };
  return desk;
}

/** Looks at exceptions again as the deployed sweep does. */
export function reviewIn(world: World, { ledger, clock, policy, actor }: SweepContext) {
  return exceptionReview(
    { ledger, clock, rules: { policyHash: policy.hash } },
    { actor, ticketOf: async () => ticketState(world) },
  );
}
