import * as z from 'zod';
import { actorSchema } from './actor.ts';
import { approvalSchema, evidenceReferenceSchema } from './event.ts';
import type { Grant } from './grant.ts';
import { END_CAUSES, ERRANDS, grantEventSchemas } from './grant-events.ts';
import { lazily } from './lazily.ts';
import { instantSchema } from './time.ts';

/** A schema for every field, so that one added to a type is not forgotten here. */
type Shape<T> = { readonly [K in keyof Required<T>]: z.ZodType };

/** A grant as a projection stores it and reads it back: what was folded from its chain. */
export const grantSchema = lazily(
  (): z.ZodType<Grant> =>
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
      lapsedAt: instantSchema.exactOptional(),
      activatedAt: instantSchema.exactOptional(),
      accessKeyIds: z.array(z.string()),
      sessions: z.number().int().nonnegative(),
      intendedAt: instantSchema.exactOptional(),
      errands: z.array(z.enum(ERRANDS)),
      ending: z
        .strictObject({ cause: z.enum(END_CAUSES), at: instantSchema, by: actorSchema })
        .exactOptional(),
      failure: z.string().exactOptional(),
      endedAt: instantSchema.exactOptional(),
      lookedAt: instantSchema.exactOptional(),
      evidence: grantEventSchemas['grant.evidence-attached']()
        .extend({ reference: evidenceReferenceSchema.exactOptional() })
        .exactOptional(),
      shells: grantEventSchemas['grant.shells-ended']().exactOptional(),
      shellsFailure: z.string().exactOptional(),
      reviews: z.array(
        z.strictObject({
          ...grantEventSchemas['grant.reviewed']().shape,
          by: actorSchema,
          at: instantSchema,
        }),
      ),
      drill: grantEventSchemas['grant.drilled']().extend({ at: instantSchema }).exactOptional(),
    } satisfies Shape<Grant>),
);
