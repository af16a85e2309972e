import { CREDENTIAL_KINDS, type CredentialKind } from '../domain/credential.ts';
import * as z from '../domain/zod.ts';
import {
  accountIdSchema,
  directoryIdSchema,
  namePatternSchema,
  oneOrMany,
  pathPrefixSchema,
  positiveDuration,
  says,
  strict,
  tagsPatternSchema,
} from './schema-parts.ts';

type OneOrMany<T> = T | T[];

/** What a credential must be like. All keys of one map must fit; `any`, `all` and `not` combine maps. */
export interface Match {
  readonly credential?: OneOrMany<CredentialKind> | undefined;
  readonly status?: OneOrMany<string> | undefined;
  readonly age?: string | undefined;
  readonly unusedFor?: string | undefined;
  readonly usedWithin?: string | undefined;
  readonly neverUsed?: boolean | undefined;
  readonly tags?: Record<string, string | null> | undefined;
  readonly path?: OneOrMany<string> | undefined;
  readonly name?: OneOrMany<string> | undefined;
  readonly owner?: OneOrMany<string> | undefined;
  readonly account?: OneOrMany<string> | undefined;
  readonly region?: OneOrMany<string> | undefined;
  readonly rotation?: OneOrMany<'off' | 'ok' | 'overdue' | 'failed'> | undefined;
  readonly notRotatedFor?: string | undefined;
  readonly replaced?: boolean | undefined;
  readonly replacedFor?: string | undefined;
  readonly exposed?: boolean | undefined;
  readonly mfa?: boolean | undefined;
  readonly expiry?: 'none' | undefined;
  readonly outsideParty?: OneOrMany<string> | undefined;
  readonly labelled?: boolean | undefined;
  readonly any?: Match[] | undefined;
  readonly all?: Match[] | undefined;
  readonly not?: Match | undefined;
}

const clauses = {
  credential: z.optional(oneOrMany(z.enum(CREDENTIAL_KINDS)).check(z.describe('The kind of credential.'))),
  age: z.optional(positiveDuration.check(z.describe('At least this long since it was created.'))),
  unusedFor: z.optional(
    positiveDuration.check(
      z.describe(
        'Proof that it was not used for at least this long, counted from its creation if it was never used. The proof reaches as far as the evidence, less evidence.lastUsedLag.',
      ),
    ),
  ),
  usedWithin: z.optional(
    positiveDuration.check(
      z.describe('Used less than this long before the evidence, less evidence.lastUsedLag.'),
    ),
  ),
  neverUsed: z.optional(
    z.boolean().check(z.describe('true: not used since it was created. false: used at least once.')),
  ),
  tags: z.optional(tagsPatternSchema),
  path: z.optional(oneOrMany(pathPrefixSchema)),
  name: z.optional(oneOrMany(namePatternSchema)),
  owner: z.optional(
    oneOrMany(z.union([z.literal('unresolved'), directoryIdSchema])).check(
      z.describe(
        'Whose it is: an id of directory.yaml, or unresolved (nobody was found but the default of its account).',
      ),
    ),
  ),
  account: z.optional(oneOrMany(accountIdSchema)),
  region: z.optional(
    oneOrMany(
      z
        .string()
        .check(
          z.regex(
            /^[a-z]{2,}(-[a-z]+)+-\d$/,
            says('is not a Region', 'write its code, for example eu-central-1'),
          ),
        ),
    ).check(z.describe('The Region that holds the secret.')),
  ),
  rotation: z.optional(
    oneOrMany(z.enum(['off', 'ok', 'overdue', 'failed'])).check(
      z.describe('off: not enabled. overdue: its next date has passed. failed: a version was left pending.'),
    ),
  ),
  notRotatedFor: z.optional(
    positiveDuration.check(
      z.describe(
        'At least this long since the last rotation, counted from its creation if it was never rotated.',
      ),
    ),
  ),
  replaced: z.optional(
    z
      .boolean()
      .check(z.describe('Whether a rotation that finished put another key in the place of this one.')),
  ),
  replacedFor: z.optional(
    positiveDuration.check(z.describe('Replaced by a rotation that finished at least this long ago.')),
  ),
  exposed: z.optional(
    z
      .boolean()
      .check(z.describe('Whether it was made or shown during a break-glass grant and not rotated since.')),
  ),
  mfa: z.optional(z.boolean().check(z.describe('Whether the user has an MFA device.'))),
  expiry: z.optional(z.enum(['none']).check(z.describe('none: it never expires by itself.'))),
  outsideParty: z.optional(
    oneOrMany(z.union([z.literal('contract-ended'), directoryIdSchema])).check(
      z.describe(
        'contract-ended: it belongs to an outside party whose contract ended. Or the id of an outside party.',
      ),
    ),
  ),
  labelled: z.optional(
    z
      .boolean()
      .check(z.describe('Whether its holder carries the labels of owner and expiry that it should.')),
  ),
};
type ClauseKey = keyof typeof clauses;

