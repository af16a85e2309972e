import { JanitorError } from '../domain/error.ts';
import type { RotationContext, StepRequest } from './context.ts';
import type { Creation } from './create-secret.ts';
import { RotationRecord } from './record.ts';
import { passesByItself } from './trouble.ts';

/**
 * Records that a rotation failed, unless the trouble passes by itself. One of the janitor's own that had not begun leaves
 * no trace: it was refused. Returns what is to be told of it. Where the ledger cannot be written, that is the trouble.
 */
export async function recordFailure(
  context: RotationContext,
  request: StepRequest,
  { error, creation }: { readonly error: JanitorError; readonly creation: Creation | undefined },
): Promise<{ readonly outcome: 'refused' | 'failed' | 'interrupted'; readonly error: JanitorError }> {
  if (passesByItself(error)) return { outcome: 'interrupted', error };
  const credentialId = request.credentialId ?? request.secretId;
  const record = creation?.record ?? new RotationRecord(context, request, credentialId);
  try {
    if (request.driver === 'secrets-manager') await record.begin();
    if ((await record.state()) === undefined) return { outcome: 'refused', error };
    await record.failed(error);
    return { outcome: 'failed', error };
  } catch (ledgerError) {
    if (!(ledgerError instanceof JanitorError)) throw ledgerError;
    return { outcome: 'interrupted', error: ledgerError };
  }
}
