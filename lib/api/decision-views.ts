import { actorSchema } from '../domain/actor.ts';
import { planItemSchema } from '../domain/event-data.ts';
import { TIERS } from '../domain/step.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';

/**
 * What the API answers to decisions. Fields that a newer one adds are passed over: the deed is done by then, and an
 * error about its answer would say the opposite.
 */
const count = z.int().check(z.nonnegative());

export const haltView = z.lazy(() =>
  z.object({
    haltId: z.string(),
    target: z.string(),
    by: actorSchema,
    at: instantSchema,
    reason: z.string(),
  }),
);

export const planView = z.lazy(() =>
  z.object({
    planId: z.string(),
    planHash: z.string(),
    accountId: z.string(),
    tier: z.enum(TIERS),
    frozenAt: instantSchema,
    frozenBy: actorSchema,
    lapsesAt: instantSchema,
    policyHash: z.string(),
    approvalsNeeded: count,
    approverGroup: z.string(),
    items: z.array(planItemSchema),
    approvals: z.array(z.object({ actor: actorSchema, at: instantSchema })),
    rejectedBy: z.exactOptional(actorSchema),
    lapsed: z.boolean(),
  }),
);

export const planDecisionView = z.lazy(() =>
  z.object({
    plan: planView,
    state: z.enum(['pending', 'approved', 'rejected', 'lapsed']),
    remaining: count,
  }),
);

export const restoredView = z.lazy(() =>
  z.object({
    changes: z.array(
      z.object({
        change: z.enum(['enable', 'undelete']),
        outcome: z.enum(['done', 'failed', 'abandoned', 'unconfirmed']),
        eventId: z.string(),
        reason: z.string(),
      }),
    ),
    left: z.array(z.object({ code: z.string(), reason: z.string() })),
    holdUntil: instantSchema,
  }),
);

export const stoppedRotationsView = z.lazy(() =>
  z.object({
    accountId: z.string(),
    rotationId: z.string(),
    credentialId: z.string(),
    code: z.string(),
    reason: z.string(),
    at: instantSchema,
  }),
);

const destinationSchema = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('store'), secretId: z.string(), name: z.string() }),
    z.object({ kind: z.literal('delivery'), name: z.string(), region: z.string(), reader: z.string() }),
  ]),
);

export const rotationView = z.lazy(() =>
  z.discriminatedUnion('state', [
    z.object({
      state: z.enum(['awaiting-approval', 'rejected']),
      credentialId: z.string(),
      into: destinationSchema,
      plan: planView,
      remaining: count,
    }),
    /** Approved and begun; the same call says `rotated` when it is done. */
    z.object({
      state: z.literal('carrying-out'),
      credentialId: z.string(),
      into: destinationSchema,
      plan: planView,
    }),
    z.object({
      state: z.literal('rotated'),
      credentialId: z.string(),
      rotationId: z.string(),
      secretId: z.string(),
      accessKeyId: z.string(),
      at: instantSchema,
      told: z.exactOptional(
        z.object({
          noticeId: z.string(),
          recipient: z.string(),
          outcome: z.enum(['accepted', 'refused', 'unconfirmed']),
        }),
      ),
    }),
  ]),
);

export const activationView = z.lazy(() =>
  z.object({
    outcome: z.enum(['activated', 'pending', 'already-active']),
    hash: z.string(),
    approvals: count,
    needed: count,
    approverGroup: z.exactOptional(z.string()),
    /** Without its quorum by then it has to be proposed again. */
    lapsesAt: z.exactOptional(instantSchema),
  }),
);

/** Problem details (RFC 9457) with our stable code and the way out. */
export const problemView = z.lazy(() =>
  z.object({
    type: z.optional(z.string()),
    title: z.optional(z.string()),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    hint: z.optional(z.string()),
    /** Every field that is wrong, for `request-invalid`. */
    errors: z.optional(z.array(z.object({ field: z.string(), message: z.string() }))),
  }),
);
export type Problem = z.infer<typeof problemView>;

/** One line of what a new version of the policy changes, as an approver is shown it. */
const difference = z.lazy(() =>
  z.object({
    /** Where in the policy, such as `rules.access-key-unused.steps.disable.wait`. */
    at: z.string(),
    effect: z.enum(['loosens', 'tightens', 'changes']),
    /** What that comes to, in words. */
    means: z.string(),
    before: z.string(),
    after: z.string(),
  }),
);
export type Difference = z.output<typeof difference>;

export const policyView = z.lazy(() =>
  z.object({
    /** Absent before the first activation. */
    active: z.exactOptional(z.object({ hash: z.string(), since: instantSchema })),
    deployed: z.string(),
    approvals: count,
    needed: count,
    approverGroup: z.exactOptional(z.string()),
    proposedBy: z.exactOptional(actorSchema),
    lapsesAt: z.exactOptional(instantSchema),
    differences: z.array(difference),
  }),
);

/** As `janitor explain --format json` prints it. */
export const explanationView = z.lazy(() => z.looseObject({}));