const STATUSES: Readonly<Record<CredentialKind, readonly [string, ...string[]]>> = {
  'access-key': ['active', 'inactive', 'expired'],
  secret: ['active', 'pending-deletion'],
  'root-access-key': ['active', 'inactive'],
  'console-password': ['active', 'inactive'],
  'signing-certificate': ['active', 'inactive'],
  'service-specific-credential': ['active', 'inactive', 'expired'],
};

const EVERYWHERE: readonly ClauseKey[] = ['age', 'owner', 'account', 'outsideParty'];
const ON_USE: readonly ClauseKey[] = ['unusedFor', 'usedWithin', 'neverUsed'];
const ON_HOLDER: readonly ClauseKey[] = ['tags', 'path', 'name'];

/** Which keys a rule for a kind may use; the others have no fact behind them. */
export const MATCH_KEYS: Readonly<Record<CredentialKind, readonly ClauseKey[]>> = {
  'access-key': [...EVERYWHERE, ...ON_USE, ...ON_HOLDER, 'replaced', 'replacedFor', 'exposed', 'labelled'],
  secret: [
    ...EVERYWHERE,
    ...ON_USE,
    ...ON_HOLDER,
    'region',
    'rotation',
    'notRotatedFor',
    'exposed',
    'labelled',
  ],
  'root-access-key': [...EVERYWHERE, ...ON_USE],
  'console-password': [...EVERYWHERE, ...ON_USE, ...ON_HOLDER, 'mfa'],
  'signing-certificate': [...EVERYWHERE, ...ON_HOLDER],
  'service-specific-credential': [...EVERYWHERE, ...ON_HOLDER, 'expiry'],
};

/** `status` as a rule for a kind writes it. */
function statusClause(kind: CredentialKind) {
  return z.optional(
    oneOrMany(z.enum(STATUSES[kind])).check(
      z.describe('What AWS says, in lower case. While it is in our quarantine: what it was before.'),
    ),
  );
}

/** A map of clauses, and the same inside any, all and not. Lazy, because it contains itself. */
function matchOf(id: string, shape: Record<string, z.ZodMiniType>): z.ZodMiniType<Match> {
  const some = (what: string) => z.lazy(() => z.array(schema).check(z.minLength(1), z.describe(what)));
  const schema: z.ZodMiniType<Match> = strict({
    ...shape,
    any: z.optional(some('At least one of these must fit.')),
    all: z.optional(some('All of these must fit.')),
    not: z.optional(z.lazy(() => schema)),
  })
    .check(
      z.refine((match) => Object.keys(match).length > 0, {
        when: ({ issues }) => issues.length === 0,
        error: says('is empty and would match everything', 'name at least one condition'),
      }),
    )
    .register(z.globalRegistry, { id, description: NESTING });
  return schema;
}

const NESTING =
  'All keys of one map must fit. any: at least one of these maps. all: all of them. not: that one does not; what is unknown stays unknown.';

function picked(keys: readonly ClauseKey[]): Record<string, z.ZodMiniType> {
  return Object.fromEntries(keys.map((key) => [key, clauses[key]]));
}

export function matchSchemaFor(kind: CredentialKind): z.ZodMiniType<Match> {
  return matchOf(`${kind}-match`, { status: statusClause(kind), ...picked(MATCH_KEYS[kind]) });
}

/** What a protection may ask: only what says which credential it is, never how it is used. */
export const protectionMatchSchema = matchOf(
  'protection-match',
  picked(['credential', 'account', 'region', 'path', 'name', 'tags', 'owner', 'outsideParty']),
);
