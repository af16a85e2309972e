import { REQUEST_KINDS, type RequestKind } from '../domain/request-events.ts';
import { durationMs, durationSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
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
  return z.prefault(
    strict({
      tier: z._default(
        z.enum(['guarded', 'critical']).check(z.describe('Whose approval it needs; see approvals.')),
        tier,
      ),
      longest: z._default(
        positiveDuration.check(z.describe('It ends at most this long after it was asked for.')),
        longest,
      ),
    }).check(z.describe(what)),
    {},
  );
}

/** Zero is a limit, too: nothing is pre-approved. */
const upTo = z.optional(durationSchema);

const scope = {
  kinds: z.optional(
    z.array(z.enum(REQUEST_KINDS)).check(z.minLength(1), z.describe('Kinds of requests; all when left out.')),
  ),
  rules: z.optional(
    z
      .array(slugSchema)
      .check(
        z.minLength(1),
        z.describe('Ids of rules; only requests that name rules fit. All requests when left out.'),
      ),
  ),
  accounts: z.optional(
    z.array(accountIdSchema).check(z.minLength(1), z.describe('Accounts that the request is about.')),
  ),
  ous: z.optional(
    z
      .array(ouSchema)
      .check(
        z.minLength(1),
        z.describe('Organisational units that the account lies in; with accounts, either will do.'),
      ),
  ),
};

const approvers = strict({
  ...scope,
  tier: z.optional(
    z.enum(['guarded', 'critical']).check(z.describe('Only requests of this tier; both when left out.')),
  ),
  group: directoryIdSchema.check(z.describe('A group of directory.yaml.')),
  quorum: z
    .int()
    .check(z.gte(1), z.lte(20), z.describe('How many different persons of the group must approve.')),
}).check(
  z.refine(({ tier, quorum }) => tier === 'guarded' || quorum >= 2, {
    path: ['quorum'],
    error: says(
      'is less than 2, and the entry is for critical requests too',
      'write 2 or more, or tier: guarded beside it',
    ),
  }),
);

const eligible = strict({
  ...scope,
  groups: z.optional(
    z
      .array(directoryIdSchema)
      .check(
        z.minLength(1),
        z.describe('Groups of directory.yaml: their members, and the agents they sponsor, may ask.'),
      ),
  ),
  anyone: z.optional(
    z.literal(true).check(z.describe('Everybody whom the directory knows, and every workload.')),
  ),
}).check(
  z.refine(({ groups, anyone }) => (groups === undefined) !== (anyone === undefined), {
    error: says('has to name either groups or anyone', 'write groups: [payments], or anyone: true'),
  }),
);

/** Requests of these kinds that end within the limit need nobody's approval. */
const routine = z.prefault(
  strict({
    exception: upTo.check(
      z.describe(
        'Exceptions that end within this, counted from when the first began of those that follow each other without a gap.',
      ),
    ),
    extension: upTo.check(
      z.describe('Extensions that end within this, counted from the beginning of the first exception.'),
    ),
    restore: upTo.check(z.describe('Restores of which the request ends within this.')),
    'rotate-now': upTo.check(z.describe('Rotations of which the request ends within this.')),
  }).check(
    z.describe(
      'Numeric limits within which requests are pre-approved. Nothing is, unless it is written here; approvals of plans and overrides of the policy never are.',
    ),
  ),
  {},
);

export const requestsSchema = z.prefault(
  strict({
    kinds: z.prefault(
      strict({
        exception: kindSchema('exception'),
        extension: kindSchema('extension'),
        restore: kindSchema('restore'),
        'rotate-now': kindSchema('rotate-now'),
        'approve-plan': kindSchema('approve-plan'),
        'policy-override': kindSchema('policy-override'),
      }).check(z.describe('What each kind of request needs, and how far ahead it may end.')),
      {},
    ),
    routine,
    eligible: z._default(
      z
        .array(eligible)
        .check(z.describe('Who may ask. The first entry that fits counts; where none does, anyone may.')),
      [],
    ),
    approvers: z._default(
      z
        .array(approvers)
        .check(
          z.describe(
            'Who approves. The first entry that fits counts; where none does, the group of approvals.',
          ),
        ),
      [],
    ),
    pending: z._default(
      positiveDuration.check(z.describe('A request that nobody answers lapses after this.')),
      '7d',
    ),
    finish: z._default(
      positiveDuration.check(
        z.describe('What was approved is to be done within this once it is begun; else it has failed.'),
      ),
      '1h',
    ),
    exemptAtMost: z._default(
      positiveDuration.check(
        z.describe('Exceptions that follow each other exempt a credential no longer than this in all.'),
      ),
      '365d',
    ),
    challenges: z.prefault(
      strict({
        group: z.optional(
          directoryIdSchema.check(
            z.describe('Who decides about challenges; the group of approvals.guarded when left out.'),
          ),
        ),
        decideWithin: z._default(
          positiveDuration.check(z.describe('A step waits this long at most for the decision.')),
          '7d',
        ),
      }).check(z.describe('Objections to steps and to exceptions.')),
      {},
    ),
    tickets: ticketsSchema,
  }).check(
    z.superRefine(({ kinds, routine: limits }, context) => {
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
    }),
    z.describe('What people and workloads may ask for, who approves it and who may ask.'),
  ),
  {},
);

/** What a rule says about requests that name it. */
export const ruleRequestsSchema = strict({
  routineUpTo: z.optional(
    durationSchema.check(
      z.describe(
        'Exceptions and extensions that end within this are pre-approved, whatever requests.routine says; counted as there. 0d: none. Of several rules the shortest counts.',
      ),
    ),
  ),
}).check(z.describe('Numeric limits for requests about this rule.'));

/** Of a text that may not be a duration: another problem says so. */
function millisOf(text: string): number {
  return durationSchema.safeParse(text).success ? durationMs(text) : 0;
}
