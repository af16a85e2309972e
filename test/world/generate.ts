import fc from 'fast-check';
import { askingCommand } from './asking-generate.ts';
import type { Command, Interjection, OwnerDeed, PlannedFault, Script, SweepCommand } from './command.ts';
import { DENIED_READS, SMOOTH } from './command.ts';
import { PEOPLE } from './people.ts';
import { ACCOUNTS, type AccountId, MAIN, SIDE } from './places.ts';
import { VARIANT_NAMES } from './policies.ts';
import type { WorldOptions } from './world.ts';

/** A world and what happens in it. */
export interface History {
  readonly options: WorldOptions;
  readonly commands: readonly Command[];
  /** At the end the state is rebuilt and the last sweep replayed, too: they cost as much as a sweep. */
  readonly audited: boolean;
}

const person = fc.constantFrom(...PEOPLE);
const credential = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 14 }));
/** Early calls read, later ones record and act: both are worth hitting. */
const nthCall = fc.oneof(
  fc.integer({ min: 1, max: 12 }),
  fc.integer({ min: 10, max: 60 }),
  fc.integer({ min: 40, max: 160 }),
);
const deeds: readonly OwnerDeed[] = [
  'enable',
  'enable',
  'disable',
  'delete',
  'new-key',
  'give-away',
  'exempt',
  'edit-policy',
  'edit-policy',
  'remove-our-statement',
  'restore-secret',
];
const haltTarget = fc.constantFrom('all' as const, 'account' as const, 'rule' as const);

const minutes = fc.oneof(
  fc.constantFrom(1, 5, 15),
  fc.integer({ min: 20, max: 600 }),
  fc.integer({ min: 600, max: 6 * 24 * 60 }),
);

const interjection: fc.Arbitrary<Interjection> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('use' as const), credential }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('own' as const), credential, deed: fc.constantFrom(...deeds) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('hold' as const),
      credential,
      by: person,
      days: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('halt' as const), target: haltTarget, by: person }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('resume' as const), by: person }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      plan: fc.nat({ max: 4 }),
      by: person,
      verdict: fc.constantFrom('approve' as const, 'approve' as const, 'reject' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('take-up' as const, 'roll-out' as const, 'roll-out' as const),
      version: fc.constantFrom(...VARIANT_NAMES),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('activate' as const), by: person }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('bounce' as const),
      letter: fc.nat({ max: 5 }),
      reported: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('mailbox' as const),
      of: fc.constantFrom('dave' as const, 'erin' as const, 'platform' as const),
      refuses: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('deny' as const),
      reads: fc.nat({ max: DENIED_READS.length - 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('allow' as const) }) },
  { weight: 20, arbitrary: askingCommand },
);

const fault: fc.Arbitrary<PlannedFault> = fc.record({
  effect: fc.constantFrom(
    'error',
    'throttle',
    'timeout',
    'answer-lost',
    'answer-lost',
    'crash',
    'crash',
    'crash-after',
    'crash-after',
  ),
  service: fc.constantFrom(
    'any',
    'iam',
    'iam',
    'secretsmanager',
    'dynamodb',
    'dynamodb',
    'evidence',
    'delivery',
  ),
  calls: fc.constantFrom('any', 'any', 'writes', 'writes', 'rereads'),
  nth: fc.oneof(fc.integer({ min: 1, max: 4 }), nthCall),
  times: fc.constantFrom(1, 1, 3, 20),
});

const script: fc.Arbitrary<Script> = fc.record({
  faults: fc.array(fault, { maxLength: 2 }),
  slow: fc.array(fc.record({ nth: nthCall, seconds: fc.constantFrom(5, 30, 100, 400, 900) }), {
    maxLength: 1,
  }),
  late: fc.array(fc.record({ nth: fc.integer({ min: 1, max: 3 }), seconds: fc.constantFrom(2, 15, 40) }), {
    maxLength: 1,
  }),
  meanwhile: fc.array(fc.record({ nth: nthCall, command: interjection }), { maxLength: 2 }),
});

