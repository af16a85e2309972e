import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventDraft } from '../../lib/domain/event.ts';
import type { Grant } from '../../lib/domain/grant.ts';
import type { Incident } from '../../lib/domain/incident.ts';
import { plus } from '../../lib/domain/time.ts';
import { askedRowOf, decodedRow } from '../../lib/ledger/asked/asked-row.ts';
import { rebuildState, verifyLedger } from '../../lib/ledger/index.ts';
import type { Item } from '../../lib/ledger/stored-event.ts';
import { ASKED_DRAFTS } from '../builders/asked.ts';
import {
  challengeChains,
  challengeDrafts,
  exceptionChains,
  exceptionDrafts,
  grantChains,
  grantDrafts,
  incidentChains,
  incidentDrafts,
  requestChains,
  requestDrafts,
} from '../builders/asked-chains.ts';
import { NOW } from '../builders/credential.ts';
import { chainOf } from '../builders/event.ts';
import { GRANT_DRAFTS, GRANT_EVIDENCE_KEY, GRANT_EVIDENCE_TEXT } from '../builders/grant-drafts.ts';
import { INCIDENT_DRAFTS } from '../builders/incident-drafts.ts';
import { type LocalLedger, localLedger } from './local-ledger.ts';
import { appendTo } from './recorded-sweep.ts';

let local: LocalLedger;

beforeEach(async () => {
  local = await localLedger();
  await local.evidence.put(GRANT_EVIDENCE_KEY, Buffer.from(GRANT_EVIDENCE_TEXT));
});
afterEach(() => local.close());

const SUBJECTS = {
  request: 'request#request-0001',
  exception: 'exception#request-0001',
  challenge: 'challenge#request-0001',
  grant: 'grant#request-0001',
  incident: 'grant#incident/request-0001',
} as const;

async function record(subject: string, drafts: readonly EventDraft[]): Promise<void> {
  for (const each of drafts) {
    await appendTo(local, subject, each);
    await local.state.requests.project(subject, await local.ledger.chain(subject));
  }
}

async function rows(): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of local.state.items()) all.push(item);
  return all.sort((a, b) => ((a.pk?.S ?? '') < (b.pk?.S ?? '') ? -1 : 1));
}

const STORIES = { ...ASKED_DRAFTS, ...GRANT_DRAFTS, ...INCIDENT_DRAFTS };
const story = (type: keyof typeof STORIES, minutes: number): EventDraft => ({
  ...STORIES[type],
  at: plus(NOW, minutes * 60_000),
});

async function allChains(): Promise<void> {
  await record(SUBJECTS.request, [story('request.submitted', 0), story('request.withdrawn', 1)]);
  await record(SUBJECTS.exception, [story('exception.proposed', 0), story('exception.activated', 1)]);
  await record(SUBJECTS.challenge, [story('challenge.opened', 0), story('challenge.upheld', 1)]);
  await record(SUBJECTS.grant, [story('grant.requested', 0), story('grant.activated', 1)]);
  await record(SUBJECTS.incident, [story('incident.opened', 0), story('incident.explained', 1)]);
}

/** What something is still to come of: no end, or of a grant its end, its evidence or its review. */
function isOpen(record: { readonly end?: unknown } | Grant | Incident): boolean {
  if ('incidentId' in record) return record.review === undefined;
  if (!('grantId' in record)) return record.end === undefined;
  const { lapsedAt, endedAt, reviews, reviewsNeeded } = record;
  const isFound = reviews.some(({ verdict }) => verdict === 'finding');
  const isSettled = endedAt !== undefined && (isFound || reviews.length >= reviewsNeeded);
  return lapsedAt === undefined && !isSettled;
}

