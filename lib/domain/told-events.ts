import { lazily } from './lazily.ts';
import * as z from './zod.ts';

/**
 * What somebody is told of on the chain of a request, an exception or a challenge.
 * pending: that he may decide about it, and how; opened: that something of his is challenged, which others decide;
 * approved: that it is going to be done; outcome: how it ended.
 */
export const TOLD_ABOUT = ['pending', 'opened', 'approved', 'outcome'] as const;
export type ToldAbout = (typeof TOLD_ABOUT)[number];

/** accepted: the route took the notice over; refused: this person cannot be reached that way, and is not tried again. */
const toldEvent = lazily(() =>
  z.strictObject({
    noticeId: z.string().check(z.minLength(1)),
    recipient: z.string().check(z.minLength(1)),
    about: z.enum(TOLD_ABOUT),
    outcome: z.enum(['accepted', 'refused']),
  }),
);

/** One event after each notice; it changes nothing of what the chain is about. How to add one: event-data.ts. */
export const toldEventSchemas = {
  'request.told': toldEvent,
  'exception.told': toldEvent,
  'challenge.told': toldEvent,
} as const;
