import { DRILL_ROLE } from '../domain/break-glass-documents.ts';
import { TIERS } from '../domain/step.ts';
import { durationMs, durationSchema, HOUR_MS, instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import {
  accountIdSchema,
  directoryIdSchema,
  positiveDuration,
  says,
  sentenceSchema,
  slugSchema,
  strict,
} from './schema-parts.ts';

/** Longer than any shift, and what a reader of the record can still oversee. */
const LONGEST_HOURS = 12;

const longest = positiveDuration.check(
  z.refine((text) => !durationSchema.safeParse(text).success || durationMs(text) <= LONGEST_HOURS * HOUR_MS, {
    error: says(
      `is longer than ${LONGEST_HOURS}h`,
      `write ${LONGEST_HOURS}h or less; longer is another grant`,
    ),
  }),
);

const managedPolicy = z
  .string()
  .check(
    z.regex(
      /^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/[\w+=,.@/-]+$/,
      says('is not the ARN of a managed policy', 'write it in full: arn:aws:iam::aws:policy/ReadOnlyAccess'),
    ),
  );

const action = z
  .string()
  .check(
    z.regex(
      /^([a-z0-9-]+:[A-Za-z0-9*?]+)$/,
      says('is not an action', 'write service:Action, such as rds:Reboot*'),
    ),
  );

const resource = z
  .string()
  .check(
    z.regex(/^(\*|arn:[!-~]+)$/, says('is not a resource', 'write an ARN, with * and ? if need be, or "*"')),
  );

const permissions = strict({
  managedPolicies: z._default(
    z.array(managedPolicy).check(z.maxLength(9), z.describe('ARNs of managed policies.')),
    [],
  ),
  statements: z._default(
    z
      .array(
        strict({
          actions: z
            .array(action)
            .check(z.minLength(1), z.describe('Actions, each service:Action; * and ? stand for others.')),
          resources: z.array(resource).check(z.minLength(1), z.describe('ARNs, or "*".')),
        }),
      )
      .check(
        z.maxLength(20),
        z.describe('What else it may do. They only allow; what no role may do is in its boundary.'),
      ),
    [],
  ),
}).check(
  z.refine(({ managedPolicies, statements }) => managedPolicies.length + statements.length > 0, {
    error: says('allow nothing', 'add managedPolicies or statements'),
  }),
  z.describe('What the role may do, within the boundary of all break-glass roles.'),
);

const turn = strict({
  person: directoryIdSchema.check(z.describe('A person of directory.yaml.')),
  from: instantSchema.check(z.describe('When the turn begins, in UTC: 2026-11-02T08:00:00.000Z.')),
  until: instantSchema.check(z.describe('When it is over.')),
}).check(
  z.refine(({ from, until }) => from < until, {
    path: ['until'],
    error: says('is not after from', 'a turn begins before it ends'),
  }),
);

function isOnCallUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && loopback)) return false;
  return username === '' && password === '' && hash === '';
}

const http = strict({
  url: z.string().check(
    z.maxLength(500),
    z.refine(isOnCallUrl, {
      error: says(
        'is not an address that can be asked',
        'write https://, without name, password or fragment; http:// is for loopback addresses only',
      ),
    }),
    z.describe(
      'Asked with GET, with role and account in the query; it answers `{"schemaVersion": 1, "role": ..., "account": ..., "onCall": [ids of people]}` as JSON with status 200.',
    ),
  ),
  timeoutSeconds: z._default(
    z.int().check(z.gte(1), z.lte(5), z.describe('Longer than this nobody waits for an answer.')),
    2,
  ),
  ifUnknown: z._default(
    z
      .enum(['emergency-group', 'nobody'])
      .check(
        z.describe(
          'Who may go ahead when it cannot say who is on call; marked as such, and reviewed by two.',
        ),
      ),
    'emergency-group',
  ),
});

