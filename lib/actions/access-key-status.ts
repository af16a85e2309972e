import { UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import type { Credential } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import type { Scope } from '../domain/event.ts';
import * as z from '../domain/zod.ts';
import { ABSENT, type KeyAddress, keyAddress, readKeyStatus, userLabel } from './access-key-holder.ts';
import { type ActingClients, attempt, mustNotRetry } from './attempt.ts';
import { type ChangeReader, type Prepared, refused } from './change.ts';

const ACTION = 'iam:UpdateAccessKey';
const status = z.enum(['Active', 'Inactive']);
const scopeSchema = z.lazy(() =>
  z.strictObject({
    action: z.literal(ACTION),
    resource: z.string(),
    parameters: z.strictObject({ UserName: z.string(), AccessKeyId: z.string(), Status: status }),
    before: z.strictObject({ status }),
    after: z.strictObject({ status }),
  }),
);
type KeyStatus = z.infer<typeof status>;

function scopeOf(address: KeyAddress, before: KeyStatus, after: KeyStatus): Scope {
  const { userArn, userName, accessKeyId } = address;
  return {
    action: ACTION,
    resource: userArn,
    parameters: { UserName: userName, AccessKeyId: accessKeyId, Status: after },
    before: { status: before },
    after: { status: after },
  };
}

/** Disabling makes a key Inactive. A key that is so already is quarantined as it is, and stays so when restored. */
export async function prepareKeyDisable(clients: ActingClients, credential: Credential): Promise<Prepared> {
  const key = keyAddress(credential);
  if (!key.ok) return key.refusal;
  const now = await readKeyStatus(clients.iam, key.address);
  if (!now.ok) return refused('unreadable', now.reason);
  if (now.value === ABSENT) return refused('gone', `access key ${key.address.accessKeyId} no longer exists`);
  const known = status.safeParse(now.value);
  if (known.success) return { ok: true, scope: scopeOf(key.address, known.data, 'Inactive') };
  const reason = `access key ${key.address.accessKeyId} has the status ${now.value}, which could not be given back`;
  return refused('status-unsupported', reason);
}

/** The reverse of disabling: gives back the status that the quarantine found, unless somebody changed it since (I8). */
export async function prepareKeyEnable(
  clients: ActingClients,
  credential: Credential,
  quarantine: Scope,
): Promise<Prepared> {
  const left = scopeSchema.safeParse(quarantine).data;
  if (left?.parameters.AccessKeyId !== credential.name || left.after.status !== 'Inactive') {
    throw new JanitorError(`The scope given is not the quarantine of ${credential.id}`, {
      code: 'scope-mismatch',
      source: 'system',
    });
  }
  const { UserName: userName, AccessKeyId: accessKeyId } = left.parameters;
  const address = { userArn: left.resource, userName, accessKeyId };
  if (left.before.status === 'Inactive') {
    return refused('nothing-to-undo', `access key ${accessKeyId} was inactive before we disabled it`);
  }
  const now = await readKeyStatus(clients.iam, address);
  if (!now.ok) return refused('unreadable', now.reason);
  if (now.value === ABSENT) return refused('gone', `access key ${accessKeyId} no longer exists`);
  if (now.value === left.after.status) return { ok: true, scope: scopeOf(address, 'Inactive', 'Active') };
  const reason = `access key ${accessKeyId} is ${now.value} now; we left it ${left.after.status}, so somebody changed it since`;
  return refused('changed-since', reason);
}

export const readKeyStatusChange: ChangeReader = (scope) => {
  const parsed = scopeSchema.safeParse(scope);
  if (!parsed.success) return undefined;
  const { parameters, before, after, resource } = parsed.data;
  return {
    async perform(clients, options) {
      await mustNotRetry(clients.iam);
      const answer = await attempt(ACTION, options, (http) =>
        clients.iam.send(new UpdateAccessKeyCommand(parameters), http),
      );
      if (answer.outcome !== 'accepted') return answer;
      return { outcome: 'accepted', requestIds: answer.requestIds };
    },
    async readBack(clients) {
      const now = await readKeyStatus(clients.iam, {
        userName: parameters.UserName,
        accessKeyId: parameters.AccessKeyId,
      });
      if (!now.ok) return { state: 'unreadable', observed: { reason: now.reason } };
      const observed = { status: now.value };
      if (now.value === after.status) return { state: 'applied', observed };
      return { state: now.value === before.status ? 'not-applied' : 'other', observed };
    },
    describe() {
      const verb = after.status === 'Inactive' ? 'Disable' : 'Enable';
      const which = `access key ${parameters.AccessKeyId} of user ${userLabel(resource)}`;
      return `${verb} ${which} (${ACTION} Status ${before.status} -> ${after.status})`;
    },
  };
};
