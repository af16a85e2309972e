import { credentialSchema } from './credential.ts';
import { STEP_KINDS, TIERS } from './step.ts';
import { instantSchema } from './time.ts';
import * as z from './zod.ts';

/**
 * What the policy says of a credential now (words of the design):
 * keep; act (with the next step and when it is due, possibly later); hold (would act, something forbids it);
 * unknown (a fact that a rule needs is unknown: never acted on, G22).
 */
export const OUTCOMES = ['keep', 'act', 'hold', 'unknown'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Whom a credential belongs to, and how that was found out. `unresolved` is reported, never skipped (G21). */
export const ownerSchema = z.lazy(() =>
  z.strictObject({
    /** A person, group or outside-party id of the directory, or `unresolved`. */
    id: z.string(),
    source: z.string().check(z.describe('tag:<key>, path, person, outside-party, default or unresolved')),
  }),
);
export type Owner = z.infer<typeof ownerSchema>;

/** Why something that would happen does not: a stable code and a sentence. */
export const refusalSchema = z.lazy(() => z.strictObject({ code: z.string(), reason: z.string() }));
export type Refusal = z.infer<typeof refusalSchema>;

/** One rule's view of one credential. */
export const findingSchema = z.lazy(() =>
  z.strictObject({
    rule: z.string(),
    ruleHash: z.string(),
    /** `yes`: the rule matches. `unknown`: it might, a fact is missing. */
    matches: z.enum(['yes', 'unknown']),
    /** Whether the rule's match rests on the credential not having been used (needs the freshest evidence). */
    restsOnDisuse: z.boolean(),
    /** When the ledger opened this finding; absent while it is new. */
    openedAt: z.optional(instantSchema),
    /** The next step and when it is due; absent when all steps are done. */
    step: z.optional(z.enum(STEP_KINDS)),
    due: z.optional(instantSchema),
    tier: z.optional(z.enum(TIERS)),
    /** The destructive step that a notice sent now would announce, and the earliest instant it could run. */
    announces: z.optional(z.strictObject({ step: z.enum(STEP_KINDS), notBefore: instantSchema })),
    held: z.array(refusalSchema),
    reasons: z.array(z.string()),
  }),
);
export type Finding = z.infer<typeof findingSchema>;

export const verdictSchema = z.lazy(() =>
  z.strictObject({
    outcome: z.enum(OUTCOMES),
    rule: z.optional(z.string()),
    step: z.optional(z.enum(STEP_KINDS)),
    due: z.optional(instantSchema),
    reasons: z.array(z.string()),
  }),
);
export type Verdict = z.infer<typeof verdictSchema>;

/** Everything the policy concludes about one credential at one instant; pure function of facts, history, policy, now. */
export const judgementSchema = z.lazy(() =>
  z.strictObject({
    owner: ownerSchema,
    /** Whose notice it is: the owner's id, or the fallback's when the owner cannot be reached. Empty: nobody. */
    recipient: z.string(),
    outsideParty: z.optional(z.string()),
    expiresAt: z.nullable(instantSchema),
    /** Tags this credential should carry on its holder (the user, or the secret), key to value. */
    labels: z.record(z.string(), z.string()),
    verdict: verdictSchema,
    findings: z.array(findingSchema),
  }),
);
export type Judgement = z.infer<typeof judgementSchema>;

/** A credential with its judgement: one line of a manifest, one element of `scan --format json`. */
export const judgedCredentialSchema = z.lazy(() =>
  z.strictObject({
    credential: credentialSchema,
    judgement: judgementSchema,
  }),
);
export type JudgedCredential = z.infer<typeof judgedCredentialSchema>;
