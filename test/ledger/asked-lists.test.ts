import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventDraft } from '../../lib/domain/event.ts';
import { bucketsBetween } from '../../lib/domain/event.ts';
import { DAY_MS, HOUR_MS, plus } from '../../lib/domain/time.ts';
import type { AskedKind } from '../../lib/ledger/index.ts';
import { ASKED_DRAFTS, ASKED_KEY, content } from '../builders/asked.ts';
import { NOW } from '../builders/credential.ts';
import { draft } from '../builders/event.ts';
import { type LocalLedger, localLedger } from './local-ledger.ts';
import { appendTo } from './recorded-sweep.ts';

let local: LocalLedger;

beforeAll(async () => {
  local = await localLedger();
});
afterAll(() => local.close());

const submitted = ASKED_DRAFTS['request.submitted'];
const withdrawn = ASKED_DRAFTS['request.withdrawn'];

/** Appends and projects, as a use case does. */
async function record(subject: string, ...drafts: readonly EventDraft[]): Promise<void> {
  for (const each of drafts) {
    await appendTo(local, subject, each);
    await local.state.requests.follow(subject, await local.ledger.chain(subject));
  }
}

function requests(state: 'open' | 'ended' | 'all', limit: number, cursor?: string, now = plus(NOW, HOUR_MS)) {
  const after = cursor === undefined ? {} : { cursor };
  return local.state.requests.page({ kind: 'request', state, limit, now, ...after });
}

/** Every id, page after page. */
async function paged(state: 'open' | 'ended' | 'all', limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await requests(state, limit, cursor);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
}

describe('lists of what was asked', () => {
  const ids = Array.from({ length: 9 }, (_, index) => `listed-request-${index}`);

  beforeAll(async () => {
    for (const [index, id] of ids.entries()) {
      // Pairs share an instant.
      const at = plus(NOW, Math.floor(index / 2) * 1000);
      await record(`request#${id}`, { ...submitted, at });
      if (index % 3 === 0) await record(`request#${id}`, { ...withdrawn, at: plus(at, 1) });
    }
  });
  beforeEach(() => {
    local.sent.length = 0;
  });

  it.each([1, 2, 3, 4, 9, 100])('are paged newest first, %i at a time, each once', async (limit) => {
    const newestFirst = [...ids].reverse();
    expect(await paged('all', limit)).toEqual(newestFirst);
    expect(await paged('open', limit)).toEqual(newestFirst.filter((id) => Number(id.slice(-1)) % 3 !== 0));
    expect(await paged('ended', limit)).toEqual(newestFirst.filter((id) => Number(id.slice(-1)) % 3 === 0));
  });

  it('are read by queries alone, and a page reads no more than it shows and one', async () => {
    await requests('open', 2);
    await requests('all', 2);
    for await (const _entry of local.state.requests.open('request', NOW)) break;
    await local.state.requests.byCredential(ASKED_KEY);
    expect(new Set(local.sent)).toEqual(new Set(['Query']));
    expect(local.sent.length).toBeLessThanOrEqual(5);
  });

  it('say of each what was folded from its chain, and where it stands', async () => {
    const { items } = await requests('ended', 1);
    expect(items[0]).toMatchObject({
      kind: 'request',
      id: 'listed-request-6',
      seq: 2,
      state: 'withdrawn',
      record: { content: content(), admission: { tier: 'critical' }, end: { state: 'withdrawn' } },
    });
  });

  it('I14: what has run out says so before that is recorded', async () => {
    const { items } = await requests('open', 1, undefined, plus(NOW, 8 * DAY_MS));
    expect(items[0]).toMatchObject({ id: 'listed-request-8', state: 'lapsed' });
  });

  it('give the reconciler everything open, oldest first, and nothing else', async () => {
    const open: string[] = [];
    for await (const { id } of local.state.requests.open('request', NOW)) open.push(id);
    expect(open).toEqual(ids.filter((id) => Number(id.slice(-1)) % 3 !== 0));
  });

  it('a cursor goes on where its page ended, whatever has happened meanwhile', async () => {
    const first = await requests('open', 2);
    expect(first.items.map(({ id }) => id)).toEqual(['listed-request-8', 'listed-request-7']);
    await record('request#listed-request-7', { ...withdrawn, at: plus(NOW, 5000) });
    const second = await requests('open', 2, first.nextCursor);
    expect(second.items.map(({ id }) => id)).toEqual(['listed-request-5', 'listed-request-4']);
  });

  it('refuse a cursor that is of another list or another kind, or was altered', async () => {
    const { nextCursor = '' } = await requests('open', 2);
    const invalid = { code: 'cursor-invalid', source: 'user', details: { field: 'cursor' } };
    await expect(requests('ended', 2, nextCursor)).rejects.toMatchObject(invalid);
    await expect(requests('all', 2, nextCursor)).rejects.toMatchObject(invalid);
    const exceptions = { kind: 'exception', state: 'open', limit: 2, now: NOW, cursor: nextCursor } as const;
    await expect(local.state.requests.page(exceptions)).rejects.toMatchObject(invalid);
    for (const cursor of ['', 'x', `${nextCursor}A`, `${nextCursor}=`, nextCursor.toLowerCase()]) {
      await expect(requests('open', 2, cursor)).rejects.toMatchObject(invalid);
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (cursor) => {
        await expect(requests('open', 2, cursor)).rejects.toMatchObject(invalid);
      }),
      { numRuns: 50 },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(nextCursor.length - 1), fc.constantFrom('A', '_', '9'), async (at, letter) => {
        fc.pre(nextCursor[at] !== letter);
        const cursor = `${nextCursor.slice(0, at)}${letter}${nextCursor.slice(at + 1)}`;
        await expect(requests('open', 2, cursor)).rejects.toMatchObject(invalid);
      }),
      { numRuns: 50 },
    );
  });
});

