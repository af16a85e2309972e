import { JanitorError } from '../domain/error.ts';
import { noticeItemSchema } from '../domain/event-data.ts';
import * as z from '../domain/zod.ts';

const noticeSchema = z.lazy(() =>
  z.strictObject({
    id: z.string(),
    recipient: z.strictObject({ id: z.string(), label: z.string(), mail: z.optional(z.string()) }),
    subject: z.string(),
    text: z.string(),
    /** What the text speaks of: every finding that it names, no other. */
    items: z.array(z.omit(noticeItemSchema(), { ruleHash: true })),
  }),
);

/** One message to one owner. Plain text; nothing in it approves anything by being opened or clicked. */
export type Notice = z.infer<typeof noticeSchema>;

/** A notice that was kept as JSON; throws `notice-unreadable`. */
export function parseNotice(text: string): Notice {
  try {
    return noticeSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new JanitorError('A stored notice is not one that can be read', {
      code: 'notice-unreadable',
      source: 'system',
      hint: 'Run `janitor ledger verify` to see whether the evidence was altered.',
      cause,
    });
  }
}

/**
 * accepted: the route took it over for delivery, which a bounce may still contradict. refused: this recipient was
 * not told and trying again would not help. unknown: nobody can tell; the same notice may be delivered again.
 */
export type DeliveryResult =
  | { readonly outcome: 'accepted'; readonly receipt: string }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly reason: string };

export interface NoticeDelivery {
  /** Names the route in the ledger, such as `ses` or `file`. */
  readonly route: string;
  /** Delivers a notice; never throws. Routes that know the notice id already do not deliver it twice. */
  deliver(notice: Notice): Promise<DeliveryResult>;
}

/** A notice id as a file name and as a message tag, both of which know no slash. */
export function slugOfNotice(noticeId: string): string {
  if (!/^[A-Za-z0-9/-]{1,200}$/.test(noticeId)) {
    throw new JanitorError(`"${noticeId}" is not a notice id`, {
      code: 'notice-id-invalid',
      source: 'system',
      hint: 'A notice id is made of letters, digits, slashes and hyphens.',
    });
  }
  return noticeId.replaceAll('/', '_');
}

export function noticeOfSlug(slug: string): string {
  return slug.replaceAll('_', '/');
}