const onCall = strict({
  people: z.optional(
    z.array(directoryIdSchema).check(z.minLength(1), z.describe('Ids of people who always are.')),
  ),
  schedule: z.optional(
    z.array(turn).check(z.minLength(1), z.describe('Turns; outside of all of them nobody is on call.')),
  ),
  http: z.optional(http.check(z.describe('A system that is asked, and answers by one contract.'))),
}).check(
  z.refine((source) => Object.values(source).filter((each) => each !== undefined).length === 1, {
    error: says('has to name one source', 'write either people, schedule or http'),
  }),
  z.describe('Who is on call. Left out: whoever is eligible need not be.'),
);

const role = strict({
  name: slugSchema.check(
    z.refine((name) => name !== DRILL_ROLE, {
      error: says(
        'is the name of the role for drills, which every account with break-glass roles has',
        'name it otherwise',
      ),
    }),
    z.describe('What people type, and the last part of the name of the IAM role.'),
  ),
  why: sentenceSchema.check(z.describe('What it is for.')),
  accounts: z.array(accountIdSchema).check(z.minLength(1), z.describe('Accounts in which it exists.')),
  permissions,
  eligible: z
    .array(directoryIdSchema)
    .check(z.minLength(1), z.describe('Groups of directory.yaml whose members may have it.')),
  onCall: z.optional(onCall),
  longest: z._default(
    longest.check(z.describe('A grant ends at most this long after it was asked for.')),
    '1h',
  ),
  tier: z._default(
    z
      .enum(TIERS)
      .check(
        z.describe(
          'routine: at once. guarded: another person approves. critical: two other persons approve.',
        ),
      ),
    'routine',
  ),
  approvers: z.optional(
    directoryIdSchema.check(
      z.describe(
        'The group that approves where a second person is needed; that of approvals.guarded when left out.',
      ),
    ),
  ),
  reviewers: directoryIdSchema.check(z.describe('The group of which somebody else reviews each use.')),
  reviewWithin: z._default(
    positiveDuration.check(
      z.describe('A review is due this long after the end; overdue, the next use takes a second person.'),
    ),
    '3d',
  ),
  sessionManager: z._default(
    z
      .boolean()
      .check(
        z.describe(
          'Whether it may open sessions of Session Manager, which outlive credentials and are ended apart.',
        ),
      ),
    false,
  ),
});

const emergencyIdentity = strict({
  arn: z
    .string()
    .check(
      z.regex(
        /^arn:aws[a-z-]*:iam::\d{12}:(root|user\/[\w+=,.@/-]+)$/,
        says(
          'is neither an IAM user nor the root of an account',
          'write its ARN in full: arn:aws:iam::111122223333:user/vault/emergency',
        ),
      ),
      z.describe('The IAM user or the root. No rule ever touches what is its.'),
    ),
  why: sentenceSchema.check(z.describe('What it is kept for, and where.')),
  custodians: directoryIdSchema.check(
    z.describe('The group that can get at it. Who may have used it reviews no use of it.'),
  ),
  reviewers: directoryIdSchema.check(z.describe('The group of which somebody else reviews each use.')),
});

export const breakGlassSchema = strict({
  emergencyGroup: directoryIdSchema.check(
    z.describe('The group whose members may go ahead when nobody can say who is on call.'),
  ),
  shortestReason: z._default(
    z.int().check(z.gte(10), z.lte(200), z.describe('A reason has at least this many characters.')),
    15,
  ),
  roles: z
    .array(role)
    .check(
      z.minLength(1, says('holds no role', 'add a role, or leave breakGlass out')),
      z.describe('The roles.'),
    ),
  emergencyIdentities: z._default(
    z
      .array(emergencyIdentity)
      .check(
        z.describe(
          'The last resort: identities in a vault. Any use of one is recorded afterwards, and reviewed.',
        ),
      ),
    [],
  ),
}).check(
  z.describe('Roles that people on call take in an emergency, for a while, with a record and a review.'),
);
