import * as z from 'zod';
import { CREDENTIAL_KINDS, type CredentialKind } from '../domain/credential.ts';
import { durationSchema } from '../domain/time.ts';
import { breakGlassSchema } from './break-glass-schema.ts';
import { CONTROL_EXAMPLES, CONTROL_PATTERN } from './control.ts';
import { type Match, matchSchemaFor, protectionMatchSchema } from './match-schema.ts';
import { requestsSchema, ruleRequestsSchema } from './requests-schema.ts';
import { rotationSchema } from './rotation-schema.ts';
import {
  accountIdSchema,
  dateSchema,
  directoryIdSchema,
  durationOfAtLeast,
  ouSchema,
  positiveDuration,
  says,
  sentenceSchema,
  slugSchema,
  strict,
} from './schema-parts.ts';
import { type StepEntry, stepsSchemaFor } from './step-schema.ts';

/** One rule: which credentials it is about, and what happens to them. */
export interface Rule {
  readonly id: string;
  readonly why: string;
  readonly owner: string;
  readonly reviewedOn: string;
  readonly reviewEvery: string;
  readonly controls: readonly string[];
  readonly credential: CredentialKind;
  readonly match: Match;
  readonly exclude?: Match | undefined;
  readonly steps: readonly StepEntry[];
  readonly requests?: { readonly routineUpTo?: string | undefined } | undefined;
}

function ruleSchemaFor(kind: CredentialKind) {
  const match = matchSchemaFor(kind);
  return strict({
    id: slugSchema.describe('Its name in every output and record. Never reuse one for something else.'),
    why: sentenceSchema.describe(
      'Why this rule exists, for the owner who reads a notice and for the next reviewer.',
    ),
    owner: directoryIdSchema.describe('Who answers for the rule: a person or group of directory.yaml.'),
    reviewedOn: dateSchema.describe('When a person last confirmed that the rule is still right.'),
    reviewEvery: durationOfAtLeast('1d', 'a review takes a person').describe(
      'How long a review is good for. Overdue, the rule still observes and warns but no longer disables or deletes.',
    ),
    controls: z
      .array(
        z.string().regex(CONTROL_PATTERN, {
          error: says(
            'is not the identifier of a known standard',
            `write it like ${CONTROL_EXAMPLES.join(', ')}`,
          ),
        }),
      )
      .describe(`The controls of standards it serves, written like ${CONTROL_EXAMPLES.join(', ')}.`)
      .default([]),
    credential: z.literal(kind).describe('The kind of credential; it decides which keys match may use.'),
    match: match.describe('What a credential must be like.'),
    exclude: match
      .describe(
        'What is out of scope, reviewed together with the rule. Unknown here makes the answer unknown.',
      )
      .optional(),
    steps: stepsSchemaFor(kind),
    requests: ruleRequestsSchema.optional(),
  });
}

const [firstKind, ...otherKinds] = CREDENTIAL_KINDS;
const ruleSchema: z.ZodType<Rule> = z.discriminatedUnion('credential', [
  ruleSchemaFor(firstKind),
  ...otherKinds.map(ruleSchemaFor),
]);

const count = z.int().min(0).max(100_000);
const approval = (least: number) =>
  strict({
    group: directoryIdSchema.describe('A group of directory.yaml.'),
    quorum: z
      .int()
      .min(least, says(`is less than ${least}`, `write ${least} or more`))
      .max(20)
      .describe('How many different persons of the group must approve.'),
  });

const lifetime = positiveDuration.optional();

