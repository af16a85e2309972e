import { actorSchema } from './actor.ts';
import type { Incident } from './incident.ts';
import { incidentCallSchema, incidentEventSchemas } from './incident-events.ts';
import { lazily } from './lazily.ts';
import { instantSchema } from './time.ts';
import * as z from './zod.ts';

/** A schema for every field, so that one added to a type is not forgotten here. */
type Shape<T> = { readonly [K in keyof Required<T>]: z.ZodMiniType };

/** An incident as a projection stores it and reads it back: what was folded from its chain. */
export const incidentSchema = lazily(
  (): z.ZodMiniType<Incident> =>
    z.strictObject({
      ...incidentEventSchemas['incident.opened']().shape,
      incidentId: z.string(),
      openedAt: instantSchema,
      calls: z.array(incidentCallSchema),
      explanation: z.exactOptional(
        z.strictObject({ by: actorSchema, at: instantSchema, reason: z.string(), ticket: z.string() }),
      ),
      review: z.exactOptional(
        z.strictObject({
          ...incidentEventSchemas['incident.reviewed']().shape,
          by: actorSchema,
          at: instantSchema,
        }),
      ),
    } satisfies Shape<Incident>),
);
