import * as z from 'zod';
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

/** A schema for every field, so that one added to a type is not forgotten here. */
type Shape<T> = { readonly [K in keyof Required<T>]: z.ZodType };

/** What was folded from a chain about what people ask for, as a projection stores it and reads it back. */
const ended = lazily(() => ({ at: instantSchema, by: actorSchema, reason: z.string().exactOptional() }));

export const requestSchema = lazily(
  (): z.ZodType<Request> =>
    z.strictObject({
      requestHash: z.string(),
      requester: z.strictObject({
        actor: actorSchema,
        onBehalfOf: z.array(actorSchema),
        sponsor: z.string().exactOptional(),
        autonomous: z.boolean(),
      }),
      content: requestContentSchema,
      submittedAt: instantSchema,
      policyHash: z.string(),
      admission: z
        .strictObject({
          tier: z.enum(TIERS),
          approvalsNeeded: z.number().int().nonnegative(),
          approverGroup: z.string().exactOptional(),
          beneficiaries: z.array(z.string()),
          lapsesAt: instantSchema,
          exemptSince: instantSchema.exactOptional(),
          ticketState: factSchema(z.enum(TICKET_STATES)).exactOptional(),
        } satisfies Shape<NonNullable<Request['admission']>>)
        .exactOptional(),
      approvals: z.array(approvalSchema),
      executing: z.strictObject({ at: instantSchema, finishBefore: instantSchema }).exactOptional(),
      end: z
        .strictObject({
          ...ended(),
          state: z.enum(['denied', 'rejected', 'withdrawn', 'lapsed', 'done', 'failed']),
          code: z.string().exactOptional(),
          outcome: z.string().exactOptional(),
        } satisfies Shape<NonNullable<Request['end']>>)
        .exactOptional(),
    } satisfies Shape<Request>),
);

export const exceptionSchema = lazily(
  (): z.ZodType<Exception> =>
    z.strictObject({
      ...exceptionEventSchemas['exception.proposed']().shape,
      proposedAt: instantSchema,
      policyHash: z.string(),
      reason: z.string(),
      ticket: z.string(),
      endsAt: instantSchema,
      approvals: z.array(approvalSchema),
      activatedAt: instantSchema.exactOptional(),
      challenge: z.strictObject({ challengeId: z.string(), decideBy: instantSchema }).exactOptional(),
      challenges: z.number().int().nonnegative(),
      end: z
        .strictObject({
          ...ended(),
          state: z.enum(['expired', 'revoked', 'renewed']),
          cause: z.enum(EXPIRY_CAUSES).exactOptional(),
          renewedBy: z.string().exactOptional(),
        } satisfies Shape<NonNullable<Exception['end']>>)
        .exactOptional(),
    } satisfies Shape<Exception>),
);

export const challengeSchema = lazily(
  (): z.ZodType<Challenge> =>
    z.strictObject({
      ...challengeEventSchemas['challenge.opened']().shape,
      openedBy: actorSchema,
      openedAt: instantSchema,
      reason: z.string(),
      end: z
        .strictObject({
          ...ended(),
          state: z.enum(['upheld', 'dismissed', 'undecided']),
        } satisfies Shape<NonNullable<Challenge['end']>>)
        .exactOptional(),
    } satisfies Shape<Challenge>),
);
