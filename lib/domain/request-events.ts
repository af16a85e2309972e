import { actorSchema } from './actor.ts';
import { credentialOfId } from './credential.ts';
import { factSchema } from './fact.ts';
import { lazily } from './lazily.ts';
import { STEP_KINDS, TIERS } from './step.ts';
import { accountOfPlan } from './subject.ts';
import { TICKET_STATES } from './ticket.ts';
import { instantSchema } from './time.ts';
import * as z from './zod.ts';

/** What people and workloads ask for. */
export const REQUEST_KINDS = [
  'exception',
  'extension',
  'restore',
  'rotate-now',
  'approve-plan',
  'policy-override',
] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** What kind of reason stands behind a request (G3). */
export const REASON_KINDS = [
  'business-need',
  'migration',
  'outside-party',
  'incident',
  'audit',
  'false-positive',
] as const;

/** One line that people read: no control or invisible characters, which could make it say something else. */
export function lineOf(maximum: number) {
  return z
    .string()
    .check(
      z.minLength(1),
      z.maxLength(maximum),
      z.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'write one line of visible text'),
      z.regex(/\S/, 'write more than blanks'),
    );
}

/** Chosen by the client, and the subject of the chain: the same id is the same request. A UUID will do. */
export const requestIdSchema = z.lazy(() =>
  z
    .string()
    .check(
      z.regex(
        /^[A-Za-z0-9][A-Za-z0-9_-]{7,63}$/,
        'write 8 to 64 letters, digits, - or _, for example a UUID',
      ),
    ),
);

const personId = z.lazy(() => lineOf(128));
const hash = z.lazy(() => z.string().check(z.regex(/^[0-9a-f]{64}$/, 'write a SHA-256 in lower-case hex')));
const ruleId = z.lazy(() => lineOf(128));
/** Ids of AWS are ASCII and far shorter; what is longer would be no key of the ledger. */
const credentialId = z.lazy(() =>
  z.string().check(
    z.maxLength(1024),
    z.regex(/^[\x21-\x7e]+$/, 'write letters, digits and signs of ASCII without blanks'),
    z.refine((id) => credentialOfId(id) !== undefined, {
      error:
        'name an access key or a secret by the id that `janitor scan` prints; other kinds are only reported',
    }),
  ),
);
const planId = z.lazy(() =>
  z.string().check(
    z.maxLength(64),
    z.refine((id) => accountOfPlan(id) !== undefined, { error: 'a plan id looks like plan/111122223333/4' }),
  ),
);

/** What must stay true for an exception to last (G13): every condition named, and at least one. */
export const conditionsSchema = z.lazy(() =>
  z
    .strictObject({
      /** The credential keeps these tags with these values. */
      tag: z.optional(
        z
          .record(lineOf(128), z.string().check(z.maxLength(256)))
          .check(z.refine((tags) => Object.keys(tags).length <= 10, { error: 'name at most ten tags' })),
      ),
      /** Its owner stays who it was when the exception began. */
      owner: z.optional(z.literal('same')),
      /** The request's ticket stays open. */
      ticket: z.optional(z.literal('open')),
    })
    .check(
      z.refine(
        ({ tag, owner, ticket }) => Object.keys(tag ?? {}).length > 0 || (owner ?? ticket) !== undefined,
        {
          error: 'say what must stay true: tag, owner: same or ticket: open',
        },
      ),
    ),
);
export type Conditions = z.infer<typeof conditionsSchema>;

/** What an exception exempts: exactly these rules for exactly this credential. */
export const exceptionScopeSchema = z.lazy(() =>
  z.strictObject({
    credentialId,
    rules: z.array(ruleId).check(z.minLength(1), z.maxLength(50)),
  }),
);

