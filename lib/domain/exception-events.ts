import { actorSchema } from './actor.ts';
import { textSchema as text } from './common-schemas.ts';
import { lazily } from './lazily.ts';
import { conditionsSchema, exceptionScopeSchema, REASON_KINDS, requestIdSchema } from './request-events.ts';
import { instantSchema } from './time.ts';
import * as z from './zod.ts';

/** Why an exception ended without anybody ending it. */
export const EXPIRY_CAUSES = ['end', 'condition', 'challenge-undecided'] as const;
export type ExpiryCause = (typeof EXPIRY_CAUSES)[number];

/**
 * Events on `exception#<id>`. The id is that of the request it came of; its end is `expiresAt` of the first event. How to
 * add one: event-data.ts.
 */
export const exceptionEventSchemas = {
  'exception.proposed': lazily(() =>
    z.strictObject({
      requestHash: text,
      /** The original requester, whoever called for it (G1). */
      requestedBy: actorSchema,
      scope: exceptionScopeSchema,
      while: conditionsSchema,
      reasonKind: z.enum(REASON_KINDS),
      businessOwner: text,
      /** Persons who asked for it or are served by it. */
      parties: z.array(text),
      /** The credential's owner when it began; required where the owner must stay the same. */
      owner: z.optional(text),
      renews: z.optional(requestIdSchema),
      exemptSince: instantSchema,
    }),
  ),
  'exception.activated': lazily(() => z.strictObject({})),
  'exception.challenged': lazily(() => z.strictObject({ challengeId: text, decideBy: instantSchema })),
  /** The challenge was dismissed: active again, with the end it had. */
  'exception.cleared': lazily(() => z.strictObject({ challengeId: text })),
  'exception.expired': lazily(() => z.strictObject({ cause: z.enum(EXPIRY_CAUSES) })),
  'exception.revoked': lazily(() => z.strictObject({ challengeId: z.optional(text) })),
  'exception.renewed': lazily(() => z.strictObject({ renewedBy: requestIdSchema })),
} as const;
