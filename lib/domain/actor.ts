import * as z from './zod.ts';

/**
 * Who did or asked for something, set by the service from the authenticated caller (G1).
 * `person` is the directory's id and present only when resolved; `claimed` is a session name its caller chose.
 */
export const actorSchema = z.lazy(() =>
  z.strictObject({
    kind: z.enum(['person', 'workload', 'unresolved']),
    arn: z.string(),
    person: z.optional(z.string()),
    claimed: z.optional(z.string()),
    outsideParty: z.optional(z.string()),
  }),
);
export type Actor = z.infer<typeof actorSchema>;

/** Two actors are one when they resolve to one person, or else share an ARN. */
export function sameActor(a: Actor, b: Actor): boolean {
  if (a.person !== undefined || b.person !== undefined) return a.person === b.person;
  return a.arn === b.arn;
}

export function actorLabel(actor: Actor): string {
  return actor.person ?? (actor.claimed === undefined ? actor.arn : `${actor.arn} (claims ${actor.claimed})`);
}
