import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonical } from '../../lib/domain/canonical.ts';
import { hashOfEvent, type LedgerEvent } from '../../lib/domain/event.ts';
import { subjects } from '../../lib/domain/subject.ts';
import { HOUR_MS, plus } from '../../lib/domain/time.ts';
import { manifestOf, type SweepEvent, verifyLedger } from '../../lib/ledger/index.ts';
import { itemOf, seqKey } from '../../lib/ledger/stored-event.ts';
import { ACCOUNT, accessKey, NOW, userPrincipal } from '../builders/credential.ts';
import { draft } from '../builders/event.ts';
import { type LocalLedger, localLedger, TABLES } from './local-ledger.ts';
import { appendTo, line, POLICY_HASH, recordAll, recordSweep } from './recorded-sweep.ts';

const keys = ['one', 'two', 'three'].map((userName, index) =>
  accessKey({ principal: userPrincipal({ userName }), name: `AKIAVERIFY000000000${index}` }),
);
const ids = keys.map((key) => key.id);
const chains = ids.map(subjects.credential);

let local: LocalLedger;
let events: LedgerEvent[][];
let sweep: SweepEvent;

/** Three credentials with three events each, a halt, and a sweep that relied on all of it. */
async function record(): Promise<void> {
  events = [];
  for (const id of ids) {
    const drafts = [draft('finding.opened'), draft('owner.notified'), draft('hold.placed')];
    events.push(
      await recordAll(
        local,
        id,
        drafts.map((each, hour) => ({ ...each, at: plus(NOW, hour * HOUR_MS) })),
      ),
    );
  }
  await appendTo(local, subjects.halts, draft('halt.placed'));
  sweep = await recordSweep(local, {
    sweepId: 'sweep-1',
    at: plus(NOW, 3 * HOUR_MS),
    lines: keys.map((key) => line(key)),
    chains: [...chains, subjects.halts],
  });
}

beforeEach(async () => {
  local = await localLedger();
  await record();
});
afterEach(() => local.close());

function chain(index: number): string {
  return chains[index] ?? '';
}

function recorded(index: number, seq: number): LedgerEvent {
  const event = events[index]?.[seq - 1];
  if (event === undefined) throw new Error(`there is no event ${seq} of chain ${index}`);
  return event;
}

async function remove(subject: string, seq: number): Promise<void> {
  const Key = { subject: { S: subject }, seq: { S: seqKey(seq) } };
  await local.client.send(new DeleteItemCommand({ TableName: TABLES.ledger, Key }));
}

async function put(event: LedgerEvent): Promise<void> {
  await local.tamper(itemOf(event));
}

/** The event as an attacker writes it who can compute hashes. */
function forged(event: LedgerEvent, change: Partial<LedgerEvent>): LedgerEvent {
  const changed = { ...event, ...change } as LedgerEvent;
  return { ...changed, hash: hashOfEvent(changed) };
}

/** Rewrites a chain from an event on, with hashes and links that fit. */
async function rewritten(index: number, from: number): Promise<void> {
  let prevHash = from === 1 ? null : recorded(index, from - 1).hash;
  for (const event of (events[index] ?? []).slice(from - 1)) {
    const next = forged(event, { prevHash, reason: 'rewritten' });
    prevHash = next.hash;
    await put(next);
  }
}

describe('an untouched ledger', () => {
  it('verifies, and counts what it read', async () => {
    const progress: string[] = [];
    const verification = await verifyLedger(local, ({ phase, done }) => progress.push(`${phase} ${done}`));
    expect(verification).toEqual({
      ok: true,
      chains: 5,
      events: 11,
      sweeps: 1,
      problems: [],
      repairable: [],
      omitted: 0,
    });
    expect(progress).toEqual(['chains 11', 'sweeps 0']);
  });

  it('verifies after more was recorded, and when nothing was recorded at all', async () => {
    await recordAll(local, ids[0] ?? '', [draft('hold.lifted')]);
    await recordSweep(local, { sweepId: 'sweep-2', at: plus(NOW, 9 * HOUR_MS), chains });
    expect(await verifyLedger(local)).toMatchObject({ ok: true, sweeps: 2, events: 13 });
    const empty = await localLedger();
    expect(await verifyLedger(empty)).toMatchObject({ ok: true, chains: 0 });
    await empty.close();
  });
});

