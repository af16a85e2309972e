import * as z from 'zod';
import { DRILL_ROLE } from '../domain/break-glass-documents.ts';
import { TIERS } from '../domain/step.ts';
import { durationMs, durationSchema, HOUR_MS, instantSchema } from '../domain/time.ts';
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

const longest = positiveDuration.refine(
  (text) => !durationSchema.safeParse(text).success || durationMs(text) <= LONGEST_HOURS * HOUR_MS,
  {
    error: says(
      `is longer than ${LONGEST_HOURS}h`,
      `write ${LONGEST_HOURS}h or less; longer is another grant`,
    ),
  },
);

const managedPolicy = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/[\w+=,.@/-]+$/,
    says('is not the ARN of a managed policy', 'write it in full: arn:aws:iam::aws:policy/ReadOnlyAccess'),
  );

const action = z
  .string()
  .regex(
    /^([a-z0-9-]+:[A-Za-z0-9*?]+)$/,
    says('is not an action', 'write service:Action, such as rds:Reboot*'),
  );

const resource = z
  .string()
  .regex(/^(\*|arn:[!-~]+)$/, says('is not a resource', 'write an ARN, with * and ? if need be, or "*"'));

const permissions = strict({
  managedPolicies: z.array(managedPolicy).max(9).describe('ARNs of managed policies.').default([]),
  statements: z
    .array(
      strict({
        actions: z.array(action).min(1).describe('Actions, each service:Action; * and ? stand for others.'),
        resources: z.array(resource).min(1).describe('ARNs, or "*".'),
      }),
    )
    .max(20)
    .describe('What else it may do. They only allow; what no role may do is in its boundary.')
    .default([]),
})
  .refine(({ managedPolicies, statements }) => managedPolicies.length + statements.length > 0, {
    error: says('allow nothing', 'add managedPolicies or statements'),
  })
  .describe('What the role may do, within the boundary of all break-glass roles.');

const turn = strict({
  person: directoryIdSchema.describe('A person of directory.yaml.'),
  from: instantSchema.describe('When the turn begins, in UTC: 2026-11-02T08:00:00.000Z.'),
  until: instantSchema.describe('When it is over.'),
}).refine(({ from, until }) => from < until, {
  path: ['until'],
  error: says('is not after from', 'a turn begins before it ends'),
});

function isOnCallUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && loopback)) return false;
  return username === '' && password === '' && hash === '';
}

const http = strict({
  url: z
    .string()
    .max(500)
    .refine(isOnCallUrl, {
      error: says(
        'is not an address that can be asked',
        'write https://, without name, password or fragment; http:// is for loopback addresses only',
      ),
    })
    .describe(
      'Asked with GET, with role and account in the query; it answers `{"schemaVersion": 1, "role": ..., "account": ..., "onCall": [ids of people]}` as JSON with status 200.',
    ),
  timeoutSeconds: z.int().min(1).max(5).describe('Longer than this nobody waits for an answer.').default(2),
  ifUnknown: z
    .enum(['emergency-group', 'nobody'])
    .describe('Who may go ahead when it cannot say who is on call; marked as such, and reviewed by two.')
    .default('emergency-group'),
});

const onCall = strict({
  people: z.array(directoryIdSchema).min(1).describe('Ids of people who always are.').optional(),
  schedule: z.array(turn).min(1).describe('Turns; outside of all of them nobody is on call.').optional(),
  http: http.describe('A system that is asked, and answers by one contract.').optional(),
})
  .refine((source) => Object.values(source).filter((each) => each !== undefined).length === 1, {
    error: says('has to name one source', 'write either people, schedule or http'),
  })
  .describe('Who is on call. Left out: whoever is eligible need not be.');

const role = strict({
  name: slugSchema
    .refine((name) => name !== DRILL_ROLE, {
      error: says(
        'is the name of the role for drills, which every account with break-glass roles has',
        'name it otherwise',
      ),
    })
    .describe('What people type, and the last part of the name of the IAM role.'),
  why: sentenceSchema.describe('What it is for.'),
  accounts: z.array(accountIdSchema).min(1).describe('Accounts in which it exists.'),
  permissions,
  eligible: z.array(directoryIdSchema).min(1).describe('Groups of directory.yaml whose members may have it.'),
  onCall: onCall.optional(),
  longest: longest.describe('A grant ends at most this long after it was asked for.').default('1h'),
  tier: z
    .enum(TIERS)
    .describe('routine: at once. guarded: another person approves. critical: two other persons approve.')
    .default('routine'),
  approvers: directoryIdSchema
    .describe(
      'The group that approves where a second person is needed; that of approvals.guarded when left out.',
    )
    .optional(),
  reviewers: directoryIdSchema.describe('The group of which somebody else reviews each use.'),
  reviewWithin: positiveDuration
    .describe('A review is due this long after the end; overdue, the next use takes a second person.')
    .default('3d'),
  sessionManager: z
    .boolean()
    .describe(
      'Whether it may open sessions of Session Manager, which outlive credentials and are ended apart.',
    )
    .default(false),
});

const emergencyIdentity = strict({
  arn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:iam::\d{12}:(root|user\/[\w+=,.@/-]+)$/,
      says(
        'is neither an IAM user nor the root of an account',
        'write its ARN in full: arn:aws:iam::111122223333:user/vault/emergency',
      ),
    )
    .describe('The IAM user or the root. No rule ever touches what is its.'),
  why: sentenceSchema.describe('What it is kept for, and where.'),
  custodians: directoryIdSchema.describe(
    'The group that can get at it. Who may have used it reviews no use of it.',
  ),
  reviewers: directoryIdSchema.describe('The group of which somebody else reviews each use.'),
});

export const breakGlassSchema = strict({
  emergencyGroup: directoryIdSchema.describe(
    'The group whose members may go ahead when nobody can say who is on call.',
  ),
  shortestReason: z
    .int()
    .min(10)
    .max(200)
    .describe('A reason has at least this many characters.')
    .default(15),
  roles: z
    .array(role)
    .min(1, says('holds no role', 'add a role, or leave breakGlass out'))
    .describe('The roles.'),
  emergencyIdentities: z
    .array(emergencyIdentity)
    .describe('The last resort: identities in a vault. Any use of one is recorded afterwards, and reviewed.')
    .default([]),
}).describe('Roles that people on call take in an emergency, for a while, with a record and a review.');