describe('what was asked about something', () => {
  const reference = (kind: AskedKind, id: string) => ({ kind, id });

  it('is found by credential, by exception and by plan', async () => {
    const credentialId = ASKED_KEY.replace('DEPLOYER0', 'ABOUT0000');
    const scope = { credentialId, rules: ['access-key-unused'] };
    const asking = (ask: typeof submitted.data.ask, minutes = 0) => ({
      ...submitted,
      at: plus(NOW, minutes * 60_000),
      data: { ...submitted.data, ask },
    });
    const opened = ASKED_DRAFTS['challenge.opened'];
    const against = { kind: 'exception', exceptionId: 'about-asked', round: 0 } as const;
    await record('request#about-asked', asking({ kind: 'exception', scope, while: { ticket: 'open' } }));
    const proposed = { ...ASKED_DRAFTS['exception.proposed'], at: plus(NOW, HOUR_MS) };
    await record('exception#about-asked', { ...proposed, data: { ...proposed.data, scope } });
    await record('request#about-longer', asking({ kind: 'extension', exceptionId: 'about-asked' }, 5));
    await record('challenge#about-it', { ...opened, data: { ...opened.data, target: against } });
    const planId = 'plan/111122223333/9';
    await record('request#about-plan', asking({ kind: 'approve-plan', planId, planHash: 'a'.repeat(64) }));

    expect(await local.state.requests.about(planId)).toEqual([reference('request', 'about-plan')]);
    const own = [reference('request', 'about-asked'), reference('exception', 'about-asked')];
    const indirect = [reference('challenge', 'about-it'), reference('request', 'about-longer')];
    expect(await local.state.requests.about(credentialId)).toEqual(own);
    expect(await local.state.requests.about('exception#about-asked')).toEqual(indirect);
    expect(await local.state.requests.byCredential(credentialId)).toEqual([...own, ...indirect]);
    expect(await local.state.requests.about(`${credentialId}0`)).toEqual([]);
  });

  it('does not disturb who is found by the name of a credential', async () => {
    expect(await local.state.named(ASKED_KEY)).toEqual([]);
  });
});

describe('a projection that failed', () => {
  it('undoes nothing, and is mended from the interval it was recorded in', async () => {
    const subject = 'request#mended-later';
    const at = plus(NOW, 40 * DAY_MS);
    await appendTo(local, subject, { ...submitted, at });
    const events = await local.ledger.chain(subject);
    local.mishaps((operation) => (operation === 'PutItem' ? 'refused' : undefined));
    await local.state.requests.follow(subject, events);
    await expect(local.state.requests.project(subject, events)).rejects.toMatchObject({
      code: 'state-unavailable',
    });
    local.mishaps(undefined);
    await appendTo(local, 'halt#organisation', draft('halt.placed', { at }));
    expect(await paged('open', 10)).not.toContain('mended-later');
    const buckets = bucketsBetween(plus(at, -HOUR_MS), at);
    const mended: string[] = [];
    for await (const touched of local.ledger.subjectsIn(buckets)) {
      const { written } = await local.state.requests.project(touched, await local.ledger.chain(touched));
      if (written) mended.push(touched);
    }
    expect(mended).toEqual([subject]);
    expect(await paged('open', 10)).toContain('mended-later');
  });
});
