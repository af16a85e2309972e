import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonical } from '../../lib/domain/canonical.ts';
import { hashOfEvent, type LedgerEvent } from '../../lib/domain/event.ts';
import { HOUR_MS, plus } from '../../lib/domain/time.ts';
import { type Item, itemOf, seqKey } from '../../lib/ledger/stored-event.ts';
import { NOW } from '../builders/credential.ts';
import { chainOf, draft } from '../builders/event.ts';
import { type LocalLedger, localLedger } from './local-ledger.ts';
import { appendTo } from './recorded-sweep.ts';

let local: LocalLedger;
let number = 0;

beforeAll(async () => {
  local = await localLedger();
});
afterAll(() => local.close());

/** A chain of `length` holds of its own; returns its subject and events. */
async function recorded(
  length: number,
): Promise<{ readonly subject: string; readonly events: LedgerEvent[] }> {
  number += 1;
  const subject = `credential#chain-${number}`;
  const events: LedgerEvent[] = [];
  for (let index = 0; index < length; index += 1) {
    events.push(await appendTo(local, subject, draft('hold.placed', { data: { holdId: `hold-${index}` } })));
  }
  return { subject, events };
}

describe('reading a chain', () => {
  it('gives every event in order, and the newest ones newest first', async () => {
    const { subject, events } = await recorded(12);
    expect(await local.ledger.chain(subject)).toEqual(events);
    expect(await local.ledger.head(subject)).toEqual(events.at(-1));
    expect(await local.ledger.newest(subject, 5)).toEqual(events.slice(-5).reverse());
    expect(await local.ledger.newest(subject, 99)).toEqual([...events].reverse());
    expect(await local.ledger.eventAt(subject, 7)).toEqual(events[6]);
  });

  it('gives nothing for a chain without events', async () => {
    expect(await local.ledger.chain('credential#none')).toEqual([]);
    expect(await local.ledger.head('credential#none')).toBeUndefined();
    expect(await local.ledger.newest('credential#none', 3)).toEqual([]);
    expect(await local.ledger.eventAt('credential#none', 1)).toBeUndefined();
  });

  it('follows pages: a chain of more than a megabyte', async () => {
    const subject = 'credential#large';
    const reasons = ['some words '.repeat(30_000)];
    for (let index = 0; index < 5; index += 1)
      await appendTo(local, subject, draft('finding.opened', { data: { reasons } }));
    const before = local.sent.length;
    expect(await local.ledger.chain(subject)).toHaveLength(5);
    expect(local.sent.length - before).toBeGreaterThan(1);
    expect((await local.ledger.newest(subject, 5)).map((event) => event.seq)).toEqual([5, 4, 3, 2, 1]);
  });

  it('says that the ledger could not be read, and why', async () => {
    local.mishaps(() => 'refused');
    await expect(local.ledger.chain('credential#none')).rejects.toMatchObject({
      code: 'ledger-unavailable',
      message: expect.stringContaining('credential#none'),
    });
    local.mishaps(undefined);
  });

  it('finds events by the interval they fell in, whatever their chain', async () => {
    const at = '2031-03-01T10:20:00.000Z';
    const a = await appendTo(local, 'credential#bucket-a', draft('finding.opened', { at: plus(at, 60_000) }));
    const b = await appendTo(local, 'credential#bucket-b', draft('finding.opened', { at }));
    await appendTo(local, 'credential#bucket-b', draft('finding.closed', { at: plus(at, HOUR_MS) }));
    const found: LedgerEvent[] = [];
    for await (const event of local.ledger.inBuckets(['2031-03-01T10:00Z', '2031-03-01T10:15Z']))
      found.push(event);
    expect(found).toEqual([b, a]);
  });

  it('finds more events of an interval than one batch holds', async () => {
    const at = '2032-03-01T10:20:00.000Z';
    for (let index = 0; index < 130; index += 1) {
      await appendTo(local, `credential#many-${index % 7}`, draft('finding.opened', { at: plus(at, index) }));
    }
    const found: string[] = [];
    for await (const event of local.ledger.inBuckets(['2032-03-01T10:15Z'])) found.push(event.at);
    expect(found).toHaveLength(130);
    expect([...found].sort()).toEqual(found);
  });

  it('a scan yields every event, and every chain once by its first event', async () => {
    const { subject, events } = await recorded(3);
    const all: LedgerEvent[] = [];
    for await (const event of local.ledger.all()) all.push(event);
    expect(all.filter((event) => event.subject === subject)).toEqual(events);
    const subjects: string[] = [];
    for await (const each of local.ledger.subjects()) subjects.push(each);
    expect(subjects.filter((each) => each === subject)).toHaveLength(1);
    expect(new Set(subjects).size).toBe(subjects.length);
  });
});

/** An event with changed content and a hash that fits it: what an attacker with write access would write. */
function forged(event: LedgerEvent, change: Partial<LedgerEvent>): LedgerEvent {
  const changed = { ...event, ...change } as LedgerEvent;
  return { ...changed, hash: hashOfEvent(changed) };
}

