import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonical } from '../../lib/domain/canonical.ts';
import type { LedgerEvent } from '../../lib/domain/event.ts';
import { subjects } from '../../lib/domain/subject.ts';
import { explain, explainCredential, manifestOf, renderExplanation } from '../../lib/ledger/index.ts';
import { itemOf } from '../../lib/ledger/stored-event.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { draft } from '../builders/event.ts';
import { type LocalLedger, localLedger } from './local-ledger.ts';
import { appendTo, line, recordAll, recordSweep } from './recorded-sweep.ts';
import { day, flagged, kept, noticeId, planId, slot, toldLedger } from './told-ledger.ts';

let local: LocalLedger;
let events: readonly LedgerEvent[];

beforeAll(async () => {
  ({ local, events } = await toldLedger());
});
afterAll(() => local.close());

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
