import { actorSchema } from './actor.ts';
import { taggedHash } from './canonical.ts';
import { type EventType, eventDataSchemas } from './event-data.ts';
import { fromMillis, type Instant, instantSchema, MINUTE_MS, toMillis } from './time.ts';
import * as z from './zod.ts';

/** The exact change (G2): action, resource, parameters, what was there before and what shall be there after. */
export const scopeSchema = z.lazy(() =>
  z.strictObject({
    action: z.string(),
    resource: z.string(),
    region: z.optional(z.string()),
    parameters: z.record(z.string(), z.unknown()),
    before: z.record(z.string(), z.unknown()),
    after: z.record(z.string(), z.unknown()),
  }),
);
export type Scope = z.infer<typeof scopeSchema>;

export const approvalSchema = z.lazy(() => z.strictObject({ actor: actorSchema, at: instantSchema }));
export type Approval = z.infer<typeof approvalSchema>;

export const evidenceReferenceSchema = z.lazy(() =>
  z.strictObject({
    kind: z.string(),
    key: z.string(),
    sha256: z.string(),
  }),
);
export type EvidenceReference = z.infer<typeof evidenceReferenceSchema>;

const envelope = () => ({
  id: z.uuidv7(),
  subject: z.string().check(z.minLength(1)),
  seq: z.int().check(z.positive()),
  at: instantSchema,
  /** The 15-minute interval of `at`, indexed for recovery and export. */
  bucket: z.string(),
  actor: actorSchema,
  policyHash: z.optional(z.string()),
  rule: z.optional(z.string()),
  ruleHash: z.optional(z.string()),
  controls: z.optional(z.array(z.string())),
  reason: z.optional(z.string()),
  scope: z.optional(scopeSchema),
  justification: z.optional(z.string()),
  ticket: z.optional(z.string()),
  approvals: z.optional(z.array(approvalSchema)),
  expiresAt: z.optional(instantSchema),
  evidence: z.optional(z.array(evidenceReferenceSchema)),
  requestIds: z.optional(z.array(z.string())),
  /** Hash of the event before it on this chain; null for the first. */
  prevHash: z.nullable(z.string()),
  hash: z.string(),
});

type EventOf<T extends EventType> = z.infer<z.ZodMiniObject<ReturnType<typeof envelope>, z.core.$strict>> & {
  readonly type: T;
  readonly data: z.infer<ReturnType<(typeof eventDataSchemas)[T]>>;
};
/** One immutable ledger entry. */
export type LedgerEvent = { [T in EventType]: EventOf<T> }[EventType];

type Sealed = 'id' | 'subject' | 'seq' | 'bucket' | 'prevHash' | 'hash';
/** What a caller hands to `append`; the ledger adds identity, place in the chain and hashes. */
export type EventDraft = { [T in EventType]: Omit<EventOf<T>, Sealed> & { readonly id?: string } }[EventType];

const envelopeSchema = z.lazy(() => z.strictObject({ ...envelope(), type: z.string(), data: z.unknown() }));

function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventDataSchemas, type);
}

/** Parses a stored event strictly: unknown types, keys and shapes are refused (returned as an issue text). */
export function parseEvent(
  input: unknown,
): { readonly ok: true; readonly event: LedgerEvent } | { readonly ok: false; readonly reason: string } {
  const parsed = envelopeSchema.safeParse(input);
  if (!parsed.success) return { ok: false, reason: z.prettifyError(parsed.error) };
  if (!isEventType(parsed.data.type))
    return { ok: false, reason: `unknown event type "${parsed.data.type}"` };
  const data = eventDataSchemas[parsed.data.type]().safeParse(parsed.data.data);
  if (!data.success) return { ok: false, reason: z.prettifyError(data.error) };
  return { ok: true, event: { ...parsed.data, data: data.data } as LedgerEvent };
}

/** SHA-256 over the domain tag and the canonical JSON of everything but `hash` itself. */
export function hashOfEvent(event: Omit<LedgerEvent, 'hash'>): string {
  const { hash: _ignored, ...rest } = { hash: undefined, ...event };
  return taggedHash('credential-janitor/event/v1', rest);
}

const BUCKET_MS = 15 * MINUTE_MS;

/** The start of the 15-minute interval an instant falls in, e.g. `2026-01-31T09:15Z`. */
export function bucketOf(at: Instant): string {
  return `${fromMillis(Math.floor(toMillis(at) / BUCKET_MS) * BUCKET_MS).slice(0, 16)}Z`;
}

/** Every bucket that touches the closed interval, oldest first. */
export function bucketsBetween(from: Instant, to: Instant): string[] {
  const buckets: string[] = [];
  for (let t = Math.floor(toMillis(from) / BUCKET_MS) * BUCKET_MS; t <= toMillis(to); t += BUCKET_MS) {
    buckets.push(bucketOf(fromMillis(t)));
  }
  return buckets;
}
