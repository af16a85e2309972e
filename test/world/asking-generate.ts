import fc from 'fast-check';
import { ASKERS } from './askers.ts';
import type { AskingCommand, AskKind } from './asking-commands.ts';

/** Security decides most, but everybody tries. */
const anybody = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('alice' as const, 'bob' as const, 'carol' as const) },
  { weight: 3, arbitrary: fc.constantFrom(...ASKERS) },
);
const credential = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 14 }));
const nth = fc.oneof(fc.constant(0), fc.nat({ max: 3 }));
const what = fc.constantFrom<AskKind>(
  'exception',
  'exception',
  'exception',
  'extension',
  'restore',
  'approve-plan',
  'policy-override',
);
/** Around the limits: pre-approved up to a day, no longer than eight, ten in all; too long for any, and in the past. */
const hours = fc.constantFrom(6, 23, 25, 49, 100, 100, 150, 150, 190, 200, -1);
const rests = fc.constantFrom('tag' as const, 'owner' as const, 'ticket' as const);
const of = <K extends AskingCommand['kind']>(kind: K) => fc.constant(kind);

export const askingCommand: fc.Arbitrary<AskingCommand> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: of('ask'),
      what,
      credential,
      by: anybody,
      hours,
      rests,
      again: fc.constantFrom(false, false, true),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: of('granted'),
      what,
      credential,
      by: fc.constantFrom('dave' as const, 'erin' as const),
      hours,
      rests,
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: of('answer'),
      request: nth,
      by: anybody,
      verdict: fc.constantFrom(
        'approve' as const,
        'approve' as const,
        'reject' as const,
        'withdraw' as const,
      ),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: of('revoke'), exception: nth, by: anybody }) },
  { weight: 4, arbitrary: fc.record({ kind: of('challenge'), credential, by: anybody }) },
  { weight: 2, arbitrary: fc.record({ kind: of('challenge-exception'), exception: nth, by: anybody }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: of('judge'),
      challenge: nth,
      by: anybody,
      verdict: fc.constantFrom('upheld' as const, 'dismissed' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: of('undone'),
      credential,
      how: fc.constantFrom('reject' as const, 'withdraw' as const, 'revoke' as const, 'uphold' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: of('reconcile') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: of('ticket'),
      is: fc.constantFrom('open' as const, 'closed' as const, 'closed' as const, 'unreachable' as const),
    }),
  },
);