export const janitorSchema = strict({
  version: z.literal(1).describe('The version of this format.'),
  mode: z
    .enum(['observe', 'enforce'])
    .describe('observe: decides, records and changes nothing. enforce: what is named under enforce acts.'),
  enforce: z
    .array(
      strict({
        rules: z.array(slugSchema).min(1).describe('Ids of rules.'),
        accounts: z.array(accountIdSchema).min(1).describe('Account ids.').optional(),
        ous: z
          .array(ouSchema)
          .min(1)
          .describe('Organisational units; an account belongs to the one directory.yaml names.')
          .optional(),
      }).refine((entry) => entry.accounts !== undefined || entry.ous !== undefined, {
        error: says('names neither accounts nor ous', 'add accounts: ["111122223333"] or ous: [ou-...]'),
      }),
    )
    .describe('Where which rules act. Staged rollout: add accounts and rules one by one.')
    .default([]),
  limits: strict({
    perAccountPerDay: count.describe('Destructive steps in one account within any 24 hours.').default(10),
    perOrganisationPerDay: count.describe('The same over all accounts.').default(100),
    percentOfKind: z
      .number()
      .min(0)
      .max(100)
      .describe('The same as a share of the credentials of that kind in the account, in percent.')
      .default(5),
    atLeast: z.int().min(0).max(10).describe('The share never forbids this many.').default(1),
  })
    .describe('The smallest of these applies. Beyond it, what remains waits for approval as a plan.')
    .prefault({}),
  riskOwner: directoryIdSchema.describe(
    'Who carries the risk that is left, and hears of what nobody else owns.',
  ),
  approvals: strict({
    guarded: approval(1).describe('Approves plans of guarded steps.'),
    critical: approval(2).describe('Approves plans of critical steps: two different persons at least.'),
    policy: approval(2).describe('Approves a new version of this policy: two different persons at least.'),
  }).describe('Who approves what.'),
  plans: strict({
    validFor: positiveDuration
      .describe('A frozen plan that nobody approved lapses after this.')
      .default('7d'),
  })
    .describe('Frozen plans.')
    .prefault({}),
  restoreHold: durationOfAtLeast('1d', 'a restored credential needs time to be used again')
    .describe('How long a restored credential is left alone.')
    .default('30d'),
  evidence: strict({
    maxAge: durationOfAtLeast('1h', 'reading a large account takes a while')
      .describe('A fact older than this counts as unknown.')
      .default('24h'),
    lastUsedLag: durationSchema
      .describe(
        'How far what AWS says of the last use may lag behind; proof of disuse ends that much earlier.',
      )
      .default('4h'),
  })
    .describe('How far facts are believed.')
    .prefault({}),
  inventory: strict({
    regions: z
      .array(
        z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d$/, says('is not a Region', 'write its code: eu-central-1')),
      )
      .min(1)
      .describe('Regions to read secrets in; all that are enabled when left out.')
      .optional(),
    fullReadEvery: durationOfAtLeast('1d', 'a full read costs one call per user')
      .describe('How often every access key id is read anew; a third key of a user shows only then.')
      .default('7d'),
  })
    .describe('What is read, and how often all of it.')
    .prefault({}),
  lifetime: strict({
    'access-key': lifetime.describe('Counted from its creation.'),
    secret: lifetime.describe('Counted from its last rotation, or its creation.'),
    'root-access-key': lifetime.describe('Counted from its creation.'),
    'console-password': lifetime.describe('Counted from its last change, or its creation.'),
    'signing-certificate': lifetime.describe('Counted from its creation.'),
  })
    .describe('How long a credential is meant to live: shown and labelled as its expiry.')
    .prefault({}),
  rotation: rotationSchema,
  requests: requestsSchema,
  breakGlass: breakGlassSchema.optional(),
  protect: z
    .array(
      strict({
        why: sentenceSchema.describe('Why nothing may touch these.'),
        match: protectionMatchSchema.describe('Which credentials.'),
      }),
    )
    .describe(
      'Credentials that no rule ever touches. What cannot be told from lack of a fact is protected too.',
    )
    .default([]),
  rules: z.array(ruleSchema).min(1, says('holds no rule', 'add at least one rule')).describe('The rules.'),
}).describe('What the janitor may do to which credentials.');

export type JanitorDocument = z.infer<typeof janitorSchema>;