const sweep: fc.Arbitrary<SweepCommand> = fc.record({
  kind: fc.constant('sweep' as const),
  by: fc.constantFrom('janitor-a' as const, 'janitor-b' as const),
  asAlice: fc.constantFrom(false, false, true),
  account: fc.constantFrom(MAIN, MAIN, MAIN, MAIN, SIDE),
  enforce: fc.constantFrom(true, true, true, true, true, true, false),
  script: fc.oneof({ weight: 2, arbitrary: fc.constant(SMOOTH) }, { weight: 3, arbitrary: script }),
});

/** Around the waits of the rules: a day before a disable, three before a deletion. */
const hours = fc.constantFrom(1, 5, 23, 25, 25, 26, 49, 71, 73, 75, 75, 76, 100, 170);

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 14, arbitrary: interjection },
  { weight: 4, arbitrary: sweep },
  {
    weight: 26,
    arbitrary: fc.record({
      kind: fc.constant('later-sweep' as const),
      hours,
      approve: fc.constantFrom(true, true, false),
      sweep,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('sweep-twice' as const),
      account: fc.constantFrom(...ACCOUNTS),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('two-sweeps' as const),
      first: sweep,
      second: sweep,
      turns: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('restore' as const),
      credential,
      by: person,
      script: fc.oneof(fc.constant(SMOOTH), script),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('approve-all' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('troubled' as const), command: askingCommand, script }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('at-once' as const),
      commands: fc.tuple(askingCommand, askingCommand),
      turns: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }),
    }),
  },
);

function smoothLater(account: AccountId, after: number): Command {
  const swept = {
    kind: 'sweep',
    by: 'janitor-a',
    asAlice: false,
    account,
    enforce: true,
    script: SMOOTH,
  } as const;
  return { kind: 'later-sweep', hours: after, approve: true, sweep: swept };
}

/** A quiet stretch of two weeks in one account: warned, disabled, told again, approved, deleted. */
function quietStretch(account: AccountId): Command[] {
  return [1, 26, 26, 76, 5].map((after) => smoothLater(account, after));
}

/** People ask, answer and object between sweeps, which find that things changed. */
function governed(maxLength: number): fc.Arbitrary<Command[]> {
  const asks = fc.array(askingCommand, { minLength: 2, maxLength: 6 });
  const later = fc.record({ kind: fc.constant('later-sweep' as const), hours, approve: fc.boolean(), sweep });
  const round = fc.tuple(asks, later).map(([asked, swept]) => [...asked, swept]);
  const first = smoothLater(MAIN, 1);
  return fc
    .array(round, { minLength: 1, maxLength: Math.max(1, maxLength - 2) })
    .map((rounds) => [first, ...rounds.flat()]);
}

/** Histories of up to so many steps; one in six begins with a quiet stretch, so that deletions come up. */
export function historyUpTo(maxLength: number): fc.Arbitrary<History> {
  const anything = fc.array(command, { minLength: Math.min(4, maxLength - 1), maxLength, size: 'max' });
  const afterQuiet = fc
    .tuple(
      fc.constantFrom(...ACCOUNTS),
      fc.array(command, { minLength: 1, maxLength: Math.min(4, maxLength - 2), size: 'max' }),
    )
    .map(([account, commands]) => [...quietStretch(account), ...commands]);
  return fc.record({
    options: fc.record({
      consistencyDelayMs: fc.constantFrom(0, 0, 3_000, 90_000),
      lastUsedLagMs: fc.constantFrom(0, 3_600_000, 3 * 3_600_000),
      pageSize: fc.constantFrom(2, 50),
    }),
    commands: fc.oneof(
      { weight: 4, arbitrary: anything },
      { weight: 1, arbitrary: afterQuiet },
      { weight: 3, arbitrary: governed(maxLength) },
    ),
    audited: fc.constantFrom(true, false, false),
  });
}
