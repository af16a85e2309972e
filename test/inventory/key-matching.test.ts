import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUnchanged, type KnownKey, matchKeys } from '../../lib/inventory/key-matching.ts';
import { type KeySlot, parseRow } from '../../lib/inventory/report-rows.ts';
import { activeKey, reportRow } from './world.ts';

const AS_OF = '2026-10-15T08:00:00.000Z';

function slots(...cells: readonly Record<string, string>[]): readonly KeySlot[] {
  return parseRow(reportRow(Object.assign({}, ...cells)), AS_OF).keys;
}

function inactiveKey(slot: number, rotated: string, lastUsed?: string): Record<string, string> {
  return { ...activeKey(slot, rotated, lastUsed), [`access_key_${slot}_active`]: 'false' };
}

function key(accessKeyId: string, createdAt: string, status = 'active'): KnownKey {
  return { accessKeyId, createdAt, status };
}

/** `AKIA1:1 AKIA2:-`: which key got which slot. */
function joined(keys: readonly KnownKey[], report: readonly KeySlot[]): string {
  return matchKeys(keys, report, AS_OF)
    .keys.map((match) => `${match.key.accessKeyId}:${match.slot?.slot ?? '-'}`)
    .join(' ');
}

const JAN = '2025-01-10T10:00:00+00:00';
const MAR = '2025-03-10T10:00:00+00:00';
const JAN_ISO = '2025-01-10T10:00:00.000Z';
const MAR_ISO = '2025-03-10T10:00:00.000Z';
const MAY_ISO = '2025-05-10T10:00:00.000Z';

describe('keys, which have ids, are joined with the slots of the report, which have none', () => {
  test.each([
    [
      'by creation',
      [key('A', JAN_ISO), key('B', MAR_ISO)],
      slots(activeKey(1, JAN), activeKey(2, MAR)),
      'A:1 B:2',
    ],
    [
      'whatever their order',
      [key('A', MAR_ISO), key('B', JAN_ISO)],
      slots(activeKey(1, JAN), activeKey(2, MAR)),
      'A:2 B:1',
    ],
    [
      'to the second: the report has no milliseconds',
      [key('A', '2025-01-10T10:00:00.731Z')],
      slots(activeKey(1, JAN)),
      'A:1',
    ],
    [
      'a key disabled since the report keeps its slot',
      [key('A', JAN_ISO, 'inactive')],
      slots(activeKey(1, JAN)),
      'A:1',
    ],
    [
      'two keys created in the same second cannot be told apart',
      [key('A', JAN_ISO), key('B', JAN_ISO)],
      slots(activeKey(1, JAN), activeKey(2, JAN)),
      'A:- B:-',
    ],
    [
      'one of two such keys, the other deleted since, neither',
      [key('B', JAN_ISO)],
      slots(activeKey(1, JAN), activeKey(2, JAN)),
      'B:-',
    ],
    [
      'an inactive key whose date is N/A, by elimination with equal status',
      [key('A', JAN_ISO), key('B', MAR_ISO, 'inactive')],
      slots(activeKey(1, JAN), inactiveKey(2, 'N/A', MAR)),
      'A:1 B:2',
    ],
    ['no elimination with another status', [key('A', JAN_ISO)], slots(inactiveKey(1, 'N/A', MAR)), 'A:-'],
    [
      'no elimination among two',
      [key('A', JAN_ISO, 'inactive'), key('B', MAR_ISO, 'inactive')],
      slots(inactiveKey(1, 'N/A', MAR), inactiveKey(2, 'N/A', MAR)),
      'A:- B:-',
    ],
    [
      'a key younger than the report is not the one a dateless slot speaks of',
      [key('A', '2026-10-15T08:30:00.000Z', 'inactive')],
      slots(inactiveKey(1, 'N/A', MAR)),
      'A:-',
    ],
    [
      'not even when the key it speaks of was enabled since',
      [key('A', JAN_ISO, 'active'), key('B', '2026-10-15T08:30:00.000Z', 'inactive')],
      slots(inactiveKey(1, 'N/A', MAR)),
      'A:- B:-',
    ],
    ['a mismatch is no match', [key('A', MAY_ISO)], slots(activeKey(1, JAN)), 'A:-'],
    [
      'a third key has no slot',
      [key('A', JAN_ISO), key('B', MAR_ISO), key('C', MAY_ISO)],
      slots(activeKey(1, JAN), activeKey(2, MAR)),
      'A:1 B:2 C:-',
    ],
    [
      'a key without a date has no slot',
      [{ accessKeyId: 'A', createdAt: undefined, status: 'active' }],
      slots(activeKey(1, JAN)),
      'A:-',
    ],
  ])('%s', (_what, keys, report, expected) => {
    expect(joined(keys, report)).toBe(expected);
  });
});

