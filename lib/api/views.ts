import { actorSchema } from '../domain/actor.ts';
import { challengeTargetSchema } from '../domain/challenge-events.ts';
import { approvalSchema } from '../domain/event.ts';
import { EXPIRY_CAUSES } from '../domain/exception-events.ts';
import { conditionsSchema, exceptionScopeSchema, requestContentSchema } from '../domain/request-events.ts';
import { TIERS } from '../domain/step.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';

/** What the API answers. Clients pass over fields that a newer API adds. */
const REQUEST_STATES = [
  'pending',
  'approved',
  'executing',
  'denied',
  'rejected',
  'withdrawn',
  'lapsed',
  'done',
  'failed',
] as const;

export const requestView = z.lazy(() =>
  z.object({
    requestId: z.string(),
    state: z.enum(REQUEST_STATES),
    /** What an approval names, so that nobody approves what he was not shown. */
    requestHash: z.string(),
    request: requestContentSchema,
    requester: z.object({
      actor: actorSchema,
      onBehalfOf: z.array(actorSchema),
      sponsor: z.exactOptional(z.string()),
      autonomous: z.boolean(),
    }),
    submittedAt: instantSchema,
    policyHash: z.string(),
    tier: z.exactOptional(z.enum(TIERS)),
    approvalsNeeded: z.int().check(z.nonnegative()),
    approvals: z.array(approvalSchema),
    approverGroup: z.exactOptional(z.string()),
    lapsesAt: z.exactOptional(instantSchema),
    end: z.exactOptional(
      z.object({
        at: instantSchema,
        by: actorSchema,
        reason: z.exactOptional(z.string()),
        code: z.exactOptional(z.string()),
        outcome: z.exactOptional(z.string()),
      }),
    ),
  }),
);

export const submittedView = z.lazy(() =>
  z.object({ outcome: z.enum(['recorded', 'repeated']), request: requestView }),
);

export const exceptionView = z.lazy(() =>
  z.object({
    exceptionId: z.string(),
    state: z.enum(['proposed', 'active', 'challenged', 'expired', 'revoked', 'renewed']),
    scope: exceptionScopeSchema,
    while: conditionsSchema,
    reason: z.string(),
    reasonKind: z.string(),
    ticket: z.string(),
    businessOwner: z.string(),
    requestedBy: actorSchema,
    approvals: z.array(approvalSchema),
    proposedAt: instantSchema,
    endsAt: instantSchema,
    exemptSince: instantSchema,
    renews: z.exactOptional(z.string()),
    challenge: z.exactOptional(z.object({ challengeId: z.string(), decideBy: instantSchema })),
    end: z.exactOptional(
      z.object({
        at: instantSchema,
        by: actorSchema,
        cause: z.exactOptional(z.enum(EXPIRY_CAUSES)),
        reason: z.exactOptional(z.string()),
        renewedBy: z.exactOptional(z.string()),
      }),
    ),
  }),
);

/** openIntent: an act that was begun before this took effect and may still happen (I21). */
const openIntent = z.exactOptional(z.object({ change: z.string(), at: instantSchema }));

export const revokedView = z.lazy(() => z.object({ repeated: z.boolean(), exception: exceptionView }));

export const challengeView = z.lazy(() =>
  z.object({
    challengeId: z.string(),
    state: z.enum(['open', 'upheld', 'dismissed', 'undecided']),
    target: challengeTargetSchema,
    openedBy: actorSchema,
    openedAt: instantSchema,
    reason: z.string(),
    decideBy: instantSchema,
    approverGroup: z.string(),
    notBy: z.array(z.string()),
    end: z.exactOptional(
      z.object({ at: instantSchema, by: actorSchema, reason: z.exactOptional(z.string()) }),
    ),
  }),
);
export const openedView = z.lazy(() =>
  z.object({ repeated: z.boolean(), challenge: challengeView, openIntent }),
);
export const decidedView = z.lazy(() => z.object({ repeated: z.boolean(), challenge: challengeView }));

/** One page, newest first; without nextCursor it is the last. */
export function pageOf<T extends z.ZodMiniType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.exactOptional(z.string()) });
}

/** Who the API takes the caller for. */
export const callerView = z.lazy(() =>
  z.object({
    actor: actorSchema,
    accountId: z.string(),
    agent: z.exactOptional(z.string()),
    mayDecide: z.boolean(),
    /** Of the API: what a delegation proof names. */
    api: z.string(),
    policyHash: z.string(),
    now: instantSchema,
  }),
);

export type RequestView = z.output<typeof requestView>;
export type SubmittedView = z.output<typeof submittedView>;
export type ExceptionView = z.output<typeof exceptionView>;
export type RevokedView = z.output<typeof revokedView>;
export type ChallengeView = z.output<typeof challengeView>;
export type OpenedView = z.output<typeof openedView>;
export type DecidedView = z.output<typeof decidedView>;
export type CallerView = z.output<typeof callerView>;
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}
