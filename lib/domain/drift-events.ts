import { textSchema as text } from './common-schemas.ts';
import { lazily } from './lazily.ts';
import * as z from './zod.ts';

/**
 * Events on `grant#drift/<account>`: what of the account's break-glass roles is not as it has to be. Recorded when it
 * changes, not each time somebody looks. How to add one: event-data.ts.
 */
export const driftEventSchemas = {
  'drift.found': lazily(() =>
    z.strictObject({
      /** ARN of the role or the policy that differs. */
      resource: text,
      /** What differs, in words. */
      differences: z.array(text).check(z.minLength(1)),
      /** Of what is there: another hash is another drift. */
      hash: text,
    }),
  ),
  'drift.mended': lazily(() => z.strictObject({ resource: text })),
} as const;
