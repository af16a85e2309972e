import { accountIdSchema as accountId, textSchema as text } from './common-schemas.ts';
import { lazily } from './lazily.ts';
import { lineOf, requestIdSchema } from './request-events.ts';
import { TIERS } from './step.ts';
import { instantSchema } from './time.ts';
import * as z from './zod.ts';

const count = z.int().check(z.nonnegative());

/** How a person came to be on call, or went ahead without that being known. */
export const STANDINGS = ['on-call', 'not-asked', 'emergency'] as const;
export type Standing = (typeof STANDINGS)[number];

/** Why a grant ends. never-active: its activation was not completed in time. */
export const END_CAUSES = [
  'expired',
  'returned',
  'revoked',
  'reason-changed',
  'not-recertified',
  'never-active',
] as const;
export type EndCause = (typeof END_CAUSES)[number];

/** What goes along with an activation and is tried again until it is done. */
export const ERRANDS = ['end-schedule', 'announcement'] as const;
export type Errand = (typeof ERRANDS)[number];
const errand = z.enum(['done', 'failed']);

/**
 * What people are told of a grant. begun: at once, and in no event of its own; ended; end-failed: it could not be ended
 * yet; review: its evidence is there to be reviewed; more: that was not all, and now is as much as there will be; overdue:
 * nobody reviewed it in time.
 */
export const GRANT_TOLD_ABOUT = ['begun', 'ended', 'end-failed', 'review', 'more', 'overdue'] as const;
export type GrantToldAbout = (typeof GRANT_TOLD_ABOUT)[number];

/**
 * Of a drill. started: credentials came. used: they work. renewed: so do the next. returned: its end is verified. refused:
 * neither of them works any more.
 */
export const DRILL_STAGES = ['started', 'used', 'renewed', 'returned', 'refused'] as const;
export type DrillStage = (typeof DRILL_STAGES)[number];

/** What somebody wants: the same under one id is the same grant. */
const asked = { role: text, accountId, durationSeconds: z.int().check(z.positive()) };
/** The policy of ended grants was not as the janitor writes it: somebody had changed it, and it is written anew. */
const mended = lazily(() => ({ mended: z.exactOptional(z.literal(true)) }));
/** Of a session that was issued. The id of its access key is a name, no secret; evidence is found by it. */
const session = { accessKeyId: text, sessionExpiresAt: instantSchema };

/**
 * Events on `grant#<id>`, and on `grant#uses/<person>/<role>`. The end of a grant is `expiresAt` of its first event and
 * never moves. No event holds a credential. How to add one: event-data.ts.
 */
export const grantEventSchemas = {
  /** The durable intent of every session under the grant. Whoever waits for approvals waits until its end at most. */
  'grant.requested': lazily(() =>
    z.strictObject({
      ...asked,
      roleArn: text,
      tier: z.enum(TIERS),
      /** 0: it may be activated at once, and the first session is about to be issued. */
      approvalsNeeded: count,
      approverGroup: text,
      approvers: z.array(text),
      reviewers: z.array(text),
      /** 0: a drill. */
      reviewsNeeded: count,
      /** Fixed with the end: a review that is missing then is overdue. */
      reviewBy: instantSchema,
      standing: z.enum(STANDINGS),
      /** What the decision rested on, in words. */
      why: z.array(text),
      sessionManager: z.boolean(),
    }),
  ),
  'grant.refused': lazily(() => z.strictObject({ ...asked, code: text, why: z.array(text) })),
  'grant.approved': lazily(() => z.strictObject({})),
  /** The durable intent of the first session, where others had to approve before. */
  'grant.activating': lazily(() => z.strictObject({})),
  /** Nobody approved in time, or it was not taken up then. */
  'grant.lapsed': lazily(() => z.strictObject({})),
  /** The first session was issued; it is handed out only after this is durable. */
  'grant.activated': lazily(() => z.strictObject({ ...session, endSchedule: errand, announcement: errand })),
  /** What failed at the activation is done after all. */
  'grant.errand-done': lazily(() => z.strictObject({ errand: z.enum(ERRANDS) })),
  /** The durable intent of another session; number 2 is the first renewal. */
  'grant.renewed': lazily(() => z.strictObject({ session: z.int().check(z.gte(2)) })),
  'grant.issued': lazily(() => z.strictObject({ session: z.int().check(z.gte(2)), ...session })),
  /** From here no session is issued any more. */
  'grant.ending': lazily(() => z.strictObject({ cause: z.enum(END_CAUSES) })),
  /** Ending its sessions failed; once per code, and tried again. */
  'grant.end-failed': lazily(() => z.strictObject({ code: text, ...mended() })),
  /** Access has ended, and that was seen: its tag is denied, or every session of it has expired. */
  'grant.ended': lazily(() =>
    z.strictObject({
      proof: z.enum(['tag-denied', 'sessions-expired']),
      policyVersion: z.optional(text),
      ...mended(),
    }),
  ),
  /** Shells of Session Manager outlive the credentials they were opened with. complete: none is left, seen after the end. */
  'grant.shells-ended': lazily(() => z.strictObject({ ended: count, complete: z.boolean() })),
  /** Shells could not be looked for or ended; once per code, and tried again. */
  'grant.shells-failed': lazily(() => z.strictObject({ code: text })),
  /** A look at CloudTrail that showed nothing at all; tried again at the next of its times. */
  'grant.evidence-failed': lazily(() => z.strictObject({ code: text })),
  /** What CloudTrail shows of its sessions; the object is in `evidence`. */
  'grant.evidence-attached': lazily(() => z.strictObject({ events: count, complete: z.boolean() })),
  'grant.reviewed': lazily(() =>
    z.strictObject({ verdict: z.enum(['closed', 'finding']), followUp: z.optional(text) }),
  ),
  /** How the whole path went, on the role that may do nothing; see `drill`. */
  'grant.drilled': lazily(() =>
    z.strictObject({
      stages: z.array(
        z.strictObject({
          stage: z.enum(DRILL_STAGES),
          outcome: z.enum(['passed', 'failed', 'skipped']),
          at: instantSchema,
          /** A code or a few words; absent where it passed. */
          detail: z.optional(text),
        }),
      ),
    }),
  ),
  /** A notice about it; it changes nothing of what the chain is about. */
  'grant.told': lazily(() =>
    z.strictObject({
      noticeId: text,
      recipient: text,
      about: z.enum(GRANT_TOLD_ABOUT),
      /** accepted: the route took the notice over; refused: this person cannot be reached, and is not tried again. */
      outcome: z.enum(['accepted', 'refused']),
    }),
  ),
  // grant#uses/<person>/<role>
  /** Beside the grant's first event, so that an overdue review is found before the next use. */
  'grant.noted': lazily(() => z.strictObject({ grantId: text, reviewBy: instantSchema })),
  'grant.settled': lazily(() => z.strictObject({ grantId: text })),
} as const;

/** What a person asks for, as it comes in; unknown keys are refused. */
export const grantContentSchema = z.lazy(() =>
  z.strictObject({
    grantId: requestIdSchema,
    role: lineOf(64),
    accountId,
    durationSeconds: z.int().check(z.positive()),
    reason: lineOf(1000),
    ticket: lineOf(64),
  }),
);
export type GrantContent = z.infer<typeof grantContentSchema>;
