import { describe, expect, it } from 'vitest';
import type { EventDraft } from '../../lib/domain/event.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { explain, renderExplanation } from '../../lib/ledger/index.ts';
import { accessKey, NOW } from '../builders/credential.ts';
import { draft } from '../builders/event.ts';
import { localLedger } from './local-ledger.ts';
import { judgement, line, recordAll, recordSweep } from './recorded-sweep.ts';

const RULE = 'access-key-unused';
const flagged = accessKey();
const day = (days: number) => plus(NOW, days * DAY_MS);
const verdict = {
  outcome: 'act',
  rule: RULE,
  step: 'disable',
  due: day(14),
  reasons: ['It is idle.'],
} as const;

/** Day 0: told that it is to be disabled on day 14. Day 1: what is given. Explained on day 2. */
async function explained(...drafts: readonly EventDraft[]) {
  const local = await localLedger();
  try {
    const announces = { step: 'disable', notBefore: day(14) } as const;
    await recordAll(local, flagged.id, [
      draft('finding.opened'),
      draft('owner.notified', { data: { announces } }),
    ]);
    const lines = [
      line(flagged, { judgement: judgement({ verdict: { ...verdict, reasons: ['It is idle.'] } }) }),
    ];
    await recordSweep(local, { sweepId: 'sweep-0', at: day(0), lines });
    await recordAll(local, flagged.id, drafts);
    return await explain(local, flagged.id, { now: day(2) });
  } finally {
    await local.close();
  }
}

function placed(data: object): EventDraft {
  return draft('hold.placed', { at: day(1), expiresAt: day(90), data });
}

describe('G5: what a hold on rules and steps keeps from happening, and what goes on', () => {
  const exception = {
    kind: 'exception',
    rules: [RULE],
    ref: { kind: 'exception', id: 'request-0001' },
  } as const;

  it('an exception: nothing of its rule happens, and its line names what it is for', async () => {
    const explanation = await explained(placed(exception));
    expect(explanation.next).toBe(
      `Nothing while what holds it lasts; each sweep judges it again. Until 2027-01-13 09:00 UTC rule ${RULE} may not tell its owner, rotate it, disable it or delete it: exception hold hold-1.`,
    );
    expect(renderExplanation(explanation)).toContain(
      `  exception hold-1 for exception request-0001 until 2027-01-13 09:00 UTC: it is needed for the audit (rule ${RULE} may not tell its owner, rotate it, disable it or delete it)`,
    );
  });

  it('an exception from another rule: this one goes on as announced', async () => {
    const { next } = await explained(placed({ ...exception, rules: ['access-key-old'] }));
    expect(next).toBe(
      'With every guard still agreeing, it is disabled from 2026-10-29 09:00 UTC on, as announced. Until 2027-01-13 09:00 UTC rule access-key-old may not tell its owner, rotate it, disable it or delete it: exception hold hold-1.',
    );
  });

  it('what is left of an undecided challenge: it is disabled as announced, and not deleted', async () => {
    const { next } = await explained(placed({ kind: 'challenge', rules: [RULE], steps: ['delete'] }));
    expect(next).toContain('it is disabled from 2026-10-29 09:00 UTC on, as announced. Until');
    expect(next).toContain(`rule ${RULE} may not delete it`);
  });

  it('a hold on everything is said as before', async () => {
    const explanation = await explained(placed({}));
    expect(explanation.next).toBe('Nothing destructive before 2027-01-13 09:00 UTC: manual hold hold-1.');
    expect(renderExplanation(explanation)).toContain(
      '  manual hold-1 until 2027-01-13 09:00 UTC: it is needed for the audit',
    );
  });
});
