import { CREDENTIAL_KINDS } from '../domain/credential.ts';
import { HOLD_KINDS } from '../domain/hold.ts';
import { ANNOUNCED_STEPS, STEP_KINDS, TIERS } from '../domain/step.ts';
import { OUTCOMES } from '../domain/verdict.ts';
import * as z from '../domain/zod.ts';
import {
  accountIdSchema,
  directoryIdSchema,
  says,
  sentenceSchema,
  slugSchema,
  strict,
} from './schema-parts.ts';

/** Cases: what a rule must say of a credential, as a table that a security reviewer writes and reads. */

const WHEN =
  /^(\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(\.\d{3})?Z)?|\d{1,5}[mhd]( \d{1,5}[mhd]){0,2} ago|in \d{1,5}[mhd])$/;

export const whenSchema = z.string().check(
  z.regex(
    WHEN,
    says('is no point in time', 'write 2026-10-01, 2026-10-01T09:00:00Z, 45d ago, 45d 4h ago or in 10d'),
  ),
  z.refine((text) => !/^\d{4}/.test(text) || !Number.isNaN(Date.parse(text)), {
    error: says('is no day of the calendar', 'write year-month-day'),
  }),
  z.describe('A date, an instant in UTC, or relative to now: 45d ago, 45d 4h ago, in 10d.'),
);

const notKnown = strict({ unknown: z.string().check(z.minLength(1), z.describe('Why nothing is known.')) });

/** A fact: its value, the value with an age of its own, or that it is unknown. A map of tags is tried last. */
function fact<T extends z.ZodMiniType>(value: T) {
  const plain = z.pipe(
    value,
    z.transform((written) => ({ value: written })),
  );
  return z.optional(z.union([notKnown, strict({ value, asOf: whenSchema }), plain]));
}

const whenOrNever = z.union([z.literal('never'), whenSchema]);

export const caseFactsSchema = strict({
  user: z.optional(
    z
      .string()
      .check(
        z.regex(/^\/([^/]+\/)*[^/]+$/, says('is no user', 'write path and name, for example /ci/deployer')),
        z.describe('Path and name of the IAM user; /people/somebody when left out.'),
      ),
  ),
  secret: z.optional(
    z.string().check(z.minLength(1), z.describe('Name of the secret; team/something when left out.')),
  ),
  account: z.optional(accountIdSchema),
  region: z.optional(z.string().check(z.minLength(1), z.describe('eu-central-1 for secrets when left out.'))),
  asOf: z.optional(whenSchema.check(z.describe('What the evidence speaks of; now when left out.'))),
  status: fact(z.string()).check(z.describe('active when left out.')),
  tags: fact(z.record(z.string(), z.string())).check(z.describe('None when left out.')),
  accessKeyId: fact(z.string()).check(z.describe('Made up when left out.')),
  owningService: fact(z.nullable(z.string())).check(z.describe('None when left out.')),
  primaryRegion: fact(z.string()).check(z.describe('The Region itself when left out.')),
  createdAt: fact(whenSchema).check(z.describe('Unknown when left out, like all that follow.')),
  lastUsedAt: fact(whenOrNever).check(z.describe('never: it was never used.')),
  lastChangedAt: fact(whenOrNever).check(z.describe('Of a secret or a password.')),
  lastRotatedAt: fact(whenOrNever).check(z.describe('never: it was never rotated.')),
  expiresAt: fact(whenOrNever).check(z.describe('never: it does not end by itself.')),
  mfaActive: fact(z.boolean()).check(z.describe('Whether the user has an MFA device.')),
  rotation: fact(z.enum(['off', 'ok', 'overdue', 'failed'])).check(z.describe('Of a secret.')),
});
export type CaseFacts = z.infer<typeof caseFactsSchema>;