function stored(event: LedgerEvent): Item {
  return itemOf(event);
}

describe('G7: a chain that was tampered with', () => {
  const attacks: readonly [string, (events: readonly LedgerEvent[]) => Item, string, number][] = [
    [
      'content altered',
      (e) => ({ ...stored(at(e, 2)), event: { S: canonical({ ...at(e, 2), reason: 'no' }) } }),
      'hash-mismatch',
      2,
    ],
    ['content altered and hashed again', (e) => stored(forged(at(e, 2), { reason: 'no' })), 'link-broken', 3],
    [
      'another event of the chain in its place',
      (e) => ({ ...stored(at(e, 1)), seq: { S: seqKey(2) } }),
      'event-misplaced',
      2,
    ],
    [
      'an event of another chain in its place',
      (e) => stored(forged(at(e, 2), { prevHash: null })),
      'link-broken',
      2,
    ],
    ['its time in the index altered', (e) => ({ ...stored(at(e, 2)), at: { S: NOW } }), 'event-altered', 2],
    ['content that is no JSON', (e) => ({ ...stored(at(e, 2)), event: { S: '{' } }), 'event-unreadable', 2],
    [
      'content of an unknown type',
      (e) => ({ ...stored(at(e, 2)), event: { S: canonical({ ...at(e, 2), type: 'x' }) } }),
      'event-unreadable',
      2,
    ],
    [
      'content with a repeated key',
      (e) => ({ ...stored(at(e, 2)), event: { S: `{"reason":"no",${canonical(at(e, 2)).slice(1)}` } }),
      'event-altered',
      2,
    ],
    ['a sequence written otherwise', (e) => ({ ...stored(at(e, 3)), seq: { S: '3' } }), 'event-misplaced', 3],
  ];

  it.each(attacks)(
    '%s: is refused, naming subject and event, and nothing is acted upon',
    async (_what, attack, code, seq) => {
      const { subject } = await recorded(0);
      const drafts = [1, 2, 3].map((hour) => draft('hold.placed', { at: plus(NOW, hour * HOUR_MS) }));
      const events: LedgerEvent[] = [];
      for (const each of drafts) events.push(await appendTo(local, subject, each));
      await local.tamper(attack(events));
      const error = await local.ledger.chain(subject).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({
        code: 'chain-broken',
        source: 'system',
        details: { code, subject, seq },
        message: expect.stringMatching(/Nothing will be acted upon/),
      });
      const inspected = await local.ledger.inspect(subject);
      expect(inspected.broken).toMatchObject({ code, subject, seq });
    },
  );

  it('the head alone is verified too: a guard that reads only the newest event is not fooled', async () => {
    const { subject, events } = await recorded(2);
    await local.tamper({
      ...stored(at(events, 2)),
      event: { S: canonical({ ...at(events, 2), reason: 'no' }) },
    });
    await expect(local.ledger.head(subject)).rejects.toMatchObject({ code: 'chain-broken' });
  });

  it('the newest events are verified against each other', async () => {
    const { subject, events } = await recorded(4);
    await local.tamper(stored(forged(at(events, 3), { reason: 'no' })));
    await expect(local.ledger.newest(subject, 3)).rejects.toMatchObject({
      code: 'chain-broken',
      details: { code: 'link-broken', seq: 4 },
    });
  });

  it('a chain that begins in the middle is not the newest part of one', async () => {
    const subject = 'credential#headless';
    const [, second] = chainOf(subject, [draft('finding.opened'), draft('finding.closed')]);
    if (second === undefined) throw new Error('two were made');
    await local.tamper(stored(second));
    await expect(local.ledger.newest(subject, 5)).rejects.toMatchObject({
      details: { code: 'sequence-gap' },
    });
    await expect(local.ledger.chain(subject)).rejects.toMatchObject({
      details: { code: 'sequence-gap', seq: 1 },
    });
  });

  it('any change of any character of any stored event is found', async () => {
    const { subject, events } = await recorded(4);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(),
        fc.constantFrom('0', 'a', ' ', '"', '}'),
        async (which, where, character) => {
          const event = at(events, 1 + (which % events.length));
          const text = canonical(event);
          const place = where % text.length;
          const changed = text.slice(0, place) + character + text.slice(place + 1);
          fc.pre(changed !== text);
          await local.tamper({ ...stored(event), event: { S: changed } });
          const inspected = await local.ledger.inspect(subject);
          await local.tamper(stored(event));
          expect(inspected.broken?.seq).toBe(event.seq);
        },
      ),
      { numRuns: 60 },
    );
    expect(await local.ledger.chain(subject)).toEqual(events);
  });
});

function at(events: readonly LedgerEvent[], seq: number): LedgerEvent {
  const event = events[seq - 1];
  if (event === undefined) throw new Error(`there is no event ${seq}`);
  return event;
}
