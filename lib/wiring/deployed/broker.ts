import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { BreakGlassService } from '../../api/index.ts';
import { awsError } from '../../aws/index.ts';
import type { IssuedSession } from '../../break-glass/index.ts';
import type { RoleIdentity } from '../../identity/index.ts';
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
      roleOf: async (accountId, name) => (accountId === hub ? roleNamed(iam, name) : undefined),
      standingOf: standingOfAccount(environment, desk.clock),
    },
    iamAs: (session) => new IAMClient({ region, credentials: revealed(session) }),
  });
}

/**
 * The role of a caller; undefined when there is none or it may not be looked at. Trouble is thrown: an engineer whose role
 * cannot be read just now is not somebody who may have none.
 */
async function roleNamed(iam: IAMClient, RoleName: string): Promise<RoleIdentity | undefined> {
  try {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const { RoleId: roleId, Path: path } = Role ?? {};
    return roleId === undefined || path === undefined ? undefined : { roleId, path };
  } catch (error) {
    const failure = awsError(error, `iam:GetRole of ${RoleName}`);
    if (failure.code === 'aws-not-found' || failure.code === 'aws-denied') return undefined;
    throw failure;
  }
}

function revealed({ accessKeyId, secretAccessKey, sessionToken }: IssuedSession) {
  return {
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    sessionToken: sessionToken.reveal(),
  };
}
