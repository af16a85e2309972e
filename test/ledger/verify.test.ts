import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { subjects } from '../../lib/domain/subject.ts';
import { HOUR_MS, plus } from '../../lib/domain/time.ts';
import { verifyLedger } from '../../lib/ledger/index.ts';
import { itemOf } from '../../lib/ledger/stored-event.ts';
import { ACCOUNT, NOW } from '../builders/credential.ts';
import { draft } from '../builders/event.ts';
import { type AttackedLedger, attackedLedger, CHAINS, forged, IDS } from './attacked-ledger.ts';
import { type LocalLedger, localLedger } from './local-ledger.ts';
import { recordAll, recordSweep } from './recorded-sweep.ts';

let attacked: AttackedLedger;
let local: LocalLedger;

beforeEach(async () => {
  attacked = await attackedLedger();
  local = attacked.local;
});
afterEach(() => local.close());

function chain(index: number): string {
  return CHAINS[index] ?? '';
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
    await recordAll(local, IDS[0] ?? '', [draft('hold.lifted')]);
    await recordSweep(local, { sweepId: 'sweep-2', at: plus(NOW, 9 * HOUR_MS), chains: CHAINS });
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
      () => attacked.alter(1, 2),
      { code: 'hash-mismatch', subject: () => chain(1), seq: 2 },
    ],
    [
      'an event was altered and hashed again',
      () => attacked.put(forged(attacked.recorded(1, 2), { reason: 'no' })),
      { code: 'link-broken', subject: () => chain(1), seq: 3 },
    ],
    [
      'the newest event of a chain was altered and hashed again',
      () => attacked.put(forged(attacked.recorded(1, 3), { reason: 'no' })),
      { code: 'head-differs', subject: () => chain(1), seq: 3 },
    ],
    [
      'a whole chain was rewritten',
      () => attacked.rewrite(1, 1),
      { code: 'head-differs', subject: () => chain(1), seq: 3 },
    ],
    [
      'an event in the middle was removed',
      () => attacked.remove(chain(1), 2),
      { code: 'sequence-gap', subject: () => chain(1), seq: 2 },
    ],
    [
      'the first event was removed',
      () => attacked.remove(chain(1), 1),
      { code: 'sequence-gap', subject: () => chain(1), seq: 1 },
    ],
    [
      'the last event was removed',
      () => attacked.remove(chain(1), 3),
      { code: 'head-missing', subject: () => chain(1), seq: 3 },
    ],
    [
      'the only event of a chain that has no projection was removed',
      () => attacked.remove(subjects.halts, 1),
      { code: 'head-missing', subject: () => subjects.halts, seq: 1 },
    ],
    [
      'a whole chain was removed',
      async () => {
        for (const seq of [1, 2, 3]) await attacked.remove(chain(1), seq);
      },
      { code: 'head-missing', subject: () => chain(1), seq: 3 },
    ],
    [
      'two events were swapped',
      async () => {
        await attacked.move(1, 2, 3);
        await attacked.move(1, 3, 2);
      },
      { code: 'event-misplaced', subject: () => chain(1), seq: 2 },
    ],
    [
      'two events were swapped, renumbered and hashed again',
      async () => {
        await attacked.put(
          forged(attacked.recorded(1, 3), { seq: 2, prevHash: attacked.recorded(1, 1).hash }),
        );
        await attacked.put(forged(attacked.recorded(1, 2), { seq: 3 }));
      },
      { code: 'link-broken', subject: () => chain(1), seq: 3 },
    ],
    [
      'an event was inserted and the later ones moved',
      async () => {
        await attacked.put(forged(attacked.recorded(1, 3), { seq: 4 }));
        await attacked.put(forged(attacked.recorded(1, 2), { seq: 3 }));
        await attacked.put(
          forged(attacked.recorded(0, 2), { subject: chain(1), prevHash: attacked.recorded(1, 1).hash }),
        );
      },
      { code: 'link-broken', subject: () => chain(1), seq: 3 },
    ],
    [
      'an event of another chain was put in',
      () => local.tamper({ ...itemOf(attacked.recorded(0, 2)), subject: { S: chain(1) } }),
      { code: 'event-misplaced', subject: () => chain(1), seq: 2 },
    ],
    [
      'the finished sweep itself was removed',
      () => attacked.remove(subjects.sweep(ACCOUNT), 1),
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
    await attacked.remove(chain(1), 3);
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
    await recordAll(local, IDS[2] ?? '', [draft('hold.lifted')]);
    await attacked.remove(chain(2), 4);
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
        if (how === 'remove') await attacked.remove(chain(index), seq);
        if (how === 'alter') await attacked.alter(index, seq);
        if (how === 'rewrite') await attacked.rewrite(index, seq);
        const { problems } = await verifyLedger(local);
        for (const event of attacked.events[index] ?? []) await attacked.put(event);
        expect(problems.map((problem) => problem.subject)).toContain(chain(index));
      }),
      { numRuns: 25 },
    );
    expect(await verifyLedger(local)).toMatchObject({ ok: true });
  });

  it('names the first broken link of a chain only', async () => {
    await attacked.remove(chain(0), 1);
    await attacked.remove(chain(0), 3);
    expect(
      (await verifyLedger(local)).problems.filter((problem) => problem.subject === chain(0)),
    ).toHaveLength(1);
  });
});
