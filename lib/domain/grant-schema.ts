import { actorSchema } from './actor.ts';
import { approvalSchema, evidenceReferenceSchema } from './event.ts';
import type { Grant } from './grant.ts';
import { END_CAUSES, ERRANDS, grantEventSchemas } from './grant-events.ts';
import { lazily } from './lazily.ts';
import { instantSchema } from './time.ts';
import * as z from './zod.ts';

/** A schema for every field, so that one added to a type is not forgotten here. */
type Shape<T> = { readonly [K in keyof Required<T>]: z.ZodMiniType };

/** A grant as a projection stores it and reads it back: what was folded from its chain. */
export const grantSchema = lazily(
  (): z.ZodMiniType<Grant> =>
    z.strictObject({
      ...grantEventSchemas['grant.requested']().shape,
      grantId: z.string(),
      requestedBy: actorSchema,
      requestedAt: instantSchema,
      policyHash: z.string(),
      reason: z.string(),
      ticket: z.string(),
      endsAt: instantSchema,
      approvals: z.array(approvalSchema),
      lapsedAt: z.exactOptional(instantSchema),
      activatedAt: z.exactOptional(instantSchema),
      accessKeyIds: z.array(z.string()),
      sessions: z.int().check(z.nonnegative()),
      intendedAt: z.exactOptional(instantSchema),
      errands: z.array(z.enum(ERRANDS)),
      ending: z.exactOptional(
        z.strictObject({ cause: z.enum(END_CAUSES), at: instantSchema, by: actorSchema }),
      ),
      failure: z.exactOptional(z.string()),
      endedAt: z.exactOptional(instantSchema),
      lookedAt: z.exactOptional(instantSchema),
      evidence: z.exactOptional(
        z.extend(grantEventSchemas['grant.evidence-attached'](), {
          reference: z.exactOptional(evidenceReferenceSchema),
        }),
      ),
      shells: z.exactOptional(grantEventSchemas['grant.shells-ended']()),
      shellsFailure: z.exactOptional(z.string()),
      reviews: z.array(
        z.strictObject({
          ...grantEventSchemas['grant.reviewed']().shape,
          by: actorSchema,
          at: instantSchema,
        }),
      ),
      drill: z.exactOptional(z.extend(grantEventSchemas['grant.drilled'](), { at: instantSchema })),
    } satisfies Shape<Grant>),
);
