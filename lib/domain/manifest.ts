import { actorSchema } from './actor.ts';
import { credentialSchema } from './credential.ts';
import { type CredentialHistory, EMPTY_HISTORY, historySchema } from './history.ts';
import { instantSchema } from './time.ts';
import { judgementSchema } from './verdict.ts';
import * as z from './zod.ts';

/**
 * All facts and verdicts of one account in one sweep (G5, G6): gzip of JSON lines, in this order:
 *   {"header":{...}}                                        once
 *   {"credential":{...},"judgement":{...},"history":{...}}  one per credential; no history: nothing was recorded
 *   {"head":{"subject":...,"seq":...,"hash":...}}           one per chain relied on, ascending by subject
 *   {"footer":{...}}                                        once; without it the manifest is not whole
 */
export const MANIFEST_SCHEMA_VERSION = 1;

export const manifestHeaderSchema = z.lazy(() =>
  z.strictObject({
    schemaVersion: z.literal(MANIFEST_SCHEMA_VERSION),
    sweepId: z.string().check(z.minLength(1)),
    accountId: z.string().check(z.minLength(1)),
    /** The judging instant: what every verdict of this manifest took for now. */
    at: instantSchema,
    policyHash: z.string().check(z.minLength(1)),
    enforce: z.boolean(),
    actor: z.optional(actorSchema),
    regions: z.optional(z.array(z.string())),
  }),
);
export type ManifestHeader = z.infer<typeof manifestHeaderSchema>;

export const manifestCredentialSchema = z.lazy(() =>
  z.strictObject({
    credential: credentialSchema,
    judgement: judgementSchema,
    /** What the ledger said of it when it was judged; absent when the chain was empty. */
    history: z.optional(historySchema),
  }),
);
export type ManifestCredential = z.infer<typeof manifestCredentialSchema>;

export const manifestHeadSchema = z.lazy(() =>
  z.strictObject({
    subject: z.string().check(z.minLength(1)),
    seq: z.int().check(z.positive()),
    hash: z.string().check(z.minLength(1)),
  }),
);
export type ManifestHead = z.infer<typeof manifestHeadSchema>;

/** Something that could not be read or done, and what would mend it. */
export const manifestProblemSchema = z.lazy(() =>
  z.strictObject({
    code: z.string(),
    message: z.string(),
    /** The missing permission as in a policy, such as `iam:ListUsers`. */
    permission: z.optional(z.string()),
    region: z.optional(z.string()),
  }),
);
export type ManifestProblem = z.infer<typeof manifestProblemSchema>;

const tally = z.record(z.string(), z.int().check(z.nonnegative()));

export const manifestFooterSchema = z.lazy(() =>
  z.strictObject({
    complete: z.boolean(),
    problems: z.array(manifestProblemSchema),
    notes: z.array(z.string()),
    /** Kinds of credentials that no read covers (G21). */
    notCovered: z.array(z.string()),
    /** Credentials by kind. */
    counts: tally,
    outcomes: tally,
    calls: tally,
    /** Over the head lines; see `merkleRoot`. */
    merkleRoot: z.string(),
    heads: z.int().check(z.nonnegative()),
    /** When every key id of the account was last read; null: never. */
    fullReadAt: z.nullable(instantSchema),
  }),
);
export type ManifestFooter = z.infer<typeof manifestFooterSchema>;

/** A line between header and footer, as a reader gets it. */
export type ManifestLine = ManifestCredential | ManifestHead;

export function isManifestHead(line: ManifestLine): line is ManifestHead {
  return 'subject' in line;
}

/** The history a stored verdict was judged with. */
export function historyOfLine(line: ManifestCredential): CredentialHistory {
  return line.history ?? EMPTY_HISTORY;
}
