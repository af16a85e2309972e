import { accountIdSchema } from '../domain/common-schemas.ts';
import { lazily } from '../domain/lazily.ts';
import { lineOf, requestContentSchema, requestIdSchema } from '../domain/request-events.ts';
import { STEP_KINDS } from '../domain/step.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';

/** What a client sends, parsed once at the boundary: unknown fields are refused everywhere. */
const reason = z.lazy(() => lineOf(1_000).check(z.describe('Why, for the record.')));
const hash = z.lazy(() => z.string().check(z.regex(/^[0-9a-f]{64}$/, 'write a SHA-256 in lower-case hex')));
/** Ids of AWS are ASCII: what only looks like one is refused here. */
const identifier = z.lazy(() =>
  z
    .string()
    .check(
      z.minLength(1),
      z.maxLength(1_024),
      z.regex(/^[\x21-\x7e]+$/, 'write letters, digits and signs of ASCII without blanks'),
    ),
);
const credentialId = identifier.check(
  z.describe('As `janitor scan` prints it; the id of an access key will do.'),
);

export const haltTargetSchema = z.lazy(() =>
  z
    .union(
      [
        z.literal('all'),
        z.templateLiteral(['account:', accountIdSchema]),
        z.templateLiteral(['rule:', z.string().check(z.regex(/^[a-z0-9-]{1,100}$/))]),
      ],
      { error: 'write all, account:<id> or rule:<id>' },
    )
    .check(z.describe('all, account:<id> or rule:<id>.')),
);

export const submitBody = z.lazy(() =>
  z.strictObject({
    requestId: requestIdSchema.check(
      z.describe('Chosen by the client; the same id again is the same request.'),
    ),
    request: requestContentSchema,
    /** On whose behalf, each hop proven; verified in lib/identity, which refuses each fault by its own code. */
    delegation: z
      .optional(z.array(z.unknown()).check(z.maxLength(5)))
      .check(z.describe('Proofs as `janitor delegation prove` makes them.')),
  }),
);

/** Bound to what was shown: another hash is refused (I11). */
export const approveRequestBody = z.lazy(() => z.strictObject({ requestHash: hash }));
export const approvePlanBody = z.lazy(() => z.strictObject({ planHash: hash }));
export const reasonBody = z.lazy(() => z.strictObject({ reason }));
export const withdrawBody = z.lazy(() => z.strictObject({ reason: z.optional(reason) }));

export const challengeBody = z.lazy(() =>
  z.strictObject({
    challenged: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('step'),
        credentialId,
        rule: lineOf(128),
        step: z.enum(STEP_KINDS),
      }),
      z.strictObject({ kind: z.literal('exception'), exceptionId: requestIdSchema }),
    ]),
    reason,
  }),
);
export const decideBody = z.lazy(() => z.strictObject({ verdict: z.enum(['upheld', 'dismissed']), reason }));

export const haltBody = z.lazy(() => z.strictObject({ target: haltTargetSchema, reason }));
export const allowRotationsBody = z.lazy(() => z.strictObject({ accountId: accountIdSchema, reason }));
export const credentialBody = z.lazy(() => z.strictObject({ credentialId, reason }));
/** The hash the person means: a policy deployed meanwhile is not activated by mistake. */
export const activateBody = z.lazy(() => z.strictObject({ hash }));

export const pageQuery = lazily(() =>
  z.strictObject({
    state: z
      ._default(z.enum(['open', 'ended', 'all']), 'open')
      .check(z.describe('open: what waits, is in force or is being carried out.')),
    limit: z
      ._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(100)), 25)
      .check(z.describe('The most that one page holds.')),
    cursor: z
      .optional(z.string().check(z.minLength(1), z.maxLength(1_024)))
      .check(z.describe('nextCursor of the page before.')),
  }),
);
export const plansQuery = lazily(() => z.strictObject({ accountId: accountIdSchema }));
export const explainQuery = lazily(() =>
  z.strictObject({
    id: identifier.check(z.describe('Of a credential, plan, sweep, request, exception or challenge.')),
    at: z.optional(instantSchema).check(z.describe('To explain a past instant.')),
  }),
);

export type SubmitBody = z.output<typeof submitBody>;
export type ChallengeBody = z.output<typeof challengeBody>;
export type DecideBody = z.output<typeof decideBody>;
export type HaltBody = z.output<typeof haltBody>;
export type PageQuery = z.output<ReturnType<typeof pageQuery>>;
export type ExplainQuery = z.output<ReturnType<typeof explainQuery>>;
