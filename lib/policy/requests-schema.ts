import * as z from 'zod';
import { REQUEST_KINDS, type RequestKind } from '../domain/request-events.ts';
import { durationMs, durationSchema } from '../domain/time.ts';
import {
  accountIdSchema,
  directoryIdSchema,
  ouSchema,
  positiveDuration,
  says,
  slugSchema,
  strict,
} from './schema-parts.ts';
import { ticketsSchema } from './tickets-schema.ts';

/** Tier and length of each kind of request where the policy says nothing: strict where it loosens, quick where it mends. */
const KINDS = {
  exception: { tier: 'critical', longest: '90d', what: 'An exemption of one credential from rules.' },
  extension: { tier: 'critical', longest: '90d', what: 'An exception that follows another.' },
  restore: { tier: 'guarded', longest: '30d', what: 'Undoing a step.' },
  'rotate-now': { tier: 'guarded', longest: '7d', what: 'Rotating before it is due.' },
  'approve-plan': { tier: 'critical', longest: '7d', what: 'Approving a frozen plan.' },
  'policy-override': {
    tier: 'critical',
    longest: '30d',
    what: 'Not taking one step of one rule for a while.',
  },
} as const satisfies Readonly<Record<RequestKind, object>>;

function kindSchema(kind: RequestKind) {
  const { tier, longest, what } = KINDS[kind];
  return strict({
    tier: z.enum(['guarded', 'critical']).describe('Whose approval it needs; see approvals.').default(tier),
    longest: positiveDuration.describe('It ends at most this long after it was asked for.').default(longest),
  })
    .describe(what)
    .prefault({});
}

/** Zero is a limit, too: nothing is pre-approved. */
const upTo = durationSchema.optional();

const scope = {
  kinds: z.array(z.enum(REQUEST_KINDS)).min(1).describe('Kinds of requests; all when left out.').optional(),
  rules: z
    .array(slugSchema)
    .min(1)
    .describe('Ids of rules; only requests that name rules fit. All requests when left out.')
    .optional(),
  accounts: z.array(accountIdSchema).min(1).describe('Accounts that the request is about.').optional(),
  ous: z
    .array(ouSchema)
    .min(1)
    .describe('Organisational units that the account lies in; with accounts, either will do.')
    .optional(),
};

const approvers = strict({
  ...scope,
  tier: z
    .enum(['guarded', 'critical'])
    .describe('Only requests of this tier; both when left out.')
    .optional(),
  group: directoryIdSchema.describe('A group of directory.yaml.'),
  quorum: z.int().min(1).max(20).describe('How many different persons of the group must approve.'),
}).refine(({ tier, quorum }) => tier === 'guarded' || quorum >= 2, {
  path: ['quorum'],
  error: says(
    'is less than 2, and the entry is for critical requests too',
    'write 2 or more, or tier: guarded beside it',
  ),
});

const eligible = strict({
  ...scope,
  groups: z
    .array(directoryIdSchema)
    .min(1)
    .describe('Groups of directory.yaml: their members, and the agents they sponsor, may ask.')
    .optional(),
  anyone: z.literal(true).describe('Everybody whom the directory knows, and every workload.').optional(),
}).refine(({ groups, anyone }) => (groups === undefined) !== (anyone === undefined), {
  error: says('has to name either groups or anyone', 'write groups: [payments], or anyone: true'),
});

/** Requests of these kinds that end within the limit need nobody's approval. */
const routine = strict({
  exception: upTo.describe(
    'Exceptions that end within this, counted from when the first began of those that follow each other without a gap.',
  ),
  extension: upTo.describe(
    'Extensions that end within this, counted from the beginning of the first exception.',
  ),
  restore: upTo.describe('Restores of which the request ends within this.'),
  'rotate-now': upTo.describe('Rotations of which the request ends within this.'),
})
  .describe(
    'Numeric limits within which requests are pre-approved. Nothing is, unless it is written here; approvals of plans and overrides of the policy never are.',
  )
  .prefault({});

export const requestsSchema = strict({
  kinds: strict({
    exception: kindSchema('exception'),
    extension: kindSchema('extension'),
    restore: kindSchema('restore'),
    'rotate-now': kindSchema('rotate-now'),
    'approve-plan': kindSchema('approve-plan'),
    'policy-override': kindSchema('policy-override'),
  })
    .describe('What each kind of request needs, and how far ahead it may end.')
    .prefault({}),
  routine,
  eligible: z
    .array(eligible)
    .describe('Who may ask. The first entry that fits counts; where none does, anyone may.')
    .default([]),
  approvers: z
    .array(approvers)
    .describe('Who approves. The first entry that fits counts; where none does, the group of approvals.')
    .default([]),
  pending: positiveDuration.describe('A request that nobody answers lapses after this.').default('7d'),
  finish: positiveDuration
    .describe('What was approved is to be done within this once it is begun; else it has failed.')
    .default('1h'),
  exemptAtMost: positiveDuration
    .describe('Exceptions that follow each other exempt a credential no longer than this in all.')
    .default('365d'),
  challenges: strict({
    group: directoryIdSchema
      .describe('Who decides about challenges; the group of approvals.guarded when left out.')
      .optional(),
    decideWithin: positiveDuration.describe('A step waits this long at most for the decision.').default('7d'),
  })
    .describe('Objections to steps and to exceptions.')
    .prefault({}),
  tickets: ticketsSchema,
})
  .superRefine(({ kinds, routine: limits }, context) => {
    for (const kind of ['exception', 'extension', 'restore', 'rotate-now'] as const) {
      const limit = limits[kind];
      const { longest } = kinds[kind];
      if (limit === undefined || millisOf(limit) <= millisOf(longest)) continue;
      context.addIssue({
        code: 'custom',
        path: ['routine', kind],
        message: says(
          `is longer than the ${longest} a request of this kind may last`,
          `write ${longest} or less, or raise requests.kinds.${kind}.longest`,
        ),
      });
    }
  })
  .describe('What people and workloads may ask for, who approves it and who may ask.')
  .prefault({});

/** What a rule says about requests that name it. */
export const ruleRequestsSchema = strict({
  routineUpTo: durationSchema
    .describe(
      'Exceptions and extensions that end within this are pre-approved, whatever requests.routine says; counted as there. 0d: none. Of several rules the shortest counts.',
    )
    .optional(),
}).describe('Numeric limits for requests about this rule.');

/** Of a text that may not be a duration: another problem says so. */
function millisOf(text: string): number {
  return durationSchema.safeParse(text).success ? durationMs(text) : 0;
}
