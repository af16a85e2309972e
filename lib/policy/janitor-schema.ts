import { CREDENTIAL_KINDS, type CredentialKind } from '../domain/credential.ts';
import { durationSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
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
    id: slugSchema.check(
      z.describe('Its name in every output and record. Never reuse one for something else.'),
    ),
    why: sentenceSchema.check(
      z.describe('Why this rule exists, for the owner who reads a notice and for the next reviewer.'),
    ),
    owner: directoryIdSchema.check(
      z.describe('Who answers for the rule: a person or group of directory.yaml.'),
    ),
    reviewedOn: dateSchema.check(z.describe('When a person last confirmed that the rule is still right.')),
    reviewEvery: durationOfAtLeast('1d', 'a review takes a person').check(
      z.describe(
        'How long a review is good for. Overdue, the rule still observes and warns but no longer disables or deletes.',
      ),
    ),
    controls: z._default(
      z
        .array(
          z.string().check(
            z.regex(CONTROL_PATTERN, {
              error: says(
                'is not the identifier of a known standard',
                `write it like ${CONTROL_EXAMPLES.join(', ')}`,
              ),
            }),
          ),
        )
        .check(
          z.describe(`The controls of standards it serves, written like ${CONTROL_EXAMPLES.join(', ')}.`),
        ),
      [],
    ),
    credential: z
      .literal(kind)
      .check(z.describe('The kind of credential; it decides which keys match may use.')),
    match: match.check(z.describe('What a credential must be like.')),
    exclude: z.optional(
      match.check(
        z.describe(
          'What is out of scope, reviewed together with the rule. Unknown here makes the answer unknown.',
        ),
      ),
    ),
    steps: stepsSchemaFor(kind),
    requests: z.optional(ruleRequestsSchema),
  });
}

const [firstKind, ...otherKinds] = CREDENTIAL_KINDS;
const ruleSchema: z.ZodMiniType<Rule> = z.discriminatedUnion('credential', [
  ruleSchemaFor(firstKind),
  ...otherKinds.map(ruleSchemaFor),
]);

const count = z.int().check(z.gte(0), z.lte(100_000));
const approval = (least: number) =>
  strict({
    group: directoryIdSchema.check(z.describe('A group of directory.yaml.')),
    quorum: z
      .int()
      .check(
        z.gte(least, says(`is less than ${least}`, `write ${least} or more`)),
        z.lte(20),
        z.describe('How many different persons of the group must approve.'),
      ),
  });

const lifetime = z.optional(positiveDuration);

