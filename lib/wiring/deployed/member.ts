import { PURPOSE_OF_CHANGE, type RolePurpose, sessionPolicyFor } from '../../actions/index.ts';
import { type AwsClients, assumedRole, createAwsClients } from '../../aws/index.ts';
import type { Credential } from '../../domain/credential.ts';
import { JanitorError } from '../../domain/error.ts';
import type { ChangeKind } from '../../domain/event-data.ts';
import type { Refusal } from '../../domain/verdict.ts';
import type { OpenActing } from '../../sweep/index.ts';
import type { OpenRotator } from '../rotate-key.ts';
import type { Environment } from './environment.ts';
import type { Hub } from './hub.ts';
import { memberRoleArn } from './member-role.ts';

export interface MemberAccess extends Pick<Environment, 'HOME_REGION' | 'MEMBER_ROLE_PREFIX'> {
  readonly accountId: string;
  /** Who asks, as CloudTrail of the account shows it: the run or what else explains the session. */
  readonly sessionName: string;
}

export type OpenMember =
  | { readonly ok: true; readonly clients: AwsClients }
  /** The account does not let us in: no role there, or not for us. */
  | { readonly ok: false; readonly reason: string };

/** Clients that read an account through its read role. Throws what is no refusal, such as throttling. */
export async function openMember(hub: Hub, access: MemberAccess): Promise<OpenMember> {
  const credentials = assumed(hub, access, 'read');
  try {
    await credentials();
  } catch (error) {
    if (error instanceof JanitorError && error.source === 'access')
      return { ok: false, reason: error.message };
    throw error;
  }
  return { ok: true, clients: await createAwsClients({ region: access.HOME_REGION, credentials }) };
}

/**
 * Opens a session for each change: by the role of its purpose, narrowed to the calls of this change on this credential.
 * An account that has no such role answers with a refusal, which holds the step.
 */
export function actingIn(hub: Hub, access: MemberAccess): OpenActing {
  return async (change, credential, secretId) => {
    const session = await openSession(hub, access, { change, credential, secretId });
    return session.ok ? { ok: true, clients: session.clients.acting } : session;
  };
}

/** Opens a session of the role that rotates, narrowed to one key and the secret that holds it. */
export function rotatorIn(hub: Hub, access: MemberAccess): OpenRotator {
  return async (credential, secretId) => {
    const session = await openSession(hub, access, { change: 'rotate', credential, secretId });
    return session.ok ? { ...session, close: () => session.clients.close() } : session;
  };
}

/** One change of one credential; an access key is rotated in a secret. */
interface Only {
  readonly change: ChangeKind;
  readonly credential: Credential;
  readonly secretId?: string | undefined;
}

async function openSession(
  hub: Hub,
  access: MemberAccess,
  only: Only,
): Promise<{ readonly ok: true; readonly clients: AwsClients } | ({ readonly ok: false } & Refusal)> {
  const credentials = assumed(hub, access, PURPOSE_OF_CHANGE[only.change], only);
  try {
    await credentials();
  } catch (error) {
    if (!(error instanceof JanitorError) || error.source !== 'access') throw error;
    return { ok: false, code: 'acting-role-refused', reason: error.message };
  }
  return { ok: true, clients: await createAwsClients({ region: access.HOME_REGION, credentials }) };
}

function assumed(
  hub: Hub,
  { accountId, MEMBER_ROLE_PREFIX, sessionName }: MemberAccess,
  purpose: RolePurpose,
  only?: Only,
) {
  return assumedRole(
    hub.clients.sts,
    {
      roleArn: memberRoleArn({ partition: hub.partition, accountId, MEMBER_ROLE_PREFIX }, purpose),
      sessionName: sessionName.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64),
      ...(only === undefined
        ? {}
        : { sessionPolicy: sessionPolicyFor(only.change, only.credential, only.secretId) }),
    },
    Date.now,
  );
}
