import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonical } from '../../lib/domain/canonical.ts';
import { accessKeySlotId } from '../../lib/domain/credential.ts';
import type { LedgerEvent } from '../../lib/domain/event.ts';
import { subjects } from '../../lib/domain/subject.ts';
import { DAY_MS, type Instant, plus } from '../../lib/domain/time.ts';
import { explain, explainCredential, manifestOf, renderExplanation } from '../../lib/ledger/index.ts';
import { itemOf } from '../../lib/ledger/stored-event.ts';
import { ACCOUNT, accessKey, fact, NOW, secret, userPrincipal } from '../builders/credential.ts';
import { draft, person } from '../builders/event.ts';
import { disableScope } from '../builders/history.ts';
import { type LocalLedger, localLedger } from './local-ledger.ts';
import { appendTo, judgement, line, recordAll, recordSweep } from './recorded-sweep.ts';

/** `days` after NOW. */
function day(days: number): Instant {
  return plus(NOW, days * DAY_MS);
}

const flagged = accessKey();
const kept = accessKey({ principal: userPrincipal({ userName: 'busy' }), name: 'AKIAEXAMPLEBUSY00000' });
const db = secret();
const elsewhere = secret({ region: 'us-east-1' });
const slot = accessKeySlotId(kept.principal?.arn ?? '', 1);
const planId = `plan/${ACCOUNT}/1`;
const noticeId = `notice/${ACCOUNT}/1`;

const warned = judgement({
  verdict: {
    outcome: 'act',
    rule: 'access-key-unused',
    step: 'notify',
    due: NOW,
    reasons: ['It was last used 60 days ago.'],
  },
});
/** The same key with evidence of another day. */
const keptAt = (asOf: Instant) =>
  line({
    ...kept,
    alias: slot,
    facts: { ...kept.facts, lastUsedAt: fact(plus(asOf, -DAY_MS), plus(asOf, -3 * 3_600_000)) },
  });

let local: LocalLedger;
let events: LedgerEvent[];

/**
 * Day 0: swept, the key is flagged and its owner told. Day 15: disabled under an approved plan. Day 16: swept.
 * Day 20: restored with a hold until day 50. Day 30: swept.
 */