describe('G7: after an attack the ledger does not verify, and the event is named', () => {
  const attacks: readonly [
    string,
    () => Promise<void>,
    { code: string; subject: () => string; seq: number },
  ][] = [
    [
      'an event was altered',
      () =>
        local.tamper({
          ...itemOf(recorded(1, 2)),
          event: { S: canonical({ ...recorded(1, 2), reason: 'no' }) },
        }),
      { code: 'hash-mismatch', subject: () => chain(1), seq: 2 },
    ],
    [
      'an event was altered and hashed again',
      () => put(forged(recorded(1, 2), { reason: 'no' })),
      { code: 'link-broken', subject: () => chain(1), seq: 3 },
    ],
    [
      'the newest event of a chain was altered and hashed again',
      () => put(forged(recorded(1, 3), { reason: 'no' })),
      { code: 'head-differs', subject: () => chain(1), seq: 3 },
    ],
    [
      'a whole chain was rewritten',
      () => rewritten(1, 1),
      { code: 'head-differs', subject: () => chain(1), seq: 3 },
    ],
    [
      'an event in the middle was removed',
      () => remove(chain(1), 2),
      { code: 'sequence-gap', subject: () => chain(1), seq: 2 },
    ],
    [
      'the first event was removed',
      () => remove(chain(1), 1),
      { code: 'sequence-gap', subject: () => chain(1), seq: 1 },
    ],
    [
      'the last event was removed',
      () => remove(chain(1), 3),
      { code: 'head-missing', subject: () => chain(1), seq: 3 },
    ],
    [
      'the only event of a chain that has no projection was removed',
      () => remove(subjects.halts, 1),
      { code: 'head-missing', subject: () => subjects.halts, seq: 1 },
    ],
    [
      'a whole chain was removed',
      async () => {
        for (const seq of [1, 2, 3]) await remove(chain(1), seq);
      },
      { code: 'head-missing', subject: () => chain(1), seq: 3 },
    ],
    [
      'two events were swapped',
      async () => {
        await local.tamper({ ...itemOf(recorded(1, 2)), seq: { S: seqKey(3) } });
        await local.tamper({ ...itemOf(recorded(1, 3)), seq: { S: seqKey(2) } });
      },
      { code: 'event-misplaced', subject: () => chain(1), seq: 2 },
    ],
    [
      'two events were swapped, renumbered and hashed again',
      async () => {
        await put(forged(recorded(1, 3), { seq: 2, prevHash: recorded(1, 1).hash }));
        await put(forged(recorded(1, 2), { seq: 3 }));
      },
      { code: 'link-broken', subject: () => chain(1), seq: 3 },
    ],
    [
      'an event was inserted and the later ones moved',
      async () => {
        await put(forged(recorded(1, 3), { seq: 4 }));
        await put(forged(recorded(1, 2), { seq: 3 }));
        await put(forged(recorded(0, 2), { subject: chain(1), prevHash: recorded(1, 1).hash }));
      },
      { code: 'link-broken', subject: () => chain(1), seq: 3 },
    ],
    [
      'an event of another chain was put in',
      () => local.tamper({ ...itemOf(recorded(0, 2)), subject: { S: chain(1) } }),
      { code: 'event-misplaced', subject: () => chain(1), seq: 2 },
    ],
    [
      'the finished sweep itself was removed',
      () => remove(subjects.sweep(ACCOUNT), 1),
      { code: 'state-ahead', subject: () => subjects.sweep(ACCOUNT), seq: 1 },
    ],
  ];

  it.each(attacks)('%s', async (_what, attack, { code, subject, seq }) => {
    await attack();
    const { ok, problems } = await verifyLedger(local);
    expect(ok).toBe(false);
    expect(problems).toContainEqual(
      expect.objectContaining({ code, subject: subject(), seq, message: expect.any(String) }),
    );
  });

  it('one that also corrected the projection is still found through the sweep', async () => {
    await remove(chain(1), 3);
    for await (const row of local.state.items()) if (row.sk?.S === chain(1)) await local.state.remove(row);
    expect((await verifyLedger(local)).problems).toEqual([
      expect.objectContaining({
        code: 'head-missing',
        subject: chain(1),
        seq: 3,
        message: expect.stringContaining('sweep-1'),
      }),
    ]);
  });

  it('an event recorded after the last sweep and removed again is found through the projection', async () => {
    await recordAll(local, ids[2] ?? '', [draft('hold.lifted')]);
    await remove(chain(2), 4);
    expect((await verifyLedger(local)).problems).toEqual([
      expect.objectContaining({ code: 'state-ahead', subject: chain(2), seq: 4 }),
    ]);
  });

  it('whichever event is removed or altered', async () => {
    const spot = fc.tuple(
      fc.nat({ max: 2 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom('remove', 'alter', 'rewrite'),
    );
    await fc.assert(
      fc.asyncProperty(spot, async ([index, seq, how]) => {
        if (how === 'remove') await remove(chain(index), seq);
        if (how === 'alter')
          await local.tamper({
            ...itemOf(recorded(index, seq)),
            event: { S: canonical({ ...recorded(index, seq), ticket: 'X-1' }) },
          });
        if (how === 'rewrite') await rewritten(index, seq);
        const { problems } = await verifyLedger(local);
        for (const event of events[index] ?? []) await put(event);
        expect(problems.map((problem) => problem.subject)).toContain(chain(index));
      }),
      { numRuns: 25 },
    );
    expect(await verifyLedger(local)).toMatchObject({ ok: true });
  });

  it('names the first broken link of a chain only', async () => {
    await remove(chain(0), 1);
    await remove(chain(0), 3);
    expect(
      (await verifyLedger(local)).problems.filter((problem) => problem.subject === chain(0)),
    ).toHaveLength(1);
  });
});

describe('the projection', () => {
  it('that is behind is repairable, not broken', async () => {
    await appendTo(local, chain(0), draft('hold.lifted'));
    expect(await verifyLedger(local)).toMatchObject({
      ok: true,
      problems: [],
      repairable: [{ code: 'state-behind', subject: chain(0), seq: 4 }],
    });
  });

  it('I10: that differs from its fold is a failure', async () => {
    for await (const row of local.state.items()) {
      if (row.sk?.S === chain(0)) await local.state.replace({ ...row, status: { S: 'clear' } }, row);
    }
    expect(await verifyLedger(local)).toMatchObject({
      ok: false,
      problems: [{ code: 'state-differs', subject: chain(0), seq: 3 }],
    });
  });
});

describe('the evidence of a sweep', () => {
  function evidencePath(key: string): string {
    return join(local.folder, 'evidence', key);
  }

  it.each([
    ['is gone', () => rm(evidencePath(manifestOf(sweep)?.key ?? '')), 'manifest-missing'],
    [
      'has other content',
      () => writeFile(evidencePath(manifestOf(sweep)?.key ?? ''), 'x'),
      'manifest-altered',
    ],
    ['has no archived policy', () => rm(evidencePath(`policies/${POLICY_HASH}.json`)), 'policy-missing'],
    [
      'has another policy archived',
      () => writeFile(evidencePath(`policies/${POLICY_HASH}.json`), '{}'),
      'evidence-altered',
    ],
  ] as const)('that %s is a failure naming the sweep', async (_what, attack, code) => {
    await attack();
    const { ok, problems } = await verifyLedger(local);
    expect(ok).toBe(false);
    expect(problems).toContainEqual(
      expect.objectContaining({
        code,
        subject: subjects.sweep(ACCOUNT),
        seq: 1,
        message: expect.stringContaining('sweep-1'),
      }),
    );
  });

  it('whose Merkle root is another is a failure', async () => {
    const other = await recordSweep(local, { sweepId: 'sweep-2', chains });
    const { merkleRoot: _root, ...data } = other.data;
    await put(forged(other, { data: { ...data, merkleRoot: '1'.repeat(64) } } as Partial<LedgerEvent>));
    expect((await verifyLedger(local)).problems).toContainEqual(
      expect.objectContaining({ code: 'merkle-root', seq: 2 }),
    );
  });

  it('that belongs to another sweep is a failure', async () => {
    const other = await recordSweep(local, { sweepId: 'sweep-2', chains });
    await put(forged(other, { evidence: sweep.evidence }));
    expect((await verifyLedger(local)).problems).toContainEqual(
      expect.objectContaining({ code: 'manifest-altered', seq: 2 }),
    );
  });
});