describe('a row of something asked', () => {
  it.each([
    ['request', requestChains],
    ['exception', exceptionChains],
    ['challenge', challengeChains],
    ['grant', grantChains],
    ['incident', incidentChains],
  ] as const)('of a %s reads back as what its chain comes to', (kind, chains) => {
    fc.assert(
      fc.property(chains, (events) => {
        const row = askedRowOf(SUBJECTS[kind], events);
        expect(row).toBeDefined();
        const item = decodedRow(kind, row ?? {});
        expect(item).toMatchObject({ id: 'request-0001', seq: events.length, hash: events.at(-1)?.hash });
        expect(askedRowOf(SUBJECTS[kind], events)?.record?.S).toBe(row?.record?.S);
        expect(row?.listing?.S).toBe(`${kind}#${isOpen(item.record) ? 'open' : 'ended'}`);
      }),
    );
  });

  it('of a request remembers what was known of its ticket', () => {
    const submitted = ASKED_DRAFTS['request.submitted'];
    const ticketState = { value: 'open', asOf: NOW, source: 'the ticket system' } as const;
    const events = chainOf(SUBJECTS.request, [{ ...submitted, data: { ...submitted.data, ticketState } }]);
    const { record } = decodedRow('request', askedRowOf(SUBJECTS.request, events) ?? {});
    expect(record.admission).toMatchObject({ ticketState });
  });

  it('never goes back: an older one loses, however late it arrives', async () => {
    await fc.assert(
      fc.asyncProperty(requestChains, fc.infiniteStream(fc.nat()), async (events, order) => {
        const fresh = `request#${events.at(-1)?.hash.slice(0, 20)}`;
        const prefixes = events.map((_, index) => events.slice(0, index + 1));
        const shuffled = prefixes.map((each) => ({ each, key: order.next().value }));
        for (const { each } of shuffled.sort((a, b) => a.key - b.key)) {
          await local.state.requests.project(fresh, each);
        }
        const row = askedRowOf(fresh, events);
        expect(await local.state.item(row ?? {})).toEqual(row);
      }),
      { numRuns: 20 },
    );
  });

  it('is none for a chain of another kind, or one that does not begin as it must', async () => {
    await record('request#request-0002', [story('request.approved', 0)]);
    await record('halt#organisation', [story('request.submitted', 0)]);
    await record('grant#refused-0001', [story('grant.refused', 0)]);
    await record('grant#uses/ana/database-admin', [story('grant.noted', 0)]);
    expect(await rows()).toEqual([]);
    expect(await verifyLedger(local)).toMatchObject({ ok: true, repairable: [] });
  });

  it('that cannot be read says what to do', async () => {
    await allChains();
    const [row] = (await rows()).filter(({ pk }) => pk?.S === 'requests');
    await local.state.replace({ ...row, record: { S: '{}' } }, row);
    const page = local.state.requests.page({ kind: 'request', state: 'all', limit: 5, now: NOW });
    await expect(page).rejects.toMatchObject({ code: 'state-corrupt' });
  });
});

describe('I10: rows and chains', () => {
  it('rebuilding from the ledger alone comes to the same bytes, and they verify', async () => {
    await fc.assert(
      fc.asyncProperty(
        requestDrafts,
        exceptionDrafts,
        challengeDrafts,
        grantDrafts,
        incidentDrafts,
        async (...chains) => {
          const fresh = await localLedger();
          await fresh.evidence.put(GRANT_EVIDENCE_KEY, Buffer.from(GRANT_EVIDENCE_TEXT));
          try {
            for (const [index, subject] of Object.values(SUBJECTS).entries()) {
              for (const each of chains[index] ?? []) await appendTo(fresh, subject, each);
              await fresh.state.requests.project(subject, await fresh.ledger.chain(subject));
            }
            expect(await verifyLedger(fresh)).toMatchObject({ ok: true, repairable: [] });
            expect(await rebuildState(fresh)).toEqual({ rows: 5, written: 0, removed: 0 });
            for await (const row of fresh.state.items()) await fresh.state.remove(row);
            expect(await rebuildState(fresh)).toEqual({ rows: 5, written: 5, removed: 0 });
            expect(await verifyLedger(fresh)).toMatchObject({ ok: true, repairable: [] });
          } finally {
            await fresh.close();
          }
        },
      ),
      { numRuns: 5 },
    );
  });

  it.each(Object.entries(SUBJECTS))(
    'a %s whose row is behind is repairable, and rebuilt',
    async (_, subject) => {
      await allChains();
      await appendTo(local, subject, story('exception.activated', 5));
      expect(await verifyLedger(local)).toMatchObject({
        ok: true,
        repairable: [{ code: 'state-behind', subject, seq: 3 }],
      });
      expect(await rebuildState(local)).toEqual({ rows: 5, written: 1, removed: 0 });
      expect(await verifyLedger(local)).toMatchObject({ ok: true, repairable: [] });
    },
  );

  it.each(Object.entries(SUBJECTS))('a %s whose row was altered does not verify', async (kind, subject) => {
    await allChains();
    const [row] = (await rows()).filter(({ pk }) => pk?.S === `${kind}s`);
    await local.state.replace({ ...row, listing: { S: `${kind}#elsewhere` } }, row);
    expect(await verifyLedger(local)).toMatchObject({
      ok: false,
      problems: [{ code: 'state-differs', subject }],
    });
    expect(await rebuildState(local)).toEqual({ rows: 5, written: 1, removed: 0 });
  });

  it.each(Object.keys(SUBJECTS))('a row of a %s without a chain does not verify, and goes', async (kind) => {
    await allChains();
    const [row] = (await rows()).filter(({ pk }) => pk?.S === `${kind}s`);
    await local.state.replace({ ...row, sk: { S: `${NOW}#nobody-asked` } }, undefined);
    expect(await verifyLedger(local)).toMatchObject({
      ok: false,
      problems: [
        {
          code: 'state-ahead',
          subject: kind === 'incident' ? 'grant#incident/nobody-asked' : `${kind}#nobody-asked`,
        },
      ],
    });
    expect(await rebuildState(local)).toEqual({ rows: 5, written: 0, removed: 1 });
  });
});