beforeAll(async () => {
  local = await localLedger();
  const early = await recordAll(local, flagged.id, [
    draft('finding.opened'),
    draft('owner.notified', { data: { noticeId } }),
  ]);
  await appendTo(local, subjects.notices(ACCOUNT), draft('notice.prepared'));
  await appendTo(local, subjects.notices(ACCOUNT), draft('notice.accepted'));
  await recordSweep(local, {
    sweepId: 'sweep-0',
    at: day(0),
    lines: [line(flagged, { judgement: warned }), keptAt(day(0)), line(db)],
  });
  const frozen = await appendTo(
    local,
    subjects.plans(ACCOUNT),
    draft('plan.frozen', { at: day(14), expiresAt: day(21) }),
  );
  await appendTo(
    local,
    subjects.plans(ACCOUNT),
    draft('plan.approved', { at: day(15), data: { planHash: frozen.hash } }),
  );
  const acted = await recordAll(local, flagged.id, [
    draft('step.intended', {
      at: day(15),
      approvals: [{ actor: person('bo'), at: day(15) }],
      data: { planId, sweepId: 'sweep-16' },
    }),
    draft('step.done', { at: day(15), data: { intent: 3 } }),
  ]);
  await recordSweep(local, {
    sweepId: 'sweep-16',
    at: day(16),
    lines: [line(flagged, { judgement: warned }), keptAt(day(16)), line(db), line(elsewhere)],
    footer: {
      complete: false,
      problems: [
        { code: 'denied', message: 'ListUsers was denied', permission: 'iam:ListUsers', region: 'global' },
      ],
    },
  });
  const restored = await recordAll(local, flagged.id, [
    draft('step.intended', { at: day(20), actor: person('ana'), data: { change: 'enable' } }),
    draft('step.done', { at: day(20), data: { change: 'enable', intent: 5 } }),
    draft('hold.placed', { at: day(20), expiresAt: day(50), data: { kind: 'restored' } }),
  ]);
  await recordSweep(local, { sweepId: 'sweep-30', at: day(30), lines: [line(flagged), keptAt(day(30))] });
  events = [...early, ...acted, ...restored];
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

describe('explaining what else is recorded', () => {
  it('G1, G10: a plan: who froze and approved it, and what came of its steps', async () => {
    const explanation = await explain(local, planId, { now: day(16) });
    expect(explanation.summary).toBe('It was approved by bo: 1 step of tier guarded may run.');
    expect(explanation.timeline.map((entry) => entry.type)).toEqual([
      'plan.frozen',
      'plan.approved',
      'step.intended',
      'step.done',
    ]);
    expect(explanation.notes).toEqual([`delete ${flagged.id} (rule access-key-unused): It is quarantined.`]);
    expect((await explain(local, planId, { now: day(14) })).next).toContain(`janitor approve ${planId}`);
    expect((await explain(local, planId, { now: day(22) })).summary).toContain('lapsed on 2026-11-05');
  });

  it('a notice: for whom, about what, and whether it arrived', async () => {
    const explanation = await explain(local, noticeId, { now: day(1) });
    expect(explanation.summary).toBe('A digest for ana about 1 finding: it was accepted for delivery.');
    expect(explanation.notes[0]).toContain('it is disabled on or after 2026-10-29');
    expect(explanation.timeline).toHaveLength(2);
  });

  it.each([
    ['by its id', 'sweep-16'],
    ['as the newest of its account', ACCOUNT],
  ])('G21: a sweep %s: what it could not read and what it did', async (_what, id) => {
    const explanation = await explain(local, id, { now: day(400), at: day(17) });
    expect(explanation).toMatchObject({ kind: 'sweep', subject: 'sweep-16', chainVerified: true });
    expect(explanation.summary).toContain('incomplete');
    expect(explanation.notes).toEqual([
      'Problem denied in global: ListUsers was denied, missing permission iam:ListUsers',
      'Not covered: EC2 key pairs.',
    ]);
  });

  it('a sweep shows the steps it took, found by time', async () => {
    const id = `arn:aws:iam::${ACCOUNT}:user/z/access-key/AKIAEXAMPLEZ00000000`;
    await recordAll(local, id, [
      draft('step.intended', { at: day(60), data: { sweepId: 'sweep-60' } }),
      draft('step.failed', { at: day(60), data: { intent: 1 } }),
    ]);
    await recordSweep(local, { sweepId: 'sweep-60', at: day(60), accountId: '222233334444' });
    const { timeline } = await explain(local, 'sweep-60', { now: day(61) });
    expect(timeline.map((entry) => entry.type)).toEqual(['step.intended', 'step.failed', 'sweep.finished']);
  });

  it.each([2, 3, 6])('event %i leads to what it is about', async (index) => {
    const event = events[index];
    const explanation = await explain(local, event?.id ?? '', { now: day(31) });
    expect(explanation.subject).toBe(flagged.id);
    expect(explanation.notes[0]).toContain(event?.id);
    await expect(explain(local, event?.id ?? '', { now: day(31), at: day(2) })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('a chain of the organisation: halts, leases, caps, activation', async () => {
    await appendTo(local, subjects.halts, draft('halt.placed'));
    const explanation = await explain(local, subjects.halts, { now: day(31) });
    expect(explanation).toMatchObject({ kind: 'chain', chainVerified: true });
    expect(explanation.summary).toContain('cy halted account 111122223333');
  });
});

describe('when the record is not intact', () => {
  it('a broken chain is explained up to the break, and said not to be verified', async () => {
    const broken = await localLedger();
    const [, second] = await recordAll(broken, flagged.id, [
      draft('finding.opened'),
      draft('owner.notified'),
    ]);
    if (second === undefined) throw new Error('two were recorded');
    await broken.tamper({ ...itemOf(second), event: { S: canonical({ ...second, reason: 'no' }) } });
    const explanation = await explain(broken, flagged.id, { now: day(1) });
    expect(explanation).toMatchObject({ chainVerified: false, timeline: [{ seq: 1 }] });
    expect(explanation.notes).toContainEqual(expect.stringContaining('ledger verify'));
    expect(renderExplanation(explanation).at(-1)).toContain('NOT VERIFIED');
    await broken.close();
  });

  it('an altered manifest is never used; the one before it is', async () => {
    const broken = await localLedger();
    await recordSweep(broken, { sweepId: 'sweep-a', lines: [line(kept)] });
    const newest = await recordSweep(broken, { sweepId: 'sweep-b', at: day(1), lines: [line(kept)] });
    await writeFile(join(broken.folder, 'evidence', manifestOf(newest)?.key ?? ''), 'x');
    const explanation = await explainCredential(broken, kept.id, { now: day(2) });
    expect(explanation).toMatchObject({ chainVerified: false, verdict: { sweepId: 'sweep-a' } });
    expect(explanation.notes[0]).toContain('sweep-b');
    await broken.close();
  });

  it('what was recorded under a slot before its id was read is part of the story', async () => {
    const other = await localLedger();
    await recordAll(other, slot, [draft('finding.opened')]);
    await recordAll(other, kept.id, [draft('finding.opened', { at: day(1), data: { alias: slot } })]);
    const explanation = await explain(other, kept.id, { now: day(2) });
    expect(explanation.timeline.map((entry) => entry.subject)).toEqual(
      [slot, kept.id].map(subjects.credential),
    );
    await other.close();
  });
});

describe('rendering', () => {
  it('is plain text that answers who, what, why and until when', async () => {
    const lines = renderExplanation(await explain(local, flagged.id, { now: day(31) }));
    const text = lines.join('\n');
    expect(text).not.toContain('\u001b');
    for (const part of [
      'As recorded up to 2026-11-15 09:00 UTC',
      'Verdict',
      'keep, judged 2026-11-14 09:00 UTC (1 day old) by sweep sweep-30',
      'What happened',
      'iam:UpdateAccessKey on arn:aws:iam::111122223333:user/ci/deployer: {"status":"Active"} becomes {"status":"Inactive"}',
      'approved by bo on 2026-10-30 09:00 UTC',
      'AWS request 4f1b2c3d-request',
      'restored hold-1 until 2026-12-04 09:00 UTC: it is needed for the audit',
      'Record: 7 events, verified; last hash',
    ]) {
      expect(text).toContain(part);
    }
    expect(lines[0]).toBe(flagged.id);
  });

  it('of a kept one shows each fact with source and age, and unknown ones as unknown', async () => {
    const lines = renderExplanation(await explain(local, kept.id, { now: day(16), at: day(16) }));
    expect(lines.find((each) => each.includes('lastUsedAt'))).toMatch(/credential report, 3 hours old$/);
    expect(lines.at(-1)).toContain('explained from the manifest');
  });
});