/** The exact thing asked for (G2), by kind. */
export const askSchema = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('exception'), scope: exceptionScopeSchema, while: conditionsSchema }),
    /** The same scope and conditions for longer: a new exception in the place of that one (I12). */
    z.strictObject({ kind: z.literal('extension'), exceptionId: requestIdSchema }),
    z.strictObject({ kind: z.literal('restore'), credentialId }),
    z.strictObject({ kind: z.literal('rotate-now'), credentialId }),
    z.strictObject({ kind: z.literal('approve-plan'), planId, planHash: hash }),
    /** One step of one rule is not taken on one credential before the end of the request. */
    z.strictObject({
      kind: z.literal('policy-override'),
      credentialId,
      rule: ruleId,
      ruleHash: hash,
      step: z.enum(STEP_KINDS),
    }),
  ]),
);
export type Ask = z.infer<typeof askSchema>;

const content = () => ({
  ask: askSchema,
  reasonKind: z.enum(REASON_KINDS),
  /** The person who answers for the need. */
  businessOwner: personId,
  /** For whom it is asked, if for another than the requester. */
  beneficiary: z.optional(personId),
});

/** A reference to a ticket of whatever system the company has. */
export const ticketSchema = z.lazy(() =>
  z
    .string()
    .check(
      z.maxLength(64),
      z.regex(/^[A-Za-z0-9][A-Za-z0-9#/_.-]*$/, 'write a ticket reference such as OPS-123'),
    ),
);

/** What a client sends: what, why, on whose account, until when. Everything else the service finds out itself. */
export const requestContentSchema = z.lazy(() =>
  z.strictObject({
    ...content(),
    reason: lineOf(1000),
    ticket: ticketSchema,
    /** When what is asked for ends (G4). */
    endsAt: instantSchema,
  }),
);
export type RequestContent = z.infer<typeof requestContentSchema>;

/** Who asks through whom, as proven by the service; reason, ticket and end stand in the event's own fields. */
const asked = () => ({
  ...content(),
  /** On whose behalf the event's actor called: the original requester first, every hop after it (G18). */
  onBehalfOf: z.array(actorSchema),
  /** The person who stands behind an autonomous agent (G20). */
  sponsor: z.optional(personId),
  autonomous: z.boolean(),
});

/** Events on `request#<id>`; the first is `request.submitted` or `request.denied`. How to add one: event-data.ts. */
export const requestEventSchemas = {
  'request.submitted': lazily(() =>
    z.strictObject({
      ...asked(),
      /** Persons whom it serves, as the service found them. */
      beneficiaries: z.array(personId),
      tier: z.enum(TIERS),
      /** 0: pre-approved, within the numeric limits of the policy version named. */
      approvalsNeeded: z.int().check(z.nonnegative()),
      approverGroup: z.optional(z.string().check(z.minLength(1))),
      lapsesAt: instantSchema,
      /** Since when exceptions have exempted the credential without a gap, this one's start if they have not. */
      exemptSince: z.optional(instantSchema),
      /** What the ticket system said of the ticket; unknown: nobody has verified it. */
      ticketState: z.optional(factSchema(z.enum(TICKET_STATES))),
    }),
  ),
  /** By the policy, before anybody was asked: `code` for programs, `why` for people. */
  'request.denied': lazily(() =>
    z.strictObject({
      ...asked(),
      code: z.string().check(z.minLength(1)),
      why: z.string().check(z.minLength(1)),
    }),
  ),
  /** One approval. `requestHash` is the hash of `request.submitted`, `policyHash` of the version it was judged by. */
  'request.approved': lazily(() => z.strictObject({ requestHash: hash })),
  'request.rejected': lazily(() => z.strictObject({})),
  'request.withdrawn': lazily(() => z.strictObject({})),
  'request.lapsed': lazily(() => z.strictObject({})),
  'request.executing': lazily(() => z.strictObject({ finishBefore: instantSchema })),
  /** `outcome`: the id of what came of it, such as an exception or an event. */
  'request.done': lazily(() => z.strictObject({ outcome: z.string().check(z.minLength(1)) })),
  'request.failed': lazily(() => z.strictObject({ code: z.string().check(z.minLength(1)) })),
} as const;
