import type { Hold, OpenIntent } from '../domain/history.ts';
import type { Instant } from '../domain/time.ts';
import { recordDeciding } from './append.ts';
import type { RecordingContext } from './context.ts';
import { plainFields } from './draft.ts';

/**
 * Puts a hold on a credential. It is on the chain before this returns; when an act was already intended by then, the
 * caller is told of it (I21).
 */
export async function placeHold(
  context: RecordingContext,
  credentialId: string,
  hold: { readonly kind: Hold['kind']; readonly reason: string; readonly until: Instant },
): Promise<{ readonly holdId: string; readonly openIntent?: OpenIntent }> {
  let holdId = '';
  const before = await context.record.read(credentialId);
  const { history } = await recordDeciding(context.record, credentialId, before, (current) => {
    holdId = `hold/${current.seq + 1}`;
    return {
      ...plainFields(context),
      type: 'hold.placed',
      reason: hold.reason,
      expiresAt: hold.until,
      data: { holdId, kind: hold.kind },
    };
  });
  return { holdId, ...(history.openIntent === undefined ? {} : { openIntent: history.openIntent }) };
}
