import { actorSchema } from './actor.ts';
import type { Challenge } from './challenge.ts';
import { challengeEventSchemas } from './challenge-events.ts';
import { approvalSchema } from './event.ts';
import type { Exception } from './exception.ts';
import { EXPIRY_CAUSES, exceptionEventSchemas } from './exception-events.ts';
import { factSchema } from './fact.ts';
import { lazily } from './lazily.ts';
import type { Request } from './request.ts';
import { requestContentSchema } from './request-events.ts';
import { TIERS } from './step.ts';
import { TICKET_STATES } from './ticket.ts';
import { instantSchema } from './time.ts';
import * as z from './zod.ts';

/** A schema for every field, so that one added to a type is not forgotten here. */
type Shape<T> = { readonly [K in keyof Required<T>]: z.ZodMiniType };

/** What was folded from a chain about what people ask for, as a projection stores it and reads it back. */
const ended = lazily(() => ({ at: instantSchema, by: actorSchema, reason: z.exactOptional(z.string()) }));

export const requestSchema = lazily(
  (): z.ZodMiniType<Request> =>
    z.strictObject({
      requestHash: z.string(),
      requester: z.strictObject({
        actor: actorSchema,
        onBehalfOf: z.array(actorSchema),
        sponsor: z.exactOptional(z.string()),
        autonomous: z.boolean(),
      }),
      content: requestContentSchema,
      submittedAt: instantSchema,
      policyHash: z.string(),
      admission: z.exactOptional(
        z.strictObject({
          tier: z.enum(TIERS),
          approvalsNeeded: z.int().check(z.nonnegative()),
          approverGroup: z.exactOptional(z.string()),
          beneficiaries: z.array(z.string()),
          lapsesAt: instantSchema,
          exemptSince: z.exactOptional(instantSchema),
          ticketState: z.exactOptional(factSchema(z.enum(TICKET_STATES))),
        } satisfies Shape<NonNullable<Request['admission']>>),
      ),
      approvals: z.array(approvalSchema),
      executing: z.exactOptional(z.strictObject({ at: instantSchema, finishBefore: instantSchema })),
      end: z.exactOptional(
        z.strictObject({
          ...ended(),
          state: z.enum(['denied', 'rejected', 'withdrawn', 'lapsed', 'done', 'failed']),
          code: z.exactOptional(z.string()),
          outcome: z.exactOptional(z.string()),
        } satisfies Shape<NonNullable<Request['end']>>),
      ),
    } satisfies Shape<Request>),
);

export const exceptionSchema = lazily(
  (): z.ZodMiniType<Exception> =>
    z.strictObject({
      ...exceptionEventSchemas['exception.proposed']().shape,
      proposedAt: instantSchema,
      policyHash: z.string(),
      reason: z.string(),
      ticket: z.string(),
      endsAt: instantSchema,
      approvals: z.array(approvalSchema),
      activatedAt: z.exactOptional(instantSchema),
      challenge: z.exactOptional(z.strictObject({ challengeId: z.string(), decideBy: instantSchema })),
      challenges: z.int().check(z.nonnegative()),
      end: z.exactOptional(
        z.strictObject({
          ...ended(),
          state: z.enum(['expired', 'revoked', 'renewed']),
          cause: z.exactOptional(z.enum(EXPIRY_CAUSES)),
          renewedBy: z.exactOptional(z.string()),
        } satisfies Shape<NonNullable<Exception['end']>>),
      ),
    } satisfies Shape<Exception>),
);

export const challengeSchema = lazily(
  (): z.ZodMiniType<Challenge> =>
    z.strictObject({
      ...challengeEventSchemas['challenge.opened']().shape,
      openedBy: actorSchema,
      openedAt: instantSchema,
      reason: z.string(),
      end: z.exactOptional(
        z.strictObject({
          ...ended(),
          state: z.enum(['upheld', 'dismissed', 'undecided']),
        } satisfies Shape<NonNullable<Challenge['end']>>),
      ),
    } satisfies Shape<Challenge>),
);