describe('a user whose row shows exactly the remembered keys is not listed again', () => {
  const remembered = [key('A', JAN_ISO), key('B', MAR_ISO, 'inactive')];

  test.each([
    ['the same keys', slots(activeKey(1, JAN), inactiveKey(2, MAR)), true],
    ['a status has changed', slots(activeKey(1, JAN), activeKey(2, MAR)), false],
    ['a key was created anew', slots(activeKey(1, JAN), inactiveKey(2, '2025-06-01T00:00:00+00:00')), false],
    ['a key is gone', slots(activeKey(1, JAN)), false],
    [
      'a garbled slot',
      slots(activeKey(1, JAN), {
        ...inactiveKey(2, MAR),
        access_key_2_active: '?',
        access_key_2_last_rotated: '?',
      }),
      false,
    ],
  ])('%s', (_what, report, unchanged) => {
    expect(isUnchanged(remembered, report, AS_OF)).toBe(unchanged);
  });

  test('a new key', () => {
    expect(isUnchanged([key('A', JAN_ISO)], slots(activeKey(1, JAN), activeKey(2, MAR)), AS_OF)).toBe(false);
  });

  test('nothing remembered and nothing shown', () => {
    expect(isUnchanged([], slots(), AS_OF)).toBe(true);
  });
});

/** A key of a made-up user, and what has become of it since the report. */
interface TrueKey {
  readonly second: number;
  readonly active: boolean;
  readonly flipped: boolean;
  readonly deleted: boolean;
}

test('no key ever gets a slot that speaks of another key, whatever changed since the report', () => {
  const trueKey = fc.record<TrueKey>({
    second: fc.integer({ min: 0, max: 3 }),
    active: fc.boolean(),
    flipped: fc.boolean(),
    deleted: fc.boolean(),
  });
  // A third key that the report never shows is known by its second alone: two hidden twins cannot be discovered.
  const hasOwnSecond = (keys: readonly TrueKey[]) =>
    keys.length < 3 || keys.slice(0, 2).every(({ second }) => second !== keys[2]?.second);
  const instant = (second: number) => `2025-01-10T10:00:0${second}.000Z`;
  fc.assert(
    fc.property(
      fc.array(trueKey, { maxLength: 3 }).filter(hasOwnSecond),
      fc.boolean(),
      fc.array(fc.boolean(), { maxLength: 2 }),
      (made, hidesDates, news) => {
        const shown = made.slice(0, 2);
        const report = slots(
          ...shown.map(({ second, active }, index) => {
            // IAM may leave out the date of an inactive key: the case is only unambiguous without a third key.
            const date =
              hidesDates && !active && made.length < 3 ? 'N/A' : `${instant(second).slice(0, 19)}+00:00`;
            const show = active ? activeKey : inactiveKey;
            return show(index + 1, date, '2026-09-01T00:00:00+00:00');
          }),
        );
        const listing: KnownKey[] = made.flatMap(({ second, active, flipped, deleted }, index) =>
          deleted ? [] : [key(`K${index + 1}`, instant(second), active === flipped ? 'inactive' : 'active')],
        );
        for (const [n, active] of news.entries()) {
          listing.push(key(`N${n}`, '2026-10-15T08:30:00.000Z', active ? 'active' : 'inactive'));
        }
        for (const match of matchKeys(listing, report, AS_OF).keys) {
          if (match.slot !== undefined) expect(match.key.accessKeyId).toBe(`K${match.slot.slot}`);
        }
      },
    ),
    { seed: 15, numRuns: 2000 },
  );
});