export const janitorSchema = strict({
  version: z.literal(1).check(z.describe('The version of this format.')),
  mode: z
    .enum(['observe', 'enforce'])
    .check(
      z.describe('observe: decides, records and changes nothing. enforce: what is named under enforce acts.'),
    ),
  enforce: z._default(
    z
      .array(
        strict({
          rules: z.array(slugSchema).check(z.minLength(1), z.describe('Ids of rules.')),
          accounts: z.optional(z.array(accountIdSchema).check(z.minLength(1), z.describe('Account ids.'))),
          ous: z.optional(
            z
              .array(ouSchema)
              .check(
                z.minLength(1),
                z.describe('Organisational units; an account belongs to the one directory.yaml names.'),
              ),
          ),
        }).check(
          z.refine((entry) => entry.accounts !== undefined || entry.ous !== undefined, {
            error: says('names neither accounts nor ous', 'add accounts: ["111122223333"] or ous: [ou-...]'),
          }),
        ),
      )
      .check(z.describe('Where which rules act. Staged rollout: add accounts and rules one by one.')),
    [],
  ),
  limits: z.prefault(
    strict({
      perAccountPerDay: z._default(
        count.check(z.describe('Destructive steps in one account within any 24 hours.')),
        10,
      ),
      perOrganisationPerDay: z._default(count.check(z.describe('The same over all accounts.')), 100),
      percentOfKind: z._default(
        z
          .number()
          .check(
            z.gte(0),
            z.lte(100),
            z.describe('The same as a share of the credentials of that kind in the account, in percent.'),
          ),
        5,
      ),
      atLeast: z._default(
        z.int().check(z.gte(0), z.lte(10), z.describe('The share never forbids this many.')),
        1,
      ),
    }).check(
      z.describe('The smallest of these applies. Beyond it, what remains waits for approval as a plan.'),
    ),
    {},
  ),
  riskOwner: directoryIdSchema.check(
    z.describe('Who carries the risk that is left, and hears of what nobody else owns.'),
  ),
  approvals: strict({
    guarded: approval(1).check(z.describe('Approves plans of guarded steps.')),
    critical: approval(2).check(
      z.describe('Approves plans of critical steps: two different persons at least.'),
    ),
    policy: approval(2).check(
      z.describe('Approves a new version of this policy: two different persons at least.'),
    ),
  }).check(z.describe('Who approves what.')),
  plans: z.prefault(
    strict({
      validFor: z._default(
        positiveDuration.check(z.describe('A frozen plan that nobody approved lapses after this.')),
        '7d',
      ),
    }).check(z.describe('Frozen plans.')),
    {},
  ),
  restoreHold: z._default(
    durationOfAtLeast('1d', 'a restored credential needs time to be used again').check(
      z.describe('How long a restored credential is left alone.'),
    ),
    '30d',
  ),
  evidence: z.prefault(
    strict({
      maxAge: z._default(
        durationOfAtLeast('1h', 'reading a large account takes a while').check(
          z.describe('A fact older than this counts as unknown.'),
        ),
        '24h',
      ),
      lastUsedLag: z._default(
        durationSchema.check(
          z.describe(
            'How far what AWS says of the last use may lag behind; proof of disuse ends that much earlier.',
          ),
        ),
        '4h',
      ),
    }).check(z.describe('How far facts are believed.')),
    {},
  ),
  inventory: z.prefault(
    strict({
      regions: z.optional(
        z
          .array(
            z
              .string()
              .check(
                z.regex(/^[a-z]{2,}(-[a-z]+)+-\d$/, says('is not a Region', 'write its code: eu-central-1')),
              ),
          )
          .check(
            z.minLength(1),
            z.describe('Regions to read secrets in; all that are enabled when left out.'),
          ),
      ),
      fullReadEvery: z._default(
        durationOfAtLeast('1d', 'a full read costs one call per user').check(
          z.describe('How often every access key id is read anew; a third key of a user shows only then.'),
        ),
        '7d',
      ),
    }).check(z.describe('What is read, and how often all of it.')),
    {},
  ),
  lifetime: z.prefault(
    strict({
      'access-key': lifetime.check(z.describe('Counted from its creation.')),
      secret: lifetime.check(z.describe('Counted from its last rotation, or its creation.')),
      'root-access-key': lifetime.check(z.describe('Counted from its creation.')),
      'console-password': lifetime.check(z.describe('Counted from its last change, or its creation.')),
      'signing-certificate': lifetime.check(z.describe('Counted from its creation.')),
    }).check(z.describe('How long a credential is meant to live: shown and labelled as its expiry.')),
    {},
  ),
  rotation: rotationSchema,
  requests: requestsSchema,
  breakGlass: z.optional(breakGlassSchema),
  protect: z._default(
    z
      .array(
        strict({
          why: sentenceSchema.check(z.describe('Why nothing may touch these.')),
          match: protectionMatchSchema.check(z.describe('Which credentials.')),
        }),
      )
      .check(
        z.describe(
          'Credentials that no rule ever touches. What cannot be told from lack of a fact is protected too.',
        ),
      ),
    [],
  ),
  rules: z
    .array(ruleSchema)
    .check(z.minLength(1, says('holds no rule', 'add at least one rule')), z.describe('The rules.')),
}).check(z.describe('What the janitor may do to which credentials.'));

export type JanitorDocument = z.infer<typeof janitorSchema>;
