import { describe, expect, it } from 'vitest';
import { type Instant, plus } from '../../lib/domain/time.ts';
import { accessKey, daysAgo, fact, NOW, secret } from '../builders/credential.ts';
import { asked, denied, key } from './match-fixture.ts';
import { judged, ruleData } from './policy-fixture.ts';

/** As the inventory writes a day on which a secret was used. */
function endOfDay(instant: Instant): Instant {
  return `${instant.slice(0, 10)}T23:59:59.999Z`;
}

describe('combinations', () => {
  const idle = key({ lastUsedAt: fact(daysAgo(100)) });

  it.each([
    ['all keys of a map must fit', { status: 'active', unusedFor: '45d' }, idle, 'yes'],
    [
      'one key that does not fit settles it, whatever is unknown',
      { status: 'inactive', unusedFor: '45d' },
      key({ lastUsedAt: denied }),
      'no',
    ],
    [
      'any: one is enough, whatever is unknown',
      { any: [{ unusedFor: '45d' }, { path: '/ci/' }] },
      key({ lastUsedAt: denied }),
      'yes',
    ],
    ['any: none fits', { any: [{ path: '/x/' }, { status: 'inactive' }] }, idle, 'no'],
    ['all', { all: [{ path: '/ci/' }, { not: { status: 'inactive' } }] }, idle, 'yes'],
    ['not', { not: { path: '/ci/' } }, idle, 'no'],
    ['not of unknown is unknown', { not: { usedWithin: '45d' } }, key({ lastUsedAt: denied }), 'unknown'],
  ])('%s', (_what, match, credential, expected) => {
    expect(asked(match, credential)).toBe(expected);
  });

  it.each([
    ['excluded', { path: '/ci/' }, idle, 'no'],
    ['not excluded', { path: '/other/' }, idle, 'yes'],
    [
      'an exclusion that cannot be told leaves the match unknown',
      { tags: { keep: '*' } },
      key({ lastUsedAt: fact(daysAgo(100)), tags: denied }),
      'unknown',
    ],
    ['what does not match is not excluded either', { tags: { keep: '*' } }, key({ tags: denied }), 'no'],
    ['an unknown match that is excluded is settled', { path: '/ci/' }, key({ lastUsedAt: denied }), 'no'],
  ])('exclude: %s', (_what, exclude, credential, expected) => {
    expect(asked({ unusedFor: '45d' }, credential, exclude)).toBe(expected);
  });
});

describe('proof of disuse reaches only as far as the evidence', () => {
  const readAt = (asOf: Instant, lag: string) => {
    const credential = key({ lastUsedAt: fact('2026-09-01T00:00:00.000Z', asOf) });
    const rule = ruleData({ match: { unusedFor: '40d' } });
    return (
      judged({ janitor: { rules: [rule], evidence: { maxAge: '30d', lastUsedLag: lag } } }, credential)
        .findings[0]?.matches ?? 'no'
    );
  };

  it.each([
    ['2026-10-11T00:00:00.000Z', '0h', 'yes'],
    ['2026-10-10T23:59:59.999Z', '0h', 'no'],
    ['2026-10-11T03:59:59.999Z', '4h', 'no'],
    ['2026-10-11T04:00:00.000Z', '4h', 'yes'],
  ])('read at %s with %s of lag: %s', (asOf, lag, expected) => {
    expect(readAt(asOf, lag)).toBe(expected);
  });

  it('evidence read after the judging instant proves nothing beyond it', () => {
    expect(readAt('2026-11-01T00:00:00.000Z', '0h')).toBe('yes');
    const rule = ruleData({ match: { unusedFor: '45d' } });
    const credential = key({ lastUsedAt: fact('2026-09-01T00:00:00.000Z', '2026-10-16T05:00:00.000Z') });
    expect(judged({ janitor: { rules: [rule] } }, credential).findings).toEqual([]);
  });

  it('neither does it of a rotation', () => {
    const asOf = '2026-10-16T05:00:00.000Z';
    const credential = secret({ facts: { lastRotatedAt: fact(daysAgo(10), asOf) } });
    expect(asked({ notRotatedFor: '10d' }, credential)).toBe('yes');
    expect(asked({ notRotatedFor: '11d' }, credential)).toBe('no');
  });

  it.each([
    ['a use', { lastUsedAt: fact('9999-12-31T00:00:00.000Z') }, 'unknown'],
    ['a use six minutes ahead', { lastUsedAt: fact(plus(NOW, 6 * 60_000)) }, 'unknown'],
    ['a use within the skew of two clocks', { lastUsedAt: fact(plus(NOW, 5 * 60_000)) }, 'no'],
    [
      'a use during the reading, an hour after it began',
      { lastUsedAt: fact(plus(NOW, 3_600_000), plus(NOW, 3_600_000)) },
      'no',
    ],
    ['a use some time today, as Secrets Manager tells it', { lastUsedAt: fact(endOfDay(NOW)) }, 'no'],
    ['a use some time tomorrow', { lastUsedAt: fact(endOfDay(daysAgo(-1))) }, 'unknown'],
    ['a creation', { createdAt: fact(daysAgo(-1)), lastUsedAt: fact(null) }, 'unknown'],
    ['evidence read two days later', { lastUsedAt: fact(daysAgo(100), daysAgo(-2)) }, 'unknown'],
  ] as const)('G22 %s that has not come yet is no evidence', (_what, facts, matches) => {
    const judgement = judged({}, accessKey({ facts }));
    expect(judgement.findings[0]?.matches ?? 'no').toBe(matches);
    if (matches === 'unknown') expect(judgement.verdict.outcome).toBe('unknown');
  });

  it('facts older than evidence.maxAge are unknown, and the reason says how old', () => {
    const credential = key({ lastUsedAt: fact(daysAgo(100), daysAgo(2)) });
    const [finding] = judged({}, credential).findings;
    expect(finding?.matches).toBe('unknown');
    expect(finding?.reasons.join()).toContain(
      'credential report of 2026-10-13 09:00Z is 2 days old, more than 1 day',
    );
    expect(judged({ janitor: { evidence: { maxAge: '2d' } } }, credential).findings[0]?.matches).toBe('yes');
  });

  it.each([
    [{ unusedFor: '1d' }, undefined, true],
    [{ any: [{ path: '/x/' }, { neverUsed: true }] }, undefined, true],
    [{ not: { usedWithin: '1d' } }, undefined, true],
    [{ status: 'active' }, { usedWithin: '1d' }, true],
    [{ usedWithin: '1d', age: '1d' }, undefined, false],
    [{ not: { not: { usedWithin: '1d' } } }, undefined, false],
    [{ status: 'active' }, undefined, false],
  ])('%j excluding %j rests on disuse: %s', (match, exclude, expected) => {
    const credential = accessKey({
      facts: { lastUsedAt: { unknown: 'x' }, status: { unknown: 'x' }, createdAt: { unknown: 'x' } },
    });
    const rule = ruleData({ match, ...(exclude === undefined ? {} : { exclude }) });
    expect(judged({ janitor: { rules: [rule] }, now: NOW }, credential).findings[0]?.restsOnDisuse).toBe(
      expected,
    );
  });
});
