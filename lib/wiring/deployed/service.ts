import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { HttpHandler } from '@smithy/core/protocols';
import type { Service } from '../../api/index.ts';
import { DynamoProofStore, readRole } from '../../identity/index.ts';
import { planningContext } from '../planning-context.ts';
import type { ServiceDesk } from '../service/desk.ts';
import { serviceOf } from '../service/service.ts';
import { ticketSystemOf } from '../tickets.ts';
import { openEverything } from './account-work.ts';
import { undeliverable } from './delivery.ts';
import type { Environment } from './environment.ts';
import { type Hub, openHub } from './hub.ts';
import { deployedPolicy } from './policy.ts';
import { deployedWork, provingRegions } from './service-work.ts';
import { standingIn } from './standing.ts';
import { startCarryingOut } from './start-carrying-out.ts';
import { tokenInSecret } from './ticket-token.ts';

type ServiceVariables = Pick<
  Environment,
  | 'ACCOUNTS'
  | 'EVENT_BUS_NAME'
  | 'EVIDENCE_BUCKET'
  | 'HOME_REGION'
  | 'HUB_ACCOUNT'
  | 'LEDGER_TABLE'
  | 'MEMBER_ROLE_PREFIX'
  | 'POLICY_DIR'
  | 'PROOF_TABLE'
  | 'STATE_TABLE'
  | 'TICKET_TOKEN_SECRET_ARN'
>;

/** The service behind the deployed API; opened once per process. `report` hears of what was not the caller's trouble. */
export async function openService(
  environment: ServiceVariables,
  report: (what: string, error: unknown) => void,
): Promise<Service> {
  const [hub, policy] = await Promise.all([openHub(environment), deployedPolicy(environment)]);
  const { HOME_REGION: region, EVENT_BUS_NAME: bus, HUB_ACCOUNT: hubAccount } = environment;
  const delivery = undeliverable('unknown', 'owners are told by the function that carries out');
  const everything = openEverything(hub, policy, environment, delivery);
  const events = new EventBridgeClient({ region });
  const token = tokenInSecret(hub, environment);
  const desk: ServiceDesk = {
    ...deployedWork(hub, environment, everything, report),
    deployed: policy,
    lookups: {
      // A role of another account cannot be looked up, so its sessions stay the workloads they claim to be.
      roleOf: async (accountId, name) => (accountId === hubAccount ? readRole(hub.clients, name) : undefined),
      standingOf: standingIn(environment, hub.clock),
    },
    delegations: {
      api: `credential-janitor/${hubAccount}/${region}/${bus}`,
      partition: hub.partition,
      regions: provingRegions(environment, policy),
      sts: stsOf(hub),
      proofs: new DynamoProofStore({
        client: new DynamoDBClient({ region }),
        tableName: environment.PROOF_TABLE,
      }),
    },
    ticketsOf: (version) => ticketSystemOf(version, hub.clock, token),
    // Values of secrets are for the role that rotates, which the function that answers callers has not.
    planning: (context, { janitor }) => planningContext(context, janitor),
    carryOut: (order) => startCarryingOut(events, bus, order),
  };
  return serviceOf(desk);
}

/** The connection to STS that the process has anyway; it follows no redirect. */
function stsOf({ clients }: Hub): HttpHandler {
  const { requestHandler } = clients.sts.config;
  return {
    handle: (request, options) => requestHandler.handle(request, options),
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  };
}
