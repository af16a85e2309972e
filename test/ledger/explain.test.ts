import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../lib/domain/event.ts';
import { subjects } from '../../lib/domain/subject.ts';
import { plus } from '../../lib/domain/time.ts';
import { explain } from '../../lib/ledger/index.ts';
import { ACCOUNT, accessKey, userPrincipal } from '../builders/credential.ts';
import { draft } from '../builders/event.ts';
import { disableScope } from '../builders/history.ts';
import type { LocalLedger } from './local-ledger.ts';
import { line, recordAll, recordSweep } from './recorded-sweep.ts';
import { day, db, elsewhere, flagged, kept, slot, toldLedger } from './told-ledger.ts';

let local: LocalLedger;
let events: readonly LedgerEvent[];

beforeAll(async () => {
  ({ local, events } = await toldLedger());
});
afterAll(() => local.close());

describe('explaining a credential', () => {
  it('G5: tells its story from birth to now, with verdict, evidence, holds and what comes next', async () => {
    const explanation = await explain(local, flagged.id, { now: day(31) });
    expect(explanation).toMatchObject({
      schemaVersion: 1,
      kind: 'credential',
      subject: flagged.id,
      at: day(31),
      chainVerified: true,
      verdict: {
        outcome: 'keep',
        sweepId: 'sweep-30',
        judgedAt: day(30),
        age: '1 day old',
        owner: { id: 'ana' },
      },
      holds: [{ holdId: 'hold-1', kind: 'restored', until: day(50) }],
      next: expect.stringContaining('2026-12-04'),
    });
    expect(explanation.events).toEqual(events);
    expect(explanation.timeline.map((entry) => entry.type)).toEqual(events.map((event) => event.type));
    expect(explanation.timeline[2]).toMatchObject({
      actor: expect.stringContaining('janitor-sweep'),
      rule: 'access-key-unused',
      controls: ['NHI7:2025'],
      scope: disableScope(),
      approvals: [{ actor: { person: 'bo' }, at: day(15) }],
      text: expect.stringContaining('approved by bo'),
    });
    expect(explanation.timeline[3]?.requestIds).toEqual(['4f1b2c3d-request']);
  });

  const days = [
    [
      'when it was just flagged',
      1,
      /flagged by rule access-key-unused, and ana was told on 2026-10-15/,
      2,
      'act',
      0,
    ],
    ['while it was disabled', 17, /disabled since 2026-10-30 09:00 UTC/, 4, 'act', 0],
    ['after it was restored', 21, /flagged by rule/, 7, 'act', 1],
    ['on the very instant of an event', 15, /disabled since/, 4, 'act', 0],
  ] as const;
  it.each(days)('as the record stood %s', async (_what, at, summary, count, outcome, holds) => {
    const explanation = await explain(local, flagged.id, { now: day(400), at: day(at) });
    expect(explanation.summary).toMatch(summary);
    expect(explanation.events).toHaveLength(count);
    expect(explanation.verdict?.outcome).toBe(outcome);
    expect(explanation.holds).toHaveLength(holds);
    expect(explanation.events.every((event) => event.at <= day(at))).toBe(true);
  });

  it('what comes next is what was announced, not what an older verdict said', async () => {
    const { next } = await explain(local, flagged.id, { now: day(1) });
    expect(next).toBe(
      'With every guard still agreeing, it is disabled from 2026-10-29 09:00 UTC on, as announced.',
    );
    expect((await explain(local, flagged.id, { now: day(14) })).next).toContain(
      'in the next enforcing sweep',
    );
  });

  it('one that was deleted is explained by the last sweep that saw it, however many came since', async () => {
    const gone = accessKey({ principal: userPrincipal({ userName: 'gone' }), name: 'AKIAEXAMPLEGONE00000' });
    const account = '333344445555';
    const id = gone.id.replace(ACCOUNT, account);
    await recordSweep(local, {
      sweepId: 'seen',
      accountId: account,
      lines: [line({ ...gone, id, accountId: account })],
    });
    await recordAll(local, id, [
      draft('step.intended', { at: day(1), data: { change: 'delete' } }),
      draft('step.done', { at: day(1), data: { change: 'delete', intent: 1 } }),
    ]);
    for (let after = 2; after < 40; after += 1)
      await recordSweep(local, { sweepId: `unseen-${after}`, accountId: account, at: day(after) });
    expect(await explain(local, id, { now: day(41) })).toMatchObject({
      summary: 'It was deleted on 2026-10-16 09:00 UTC and cannot be recovered.',
      next: 'Nothing: it is gone.',
      verdict: { sweepId: 'seen' },
    });
  });

  it('G6: one that was only ever kept has no chain, and is explained with the age of its evidence', async () => {
    const explanation = await explain(local, kept.id, { now: day(400), at: day(17) });
    expect(explanation).toMatchObject({
      summary: 'It is kept, because It was used yesterday.',
      verdict: { outcome: 'keep', sweepId: 'sweep-16', judgedAt: day(16), age: '1 day old', complete: false },
      timeline: [],
      chainVerified: true,
    });
    expect(explanation.facts.find((each) => each.name === 'lastUsedAt')).toEqual({
      name: 'lastUsedAt',
      value: day(15),
      asOf: plus(day(16), -3 * 3_600_000),
      source: 'credential report',
      age: '1 day old',
    });
    expect(explanation.notes).toContainEqual(expect.stringContaining('could not be read'));
  });

  it.each([
    ['a bare access key id of one that has a chain', 'AKIAEXAMPLEDEPLOYER0', flagged.id],
    ['a bare access key id of one that was only kept', 'AKIAEXAMPLEBUSY00000', kept.id],
    ['the slot a key was known by', slot, kept.id],
    ['the subject of its chain', subjects.credential(flagged.id), flagged.id],
  ])('finds it by %s', async (_what, id, found) => {
    expect((await explain(local, id, { now: day(31) })).subject).toBe(found);
  });

  it('finds a secret by name, and asks which one when there are several', async () => {
    expect((await explain(local, 'prod/db', { now: day(400), at: day(1) })).subject).toBe(db.id);
    await expect(explain(local, 'prod/db', { now: day(31), at: day(17) })).rejects.toMatchObject({
      code: 'ambiguous',
      source: 'user',
      details: { candidates: [db.id, elsewhere.id] },
    });
  });

  it('that later sweeps did not see any more: says when it was last seen', async () => {
    const explanation = await explain(local, db.id, { now: day(31) });
    expect(explanation.summary).toBe(
      'It was last seen on 2026-10-31 09:00 UTC; 1 later sweep did not see it any more.',
    );
  });

  it.each([
    ['before anything was recorded', flagged.id, day(-1)],
    ['what nobody has seen', 'AKIAEXAMPLENOBODY000', day(31)],
    ['a user of another account', 'arn:aws:iam::999999999999:user/x/access-key/AKIA1', day(31)],
    ['an empty chain', 'lease#111122223333', day(31)],
    ['a plan that was never frozen', `plan/${ACCOUNT}/77`, day(31)],
    ['a notice that was never prepared', `notice/${ACCOUNT}/77`, day(31)],
    ['an account never swept', '999999999999', day(31)],
    ['an event nobody recorded', '018f0000-0000-7000-8000-000000000001', day(31)],
  ])('%s is not found, with the way out', async (_what, id, at) => {
    await expect(explain(local, id, { now: day(400), at })).rejects.toMatchObject({
      code: 'not-found',
      source: 'user',
      message: expect.stringContaining(id),
      hint: expect.stringContaining('janitor sweep'),
    });
  });
});
