import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, taggedHash } from '../../lib/domain/canonical.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import { bucketOf, bucketsBetween, hashOfEvent, parseEvent } from '../../lib/domain/event.ts';
import { type EventType, eventDataSchemas } from '../../lib/domain/event-data.ts';
import { DAY_MS, elapsed, fromMillis, plus } from '../../lib/domain/time.ts';
import { NOW } from '../builders/credential.ts';
import { DRAFTS, event } from '../builders/event.ts';

const TYPES = Object.keys(eventDataSchemas).filter((type): type is EventType => type in DRAFTS);

describe('canonical JSON', () => {
  const cases = [
    ['keys are sorted by code unit', { b: 1, a: 2, Z: 3 }, '{"Z":3,"a":2,"b":1}'],
    ['numbers are written as ECMAScript does', [1e21, 0.1, -0], '[1e+21,0.1,0]'],
    ['text is escaped minimally', 'é"\n\u0001', '"é\\"\\n\\u0001"'],
    ['absent and undefined are one', { a: undefined, b: null }, '{"b":null}'],
  ] as const;
  it.each(cases)('%s', (_what, value, text) => {
    expect(canonical(value)).toBe(text);
  });

  it.each([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a lone surrogate', '\ud800'],
    ['nothing', undefined],
  ])('%s is refused with our own error (I20)', (_what, value) => {
    expect(() => canonical(value)).toThrow(JanitorError);
  });

  it('a tag keeps the hashes of equal values apart', () => {
    expect(taggedHash('a', {})).not.toBe(taggedHash('b', {}));
  });

  it('the hash of an event does not depend on the order of its keys', () => {
    const { hash, ...rest } = event('hold.placed');
    const reversed = Object.fromEntries(Object.entries(rest).reverse());
    expect(hashOfEvent(reversed as typeof rest)).toBe(hash);
  });
});

describe('a stored event', () => {
  it('every type of event has a draft to test with', () => {
    expect(TYPES).toHaveLength(Object.keys(eventDataSchemas).length);
  });

  it.each(TYPES)('%s reads back as it was written', (type) => {
    const written = event(type);
    expect(parseEvent(JSON.parse(canonical(written)))).toEqual({ ok: true, event: written });
  });

  it.each(TYPES)('%s with an unknown key in its data is refused', (type) => {
    const written = event(type);
    const parsed = parseEvent({ ...written, data: { ...written.data, surprise: 1 } });
    expect(parsed).toMatchObject({ ok: false, reason: expect.stringContaining('surprise') });
  });

  const broken = [
    ['an unknown type', { type: 'step.dreamt' }, 'step.dreamt'],
    ['an unknown key', { extra: true }, 'extra'],
    ['no subject', { subject: '' }, 'subject'],
    ['sequence zero', { seq: 0 }, 'seq'],
    ['an id that is no UUIDv7', { id: '4b4c1f0e-7a2f-4a57-9d2a-0f3f0a7b1c2d' }, 'id'],
    ['an instant with an offset', { at: '2026-10-15T09:00:00.000+02:00' }, 'at'],
    ['no actor', { actor: undefined }, 'actor'],
    ['data of another type', { type: 'hold.lifted' }, 'kind'],
    ['a type of the prototype', { type: 'toString' }, 'toString'],
  ] as const;
  it.each(broken)('with %s is refused and says so', (_what, change, named) => {
    const parsed = parseEvent({ ...event('hold.placed'), ...change });
    expect(parsed).toMatchObject({ ok: false, reason: expect.stringContaining(named) });
  });

  it('anything at all is parsed or refused, never thrown at (I20)', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseEvent(value).ok).toBe(false);
      }),
    );
  });
});

describe('buckets', () => {
  it.each([
    ['2026-10-15T09:00:00.000Z', '2026-10-15T09:00Z'],
    ['2026-10-15T09:14:59.999Z', '2026-10-15T09:00Z'],
    ['2026-10-15T09:15:00.000Z', '2026-10-15T09:15Z'],
    ['2026-12-31T23:59:59.999Z', '2026-12-31T23:45Z'],
  ])('%s falls in %s', (at, bucket) => {
    expect(bucketOf(at)).toBe(bucket);
  });

  it('between two instants include the bucket of every instant between them', () => {
    const offset = fc.nat({ max: 2 * DAY_MS });
    fc.assert(
      fc.property(offset, offset, offset, (a, b, c) => {
        const [from, at, to] = [a, b, c].sort((x, y) => x - y).map((millis) => plus(NOW, millis));
        if (from === undefined || at === undefined || to === undefined) throw new Error('three were given');
        expect(bucketsBetween(from, to)).toContain(bucketOf(at));
      }),
    );
  });
});

describe('instants', () => {
  it('compare as text exactly as they do in time', () => {
    const millis = fc.integer({ min: 0, max: 4_102_444_800_000 });
    fc.assert(
      fc.property(millis, millis, (a, b) => {
        const [x, y] = [fromMillis(a), fromMillis(b)];
        expect(x < y).toBe(elapsed(x, y) > 0);
      }),
    );
  });
});
