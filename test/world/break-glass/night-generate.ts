import fc from 'fast-check';
import { PEOPLE } from '../people.ts';
import { MAIN, SIDE } from '../places.ts';
import type { WorldOptions } from '../world.ts';
import {
  NIGHT_PEOPLE,
  type NightCall,
  type NightCommand,
  type NightFault,
  type NightScript,
} from './night-commands.ts';
import { ROLE_NAMES } from './policy.ts';

/** A world, and what happens in it at night. */
export interface NightHistory {
  readonly options: WorldOptions;
  readonly commands: readonly NightCommand[];
}

const of = <K extends string>(kind: K) => fc.constant(kind);
const grant = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat({ max: 2 }) },
);
const anybody = fc.constantFrom(...PEOPLE);
const security = fc.constantFrom('bob' as const, 'carol' as const, 'alice' as const);
const role = fc.constantFrom(ROLE_NAMES[0], ROLE_NAMES[0], ROLE_NAMES[0], ROLE_NAMES[1], ROLE_NAMES[2]);

const start: fc.Arbitrary<Extract<NightCall, { kind: 'start' }>> = fc.record({
  kind: of('start'),
  by: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom('dave' as const, 'dave' as const, 'erin' as const, 'alice' as const),
    },
    { weight: 1, arbitrary: fc.constantFrom(...NIGHT_PEOPLE) },
  ),
  role,
  account: fc.constantFrom(MAIN, MAIN, MAIN, SIDE),
  // Around the lives of sessions and the limits of the roles.
  minutes: fc.constantFrom(1, 10, 16, 25, 25, 30, 30, 30, 60, 90),
});

const call: fc.Arbitrary<NightCall> = fc.oneof(
  { weight: 9, arbitrary: start },
  { weight: 3, arbitrary: fc.record({ kind: of('again'), grant }) },
  { weight: 5, arbitrary: fc.record({ kind: of('renew'), grant }) },
  { weight: 1, arbitrary: fc.record({ kind: of('renew'), grant, by: anybody }) },
  { weight: 5, arbitrary: fc.record({ kind: of('return'), grant }) },
  { weight: 1, arbitrary: fc.record({ kind: of('return'), grant, by: anybody }) },
  { weight: 3, arbitrary: fc.record({ kind: of('revoke'), grant, by: fc.oneof(security, anybody) }) },
  { weight: 2, arbitrary: fc.record({ kind: of('revoke-role'), role, by: fc.oneof(security, anybody) }) },
  { weight: 4, arbitrary: fc.record({ kind: of('approve'), grant, by: fc.oneof(security, anybody) }) },
  { weight: 3, arbitrary: fc.record({ kind: of('evidence'), grant }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: of('review'),
      grant,
      by: fc.oneof(security, anybody),
      verdict: fc.constantFrom('closed' as const, 'closed' as const, 'finding' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: of('fire'), grant }) },
  { weight: 4, arbitrary: fc.record({ kind: of('reconcile') }) },
);

/** What leaves something half done when it is stopped. */
const delicate: fc.Arbitrary<NightCall> = fc.oneof(
  { weight: 3, arbitrary: start },
  { weight: 2, arbitrary: fc.record({ kind: of('renew'), grant }) },
  { weight: 3, arbitrary: fc.record({ kind: of('return'), grant }) },
  { weight: 1, arbitrary: fc.record({ kind: of('fire'), grant }) },
  { weight: 2, arbitrary: fc.record({ kind: of('reconcile') }) },
  { weight: 2, arbitrary: call },
);

const outside = fc.constantFrom(
  'sts' as const,
  'iam' as const,
  'iam' as const,
  'dynamodb' as const,
  'scheduler' as const,
  'scheduler' as const,
  'delivery' as const,
  'on-call' as const,
);

const fault: fc.Arbitrary<NightFault> = fc.oneof(
  // A service is down, or lets nobody in for a while.
  fc.record({
    effect: fc.constantFrom(
      'error' as const,
      'throttle' as const,
      'timeout' as const,
      'answer-lost' as const,
    ),
    service: outside,
    calls: fc.constantFrom('any' as const, 'writes' as const),
    nth: fc.constantFrom(1, 1, 2),
    times: fc.constantFrom(1, 3, 60, 60),
  }),
  // The process dies at anything that it does.
  fc.record({
    effect: fc.constantFrom('crash' as const, 'crash-after' as const),
    service: fc.constant('any' as const),
    calls: fc.constantFrom('any' as const, 'writes' as const, 'writes' as const),
    nth: fc.integer({ min: 1, max: 8 }),
    times: fc.constant(1),
  }),
);

