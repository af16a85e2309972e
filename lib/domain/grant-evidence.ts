import type { CredentialHistory } from './history.ts';
import { lazily } from './lazily.ts';
import { type Instant, instantSchema, MINUTE_MS } from './time.ts';
import * as z from './zod.ts';

/** CloudTrail delivers within about five minutes and says fifteen at most, in milliseconds. */
export const DELIVERED_WITHIN_MS = 15 * MINUTE_MS;

/** The kind of an event's reference to it. */
export const GRANT_EVIDENCE = 'session';

/** A credential that a call made or gave a value to (written), or whose value it showed (read). */
export const touchedSchema = z.lazy(() =>
  z.strictObject({
    kind: z.enum(['access-key', 'secret']),
    how: z.enum(['read', 'written']),
    /** As the call named it: an access key id; the name or the ARN of a secret. */
    name: z.string().check(z.minLength(1)),
    /** Of the access key, where the call says it. */
    userName: z.optional(z.string()),
  }),
);
export type Touched = z.infer<typeof touchedSchema>;

/** One call of a grant's sessions: what names it, never what was sent or answered. */
export const usedCallSchema = z.lazy(() =>
  z.strictObject({
    eventId: z.string(),
    at: instantSchema,
    /** `iam` of `iam.amazonaws.com`. */
    service: z.string(),
    action: z.string(),
    region: z.string(),
    readOnly: z.optional(z.boolean()),
    resources: z.array(z.string()),
    error: z.optional(z.string()),
    accessKeyId: z.string(),
    touched: z.optional(z.array(touchedSchema)),
  }),
);
export type UsedCall = z.infer<typeof usedCallSchema>;

/** What a look at CloudTrail showed of a grant: one object of the evidence store. */
export const grantEvidenceSchema = lazily(() =>
  z.strictObject({
    schemaVersion: z.literal(1),
    grantId: z.string(),
    accountId: z.string(),
    lookedAt: instantSchema,
    /** Where and by what was looked: the name of its sessions, and each of their access keys. */
    regions: z.array(z.string()),
    accessKeyIds: z.array(z.string()),
    complete: z.boolean(),
    /** What could not be read, or may still arrive; empty when complete. */
    missing: z.array(z.string()),
    /** Oldest first. */
    events: z.array(usedCallSchema),
  }),
);
export type GrantEvidence = z.infer<ReturnType<typeof grantEvidenceSchema>>;

/**
 * Under this name a finding stands on the chain of a credential that was made or shown during a grant. It is no rule of a
 * policy: nothing is done to the credential by itself, and it is open until the credential was rotated since, or is gone.
 */
export const EXPOSED_RULE = 'break-glass-exposed';

/** Since when a credential may be known to somebody who had a grant, and was not rotated since; undefined: it is not. */
export function exposedSince({ findings, rotation }: CredentialHistory): Instant | undefined {
  const openedAt = Object.hasOwn(findings, EXPOSED_RULE) ? findings[EXPOSED_RULE]?.openedAt : undefined;
  if (openedAt === undefined) return undefined;
  const isRotated = rotation?.state === 'finished' && rotation.at >= openedAt;
  return isRotated ? undefined : openedAt;
}
