import type { DeliveryResult, Notice } from './notice.ts';
import { oneLine } from './plain-text.ts';

/** One plain address: no display name, no list, nothing that could start another header. */
const ADDRESS = /^[^\s\p{Cc}\p{Cf}<>()[\]\\,;:"@]+@[^\s\p{Cc}\p{Cf}<>()[\]\\,;:"@]+$/u;

/** The address of a recipient, or why a route by mail cannot reach them. */
export function mailOf(
  recipient: Notice['recipient'],
): { readonly ok: true; readonly mail: string } | { readonly ok: false; readonly refusal: DeliveryResult } {
  const { id, mail } = recipient;
  if (mail === undefined) return refusal(`${oneLine(id)} has no mail address in the directory`);
  if (!ADDRESS.test(mail)) {
    return refusal(
      `the mail address of ${oneLine(id)} in the directory is not one address: ${oneLine(mail, 100)}`,
    );
  }
  return { ok: true, mail };
}

function refusal(reason: string) {
  return { ok: false, refusal: { outcome: 'refused', reason } } as const;
}
