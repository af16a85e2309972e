import { IAMClient } from '@aws-sdk/client-iam';
import type { BreakGlassService } from '../../api/index.ts';
import type { IssuedSession } from '../../break-glass/index.ts';
import { readRole } from '../../identity/index.ts';
import { breakGlassServiceOf } from '../break-glass/service.ts';
import type { Environment } from './environment.ts';
import { type GrantVariables, openGrantDesk } from './grant-desk.ts';
import { standingOfAccount } from './standing-of-account.ts';

type BrokerVariables = GrantVariables & Pick<Environment, 'ACCOUNTS' | 'HUB_ACCOUNT'>;

/** The service behind the deployed break-glass routes; opened once per process. */
export async function openBroker(
  environment: BrokerVariables,
  report: (what: string, error: unknown) => void,
): Promise<BreakGlassService> {
  const { HOME_REGION: region, HUB_ACCOUNT: hub } = environment;
  const { desk } = await openGrantDesk(environment, report);
  const iam = new IAMClient({ region });
  return breakGlassServiceOf({
    ...desk,
    lookups: {
      // A role of another account cannot be looked up, so its sessions stay the workloads they claim to be.
      roleOf: async (accountId, name) => (accountId === hub ? readRole({ iam }, name) : undefined),
      standingOf: standingOfAccount(environment, desk.clock),
    },
    iamAs: (session) => new IAMClient({ region, credentials: revealed(session) }),
  });
}

function revealed({ accessKeyId, secretAccessKey, sessionToken }: IssuedSession) {
  return {
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    sessionToken: sessionToken.reveal(),
  };
}