const history = strict({
  createdBy: z.optional(
    z
      .string()
      .check(
        z.minLength(1),
        z.describe('The id of the person who created it, or the ARN of a workload that did.'),
      ),
  ),
  opened: z.optional(whenSchema.check(z.describe('When the finding was opened.'))),
  told: z.optional(
    z
      .array(
        strict({
          at: whenSchema.check(z.describe('When the notice was accepted for delivery.')),
          to: directoryIdSchema,
          announces: z.optional(z.enum(ANNOUNCED_STEPS).check(z.describe('The step it announced.'))),
          notBefore: z.optional(
            whenSchema.check(z.describe('The earliest instant it named; its own when left out.')),
          ),
        }),
      )
      .check(z.describe('Notices about this finding.')),
  ),
  quarantined: z.optional(whenSchema.check(z.describe('Since when it is in our quarantine.'))),
  statusBefore: z.optional(
    z.string().check(z.describe('The status before our quarantine; active when left out.')),
  ),
  deleted: z.optional(whenSchema.check(z.describe('When we deleted it.'))),
  holds: z.optional(
    z
      .array(
        strict({
          until: whenSchema,
          kind: z.enum(HOLD_KINDS).check(z.describe('What kind of hold.')),
          rules: z.optional(
            z.array(slugSchema).check(z.minLength(1), z.describe('Rules it holds; all when left out.')),
          ),
          steps: z.optional(
            z
              .array(z.enum(STEP_KINDS))
              .check(z.minLength(1), z.describe('Steps it forbids; everything but tag when left out.')),
          ),
        }),
      )
      .check(z.describe('Holds placed on it.')),
  ),
  bounced: z.optional(z.array(directoryIdSchema).check(z.describe('From whom notices came back.'))),
  rotation: z.optional(
    strict({
      state: z.enum(['begun', 'finished', 'failed']).check(z.describe('Where it stands.')),
      at: whenSchema.check(z.describe('Since when.')),
      replacedBy: z.optional(
        z.string().check(z.minLength(1), z.describe('The access key that took its place.')),
      ),
      code: z.optional(z.string().check(z.minLength(1), z.describe('Why it failed.'))),
    }).check(z.describe('The newest rotation of it.')),
  ),
  blocked: z.optional(
    strict({
      code: z.string().check(z.minLength(1), z.describe('The code of the reason, such as no-store.')),
      at: whenSchema.check(z.describe('Since when.')),
    }).check(z.describe('Why the rotation that is due cannot begin.')),
  ),
  openIntent: z.optional(whenSchema.check(z.describe('An act begun then, of which no outcome is known.'))),
});

const expectation = strict({
  outcome: z.enum(OUTCOMES).check(z.describe('The verdict.')),
  step: z.optional(z.enum([...STEP_KINDS, 'none']).check(z.describe('The next step; none: there is none.'))),
  due: z.optional(whenSchema.check(z.describe('When the step is due.'))),
  tier: z.optional(z.enum(TIERS).check(z.describe('The tier of the step.'))),
  announces: z.optional(z.enum(ANNOUNCED_STEPS).check(z.describe('What the notice announces.'))),
  owner: z.optional(z.string().check(z.describe('An id, or unresolved.'))),
  recipient: z.optional(z.string().check(z.describe('Who is told.'))),
  held: z.optional(z.array(z.string()).check(z.describe('Codes of what holds it, in any order.'))),
  rule: z.optional(slugSchema.check(z.describe('The rule behind the verdict, where the case names none.'))),
});

export const caseSchema = strict({
  name: sentenceSchema.check(z.describe('What the case shows, as a sentence.')),
  rule: z.optional(
    slugSchema.check(z.describe('The rule, judged alone; left out, all rules for the kind are.')),
  ),
  credential: z.optional(
    z.enum(CREDENTIAL_KINDS).check(z.describe('The kind, where the case names no rule.')),
  ),
  now: whenSchema.check(z.describe('The instant of the judgement.')),
  facts: caseFactsSchema.check(
    z.describe(
      'The credential. A fact is written as its value, as { value, asOf } with an age of its own, or as { unknown: why }.',
    ),
  ),
  history: z.optional(history.check(z.describe('What the ledger says; nothing when left out.'))),
  expect: expectation.check(z.describe('What must be concluded; only what is written here is compared.')),
});
export type PolicyCase = z.infer<typeof caseSchema>;

export const casesSchema = strict({
  cases: z
    .array(caseSchema)
    .check(z.minLength(1, says('holds no case', 'add one')), z.describe('The table.')),
}).check(z.describe('What rules must say of given credentials; run by janitor policy test.'));
