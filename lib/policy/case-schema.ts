import * as z from 'zod';
import { CREDENTIAL_KINDS } from '../domain/credential.ts';
import { HOLD_KINDS } from '../domain/hold.ts';
import { ANNOUNCED_STEPS, STEP_KINDS, TIERS } from '../domain/step.ts';
import { OUTCOMES } from '../domain/verdict.ts';
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

export const whenSchema = z
  .string()
  .regex(
    WHEN,
    says('is no point in time', 'write 2026-10-01, 2026-10-01T09:00:00Z, 45d ago, 45d 4h ago or in 10d'),
  )
  .refine((text) => !/^\d{4}/.test(text) || !Number.isNaN(Date.parse(text)), {
    error: says('is no day of the calendar', 'write year-month-day'),
  })
  .describe('A date, an instant in UTC, or relative to now: 45d ago, 45d 4h ago, in 10d.');

const notKnown = strict({ unknown: z.string().min(1).describe('Why nothing is known.') });

/** A fact: its value, the value with an age of its own, or that it is unknown. A map of tags is tried last. */
function fact<T extends z.ZodType>(value: T) {
  const plain = value.transform((written) => ({ value: written }));
  return z.union([notKnown, strict({ value, asOf: whenSchema }), plain]).optional();
}

const whenOrNever = z.union([z.literal('never'), whenSchema]);

export const caseFactsSchema = strict({
  user: z
    .string()
    .regex(/^\/([^/]+\/)*[^/]+$/, says('is no user', 'write path and name, for example /ci/deployer'))
    .describe('Path and name of the IAM user; /people/somebody when left out.')
    .optional(),
  secret: z.string().min(1).describe('Name of the secret; team/something when left out.').optional(),
  account: accountIdSchema.optional(),
  region: z.string().min(1).describe('eu-central-1 for secrets when left out.').optional(),
  asOf: whenSchema.describe('What the evidence speaks of; now when left out.').optional(),
  status: fact(z.string()).describe('active when left out.'),
  tags: fact(z.record(z.string(), z.string())).describe('None when left out.'),
  accessKeyId: fact(z.string()).describe('Made up when left out.'),
  owningService: fact(z.string().nullable()).describe('None when left out.'),
  primaryRegion: fact(z.string()).describe('The Region itself when left out.'),
  createdAt: fact(whenSchema).describe('Unknown when left out, like all that follow.'),
  lastUsedAt: fact(whenOrNever).describe('never: it was never used.'),
  lastChangedAt: fact(whenOrNever).describe('Of a secret or a password.'),
  lastRotatedAt: fact(whenOrNever).describe('never: it was never rotated.'),
  expiresAt: fact(whenOrNever).describe('never: it does not end by itself.'),
  mfaActive: fact(z.boolean()).describe('Whether the user has an MFA device.'),
  rotation: fact(z.enum(['off', 'ok', 'overdue', 'failed'])).describe('Of a secret.'),
});
export type CaseFacts = z.infer<typeof caseFactsSchema>;

const history = strict({
  createdBy: z
    .string()
    .min(1)
    .describe('The id of the person who created it, or the ARN of a workload that did.')
    .optional(),
  opened: whenSchema.describe('When the finding was opened.').optional(),
  told: z
    .array(
      strict({
        at: whenSchema.describe('When the notice was accepted for delivery.'),
        to: directoryIdSchema,
        announces: z.enum(ANNOUNCED_STEPS).describe('The step it announced.').optional(),
        notBefore: whenSchema.describe('The earliest instant it named; its own when left out.').optional(),
      }),
    )
    .describe('Notices about this finding.')
    .optional(),
  quarantined: whenSchema.describe('Since when it is in our quarantine.').optional(),
  statusBefore: z.string().describe('The status before our quarantine; active when left out.').optional(),
  deleted: whenSchema.describe('When we deleted it.').optional(),
  holds: z
    .array(
      strict({
        until: whenSchema,
        kind: z.enum(HOLD_KINDS).describe('What kind of hold.'),
        rules: z.array(slugSchema).min(1).describe('Rules it holds; all when left out.').optional(),
        steps: z
          .array(z.enum(STEP_KINDS))
          .min(1)
          .describe('Steps it forbids; everything but tag when left out.')
          .optional(),
      }),
    )
    .describe('Holds placed on it.')
    .optional(),
  bounced: z.array(directoryIdSchema).describe('From whom notices came back.').optional(),
  rotation: strict({
    state: z.enum(['begun', 'finished', 'failed']).describe('Where it stands.'),
    at: whenSchema.describe('Since when.'),
    replacedBy: z.string().min(1).describe('The access key that took its place.').optional(),
    code: z.string().min(1).describe('Why it failed.').optional(),
  })
    .describe('The newest rotation of it.')
    .optional(),
  blocked: strict({
    code: z.string().min(1).describe('The code of the reason, such as no-store.'),
    at: whenSchema.describe('Since when.'),
  })
    .describe('Why the rotation that is due cannot begin.')
    .optional(),
  openIntent: whenSchema.describe('An act begun then, of which no outcome is known.').optional(),
});

const expectation = strict({
  outcome: z.enum(OUTCOMES).describe('The verdict.'),
  step: z
    .enum([...STEP_KINDS, 'none'])
    .describe('The next step; none: there is none.')
    .optional(),
  due: whenSchema.describe('When the step is due.').optional(),
  tier: z.enum(TIERS).describe('The tier of the step.').optional(),
  announces: z.enum(ANNOUNCED_STEPS).describe('What the notice announces.').optional(),
  owner: z.string().describe('An id, or unresolved.').optional(),
  recipient: z.string().describe('Who is told.').optional(),
  held: z.array(z.string()).describe('Codes of what holds it, in any order.').optional(),
  rule: slugSchema.describe('The rule behind the verdict, where the case names none.').optional(),
});

export const caseSchema = strict({
  name: sentenceSchema.describe('What the case shows, as a sentence.'),
  rule: slugSchema.describe('The rule, judged alone; left out, all rules for the kind are.').optional(),
  credential: z.enum(CREDENTIAL_KINDS).describe('The kind, where the case names no rule.').optional(),
  now: whenSchema.describe('The instant of the judgement.'),
  facts: caseFactsSchema.describe(
    'The credential. A fact is written as its value, as { value, asOf } with an age of its own, or as { unknown: why }.',
  ),
  history: history.describe('What the ledger says; nothing when left out.').optional(),
  expect: expectation.describe('What must be concluded; only what is written here is compared.'),
});
export type PolicyCase = z.infer<typeof caseSchema>;

export const casesSchema = strict({
  cases: z.array(caseSchema).min(1, says('holds no case', 'add one')).describe('The table.'),
}).describe('What rules must say of given credentials; run by janitor policy test.');
