import { DeleteAccessKeyCommand } from '@aws-sdk/client-iam';
import type { Credential } from '../domain/credential.ts';
import * as z from '../domain/zod.ts';
import { ABSENT, keyAddress, readKeyStatus, userLabel } from './access-key-holder.ts';
import { type ActingClients, attempt, mustNotRetry } from './attempt.ts';
import { type ChangeReader, type Prepared, refused } from './change.ts';

const ACTION = 'iam:DeleteAccessKey';
const scopeSchema = z.lazy(() =>
  z.strictObject({
    action: z.literal(ACTION),
    resource: z.string(),
    parameters: z.strictObject({ UserName: z.string(), AccessKeyId: z.string() }),
    before: z.strictObject({ status: z.literal('Inactive') }),
    after: z.strictObject({ status: z.literal(ABSENT) }),
  }),
);

/** Irreversible. AWS would delete an active key too; we delete none that is not inactive now (I4). */
export async function prepareKeyDeletion(clients: ActingClients, credential: Credential): Promise<Prepared> {
  const key = keyAddress(credential);
  if (!key.ok) return key.refusal;
  const { userArn, userName, accessKeyId } = key.address;
  const now = await readKeyStatus(clients.iam, key.address);
  if (!now.ok) return refused('unreadable', now.reason);
  if (now.value === ABSENT) return refused('gone', `access key ${accessKeyId} no longer exists`);
  if (now.value !== 'Inactive') {
    return refused(
      'not-quarantined',
      `access key ${accessKeyId} is ${now.value}; only an inactive key is deleted`,
    );
  }
  const scope = {
    action: ACTION,
    resource: userArn,
    parameters: { UserName: userName, AccessKeyId: accessKeyId },
    before: { status: now.value },
    after: { status: ABSENT },
  };
  return { ok: true, scope };
}

export const readKeyDeletion: ChangeReader = (scope) => {
  const parsed = scopeSchema.safeParse(scope);
  if (!parsed.success) return undefined;
  const { parameters, before, resource } = parsed.data;
  return {
    async perform(clients, options) {
      await mustNotRetry(clients.iam);
      const answer = await attempt(ACTION, options, (http) =>
        clients.iam.send(new DeleteAccessKeyCommand(parameters), http),
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
      if (now.value === ABSENT) return { state: 'applied', observed };
      return { state: now.value === before.status ? 'not-applied' : 'other', observed };
    },
    describe: () =>
      `Delete access key ${parameters.AccessKeyId} of user ${userLabel(resource)} (${ACTION}, irreversible)`,
  };
};
