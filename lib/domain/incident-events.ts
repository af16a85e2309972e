import { accountIdSchema, textSchema as text } from './common-schemas.ts';
import { lazily } from './lazily.ts';
import { instantSchema } from './time.ts';
import * as z from './zod.ts';

/** session-without-grant: somebody assumed a break-glass role and no grant explains it. */
export const INCIDENT_KINDS = ['session-without-grant', 'emergency-identity'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** What people are told of an incident. opened: at once; overdue: nobody reviewed it in time. */
export const INCIDENT_TOLD_ABOUT = ['opened', 'overdue'] as const;
export type IncidentToldAbout = (typeof INCIDENT_TOLD_ABOUT)[number];

/** A call as CloudTrail shows it. The id of an access key is a name, no secret. */
export const incidentCallSchema = z.lazy(() =>
  z.strictObject({
    eventId: text,
    at: instantSchema,
    /** `sts:AssumeRole`, `signin:ConsoleLogin` */
    name: text,
    region: text,
    sourceIp: z.optional(text),
    /** That it was made with; of an AssumeRole, the one it issued. */
    accessKeyId: z.optional(text),
    /** AWS's word for why it failed. */
    error: z.optional(text),
  }),
);
export type IncidentCall = z.infer<typeof incidentCallSchema>;

/**
 * Events on `grant#incident/<id>`: what was found out afterwards, and is reviewed as a grant is. How to add one:
 * event-data.ts.
 */
export const incidentEventSchemas = {
  'incident.opened': lazily(() =>
    z.strictObject({
      kind: z.enum(INCIDENT_KINDS),
      accountId: accountIdSchema,
      /** ARN of the role that was assumed, or of the identity that was used. */
      target: text,
      /** Who made the call, as CloudTrail names it. */
      principal: text,
      /** The person that a session claims to be of, by its source identity. */
      person: z.optional(text),
      /** Why it is an incident, in words. */
      why: text,
      call: incidentCallSchema,
      /** Who may have used it, and so never reviews it. */
      custodians: z.array(text),
      reviewers: z.array(text),
      reviewBy: instantSchema,
    }),
  ),
  /** Another call of the same incident; one of each name, Region and error. */
  'incident.observed': lazily(() => z.strictObject({ call: incidentCallSchema })),
  /** Somebody says what it was for, in `reason` and `ticket`, and that it was them. */
  'incident.explained': lazily(() => z.strictObject({})),
  /** A notice about it; it changes nothing of what the chain is about. */
  'incident.told': lazily(() =>
    z.strictObject({
      noticeId: text,
      recipient: text,
      about: z.enum(INCIDENT_TOLD_ABOUT),
      /** accepted: the route took the notice over; refused: this person cannot be reached, and is not tried again. */
      outcome: z.enum(['accepted', 'refused']),
    }),
  ),
  'incident.reviewed': lazily(() =>
    z.strictObject({ verdict: z.enum(['closed', 'finding']), followUp: z.optional(text) }),
  ),
} as const;
