import * as z from '../../domain/zod.ts';
import type { renderExplanation } from '../../ledger/index.ts';

type Explanation = Parameters<typeof renderExplanation>[0];

const shape = z.looseObject({
  schemaVersion: z.literal(1),
  kind: z.string(),
  subject: z.string(),
  at: z.string(),
  summary: z.string(),
  facts: z.array(z.looseObject({ name: z.string() })),
  timeline: z.array(z.looseObject({ at: z.string(), text: z.string(), eventId: z.string() })),
  holds: z.array(z.looseObject({ until: z.string() })),
  next: z.string(),
  notes: z.array(z.string()),
  chainVerified: z.boolean(),
  events: z.array(z.unknown()),
});

/** Whether what an API answered can be told in words here: one of a newer version may have another shape. */
export function isExplanation(answer: unknown): answer is Explanation {
  return shape.safeParse(answer).success;
}
