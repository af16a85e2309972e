import { actorSchema } from '../domain/actor.ts';
import { approvalSchema } from '../domain/event.ts';
import { END_CAUSES, ERRANDS, STANDINGS } from '../domain/grant-events.ts';
import { INCIDENT_KINDS } from '../domain/incident-events.ts';
import { TIERS } from '../domain/step.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';

/** What the API answers about break-glass access. Clients pass over fields that a newer API adds. */
const count = z.int().check(z.nonnegative());

export const breakGlassRoleView = z.lazy(() =>
  z.object({
    name: z.string(),
    why: z.string(),
    accounts: z.array(z.string()),
    tier: z.enum(TIERS),
    longestSeconds: count,
    reviewers: z.array(z.string()),
    sessionManager: z.boolean(),
    /** Whether the caller might have it at this moment, as far as is known without asking for it. */
    eligible: z.boolean(),
    /** Why, either way. */
    because: z.array(z.string()),
    /** Exactly what a grant of it allows and denies, in words. */
    summary: z.array(z.string()),
  }),
);

const review = z.object({
  by: actorSchema,
  at: instantSchema,
  verdict: z.enum(['closed', 'finding']),
  followUp: z.exactOptional(z.string()),
});

/** A grant as people may see it: never a credential. */
export const grantView = z.lazy(() =>
  z.object({
    grantId: z.string(),
    state: z.enum(['requested', 'lapsed', 'activating', 'active', 'ending', 'ended']),
    afterUse: z.enum(['not-ended', 'evidence-pending', 'review-due', 'review-overdue', 'closed', 'finding']),
    /** Until its end, 0 once that has passed or the grant was ended before. */
    secondsLeft: count,
    role: z.string(),
    accountId: z.string(),
    roleArn: z.string(),
    tier: z.enum(TIERS),
    durationSeconds: count,
    reason: z.string(),
    ticket: z.string(),
    requestedBy: actorSchema,
    requestedAt: instantSchema,
    endsAt: instantSchema,
    policyHash: z.string(),
    standing: z.enum(STANDINGS),
    /** What the decision rested on, in words. */
    why: z.array(z.string()),
    sessionManager: z.boolean(),
    approvalsNeeded: count,
    approverGroup: z.string(),
    approvers: z.array(z.string()),
    approvals: z.array(approvalSchema),
    reviewers: z.array(z.string()),
    reviewsNeeded: count,
    reviewBy: instantSchema,
    reviews: z.array(review),
    activatedAt: z.exactOptional(instantSchema),
    /** Names of the access keys of its sessions, by which CloudTrail is searched. */
    accessKeyIds: z.array(z.string()),
    sessions: count,
    /** What failed at its activation and is still to be done. */
    errands: z.array(z.enum(ERRANDS)),
    ending: z.exactOptional(z.object({ cause: z.enum(END_CAUSES), at: instantSchema, by: actorSchema })),
    /** The newest failure to end it; it is tried again. */
    failure: z.exactOptional(z.string()),
    lapsedAt: z.exactOptional(instantSchema),
    endedAt: z.exactOptional(instantSchema),
    evidence: z.exactOptional(z.object({ events: count, complete: z.boolean() })),
  }),
);

/** Of one session: for the one who asked, never written anywhere. */
const credentials = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string(),
  expiresAt: instantSchema,
});

/** waiting: others have to approve; the same call again goes on when they have. */
export const startedView = z.lazy(() =>
  z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('started'), grant: grantView, credentials }),
    z.object({ outcome: z.literal('waiting'), grant: grantView }),
  ]),
);

/** ending: no session is issued any more, and what there is is being ended; `open`: it could not be ended. */
export const endedView = z.lazy(() =>
  z.object({ outcome: z.enum(['ended', 'ending', 'lapsed', 'open']), grant: grantView }),
);
export const endedManyView = z.lazy(() => z.object({ items: z.array(endedView) }));

/** What CloudTrail shows of a grant's sessions, for whoever reviews it. */
export const grantEvidenceView = z.lazy(() =>
  z.object({
    grant: grantView,
    state: z.enum(['none', 'attached']),
    complete: z.boolean(),
    /** What could not be looked at, or may still arrive. */
    missing: z.array(z.string()),
    /** What was called, on what, errors, and what stands out, in words. */
    summary: z.array(z.string()),
    events: z.array(
      z.object({
        eventId: z.string(),
        at: instantSchema,
        service: z.string(),
        action: z.string(),
        region: z.string(),
        readOnly: z.exactOptional(z.boolean()),
        resources: z.array(z.string()),
        error: z.exactOptional(z.string()),
        accessKeyId: z.string(),
      }),
    ),
  }),
);

/** A session that no grant explains, or a use of an emergency identity: found afterwards, and reviewed as a grant is. */
export const incidentView = z.lazy(() =>
  z.object({
    incidentId: z.string(),
    kind: z.enum(INCIDENT_KINDS),
    /** open: nobody has said what it was for. overdue: not reviewed in time. */
    state: z.enum(['open', 'explained', 'overdue', 'closed', 'finding']),
    accountId: z.string(),
    openedAt: instantSchema,
    /** The role or the identity that was used, and by whom as CloudTrail names it. */
    target: z.string(),
    principal: z.string(),
    /** Why it is an incident. */
    why: z.string(),
    /** Whom the session said it was of. */
    person: z.exactOptional(z.string()),
    calls: z.array(
      z.object({
        eventId: z.string(),
        at: instantSchema,
        name: z.string(),
        region: z.string(),
        sourceIp: z.exactOptional(z.string()),
        accessKeyId: z.exactOptional(z.string()),
        error: z.exactOptional(z.string()),
      }),
    ),
    /** Who can get at the identity, and so reviews no use of it. */
    custodians: z.array(z.string()),
    reviewers: z.array(z.string()),
    reviewBy: instantSchema,
    explanation: z.exactOptional(
      z.object({ by: actorSchema, at: instantSchema, reason: z.string(), ticket: z.string() }),
    ),
    review: z.exactOptional(review),
  }),
);

/** The whole path on a role without privilege. */
export const drillView = z.lazy(() =>
  z.object({
    outcome: z.enum(['passed', 'failed']),
    grant: z.exactOptional(grantView),
    stages: z.array(
      z.object({
        stage: z.string(),
        outcome: z.enum(['passed', 'failed', 'skipped']),
        detail: z.exactOptional(z.string()),
      }),
    ),
  }),
);

export type BreakGlassRoleView = z.output<typeof breakGlassRoleView>;
export type GrantView = z.output<typeof grantView>;
export type StartedView = z.output<typeof startedView>;
export type EndedView = z.output<typeof endedView>;
export type GrantEvidenceView = z.output<typeof grantEvidenceView>;
export type IncidentView = z.output<typeof incidentView>;
export type DrillView = z.output<typeof drillView>;
