import type { CredentialHistory } from '../../domain/history.ts';
import { recordDeciding } from '../append.ts';
import type { ActingContext } from '../context.ts';
import { plainFields, recordable } from '../draft.ts';
import { stopRotations } from './stop.ts';

/** Records that the rotation which has begun failed, and stops those of the account. */
export async function failRotation(
  context: ActingContext,
  credentialId: string,
  history: CredentialHistory,
  { code, reason }: { readonly code: string; readonly reason: string },
): Promise<CredentialHistory> {
  const recorded = await recordDeciding(context.record, credentialId, history, ({ rotation }) => {
    if (rotation?.state !== 'begun') return undefined;
    const { rotationId, secretId } = rotation;
    return {
      ...plainFields(context),
      type: 'rotation.failed',
      reason: recordable(reason),
      data: { rotationId, secretId, code },
    };
  });
  const { rotation } = recorded.history;
  const place = { accountId: context.accountId, credentialId };
  if (rotation !== undefined) await stopRotations(context, place, rotation, reason);
  return recorded.history;
}