const nth = fc.integer({ min: 1, max: 14 });
const script: fc.Arbitrary<NightScript> = fc.record({
  faults: fc.array(fault, { minLength: 1, maxLength: 2 }),
  // A function is stopped after a minute.
  slow: fc.array(fc.record({ nth, seconds: fc.constantFrom(5, 25) }), { maxLength: 1 }),
  meanwhile: fc.array(fc.record({ nth, call }), { maxLength: 1 }),
});

const firing = fc.constantFrom(
  'on-time' as const,
  'on-time' as const,
  'late' as const,
  'twice' as const,
  'never' as const,
);

const pass: fc.Arbitrary<NightCommand> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      kind: of('pass'),
      minutes: fc.oneof(fc.constantFrom(1, 4, 9, 14, 15, 16), fc.integer({ min: 20, max: 90 })),
      firing,
      rounds: fc.boolean(),
    }),
  },
  // A reconciler that is down for days is one that somebody is called for.
  {
    weight: 2,
    arbitrary: fc.record({
      kind: of('pass'),
      minutes: fc.constantFrom(30 * 60, 50 * 60, 75 * 60),
      firing,
      rounds: fc.constant(true),
    }),
  },
);

/** Something is down for as long as somebody takes a role or gives it back. */
const outage: fc.Arbitrary<NightCommand> = fc.record({
  kind: of('troubled'),
  call: fc.oneof(start, fc.record({ kind: of('return'), grant: fc.constant(0) })),
  script: fc.record({
    faults: fc.tuple(
      fc.record({
        effect: fc.constantFrom('error' as const, 'throttle' as const),
        service: fc.constantFrom('sts' as const, 'iam' as const, 'scheduler' as const, 'delivery' as const),
        calls: of('any'),
        nth: fc.constant(1),
        times: fc.constant(60),
      }),
    ),
    slow: fc.constant([]),
    meanwhile: fc.constant([]),
  }),
});

export const nightCommand: fc.Arbitrary<NightCommand> = fc.oneof(
  { weight: 10, arbitrary: call },
  { weight: 14, arbitrary: fc.record({ kind: of('troubled'), call: delicate, script }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: of('at-once'),
      calls: fc.tuple(call, call),
      turns: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 5, arbitrary: outage },
  { weight: 2, arbitrary: fc.record({ kind: of('reconcile-twice') }) },
  { weight: 9, arbitrary: pass },
  // Seconds are what synchronised clocks differ by; minutes are a machine that lost its time.
  {
    weight: 2,
    arbitrary: fc.record({ kind: of('clocks'), aheadSeconds: fc.constantFrom(0, 0, 20, -20, 600, -600) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: of('on-call'),
      is: fc.constantFrom('known' as const, 'somebody-else' as const, 'unreachable' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record(
      { kind: of('used'), by: fc.constantFrom('dave' as const, 'erin' as const), role, reviewer: security },
      { requiredKeys: ['kind', 'by', 'role'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: of('neglected'),
      by: fc.constantFrom('dave' as const, 'erin' as const),
      role,
    }),
  },
);

/** Histories of up to so many steps; each begins with somebody who takes a role. */
export function nightsUpTo(maxLength: number): fc.Arbitrary<NightHistory> {
  return fc.record({
    options: fc.record({ consistencyDelayMs: fc.constantFrom(0, 0, 5_000, 60_000) }),
    commands: fc
      .tuple(start, fc.array(nightCommand, { minLength: 2, maxLength: maxLength - 1, size: 'max' }))
      .map(([first, rest]) => [first, ...rest]),
  });
}

/** In one of three worlds where credentials are swept, roles are taken, too, after some of its steps. */
export const nightsBetween: fc.Arbitrary<readonly NightCommand[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(start, call, fc.record({ kind: of('troubled'), call: delicate, script })), {
      minLength: 1,
      maxLength: 3,
      size: 'max',
    }),
  },
);
