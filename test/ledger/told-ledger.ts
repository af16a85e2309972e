import { accessKeySlotId } from '../../lib/domain/credential.ts';
import type { LedgerEvent } from '../../lib/domain/event.ts';
import { subjects } from '../../lib/domain/subject.ts';
import { DAY_MS, type Instant, plus } from '../../lib/domain/time.ts';
import { ACCOUNT, accessKey, fact, NOW, secret, userPrincipal } from '../builders/credential.ts';
import { draft, person } from '../builders/event.ts';
import { type LocalLedger, localLedger } from './local-ledger.ts';
import { appendTo, judgement, line, recordAll, recordSweep } from './recorded-sweep.ts';

/** `days` after NOW. */
export function day(days: number): Instant {
  return plus(NOW, days * DAY_MS);
}

export const flagged = accessKey();
export const kept = accessKey({
  principal: userPrincipal({ userName: 'busy' }),
  name: 'AKIAEXAMPLEBUSY00000',
});
export const db = secret();
export const elsewhere = secret({ region: 'us-east-1' });
export const slot = accessKeySlotId(kept.principal?.arn ?? '', 1);
export const planId = `plan/${ACCOUNT}/1`;
export const noticeId = `notice/${ACCOUNT}/1`;

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

export interface ToldLedger {
  readonly local: LocalLedger;
  /** The chain of the flagged key. */
  readonly events: readonly LedgerEvent[];
}

/**
 * Day 0: swept, the key is flagged and its owner told. Day 15: disabled under an approved plan. Day 16: swept.
 * Day 20: restored with a hold until day 50. Day 30: swept.
 */
export async function toldLedger(): Promise<ToldLedger> {
  const local = await localLedger();
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
  return { local, events: [...early, ...acted, ...restored] };
}
