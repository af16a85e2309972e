import { describe, expect, it } from 'vitest';
import type { CredentialHistory } from '../../lib/domain/history.ts';
import { DAY_MS, type Instant, plus } from '../../lib/domain/time.ts';
import { withinWindow } from '../../lib/policy/rotation-window.ts';
import { accessKey, daysAgo, fact, NOW, secret } from '../builders/credential.ts';
import {
  announcing,
  findings,
  history,
  hold,
  openFinding,
  openIntent,
  quarantine,
  rotation,
  told,
  unfinishedRotation,
} from '../builders/history.ts';
import { findingOf, heldCodes, judged, ruleData } from './policy-fixture.ts';

const tags = fact({ owner: 'ana' });
const inUse = accessKey({ facts: { lastUsedAt: fact(daysAgo(1)), tags } });
const rule = ruleData({
  match: { age: '90d', usedWithin: '45d' },
  steps: ['notify', { rotate: { wait: '7d' } }],
});
const AT_ONCE = { spreadOver: '0d' };

interface Given {
  readonly past?: Partial<CredentialHistory>;
  readonly rotation?: Record<string, unknown>;
  readonly rule?: Record<string, unknown>;
  readonly now?: Instant;
  readonly credential?: ReturnType<typeof accessKey>;
}

function nextOf({
  past = {},
  rotation: settings = AT_ONCE,
  rule: changed = {},
  now,
  credential = inUse,
}: Given) {
  const rules = [{ ...rule, ...changed, credential: credential.kind }];
  const given = {
    janitor: { rules, rotation: settings },
    history: history(past),
    ...(now === undefined ? {} : { now }),
  };
  const judgement = judged(given, credential);
  const finding = findingOf(judgement);
  const { step, due, tier, announces } = finding ?? {};
  return {
    step,
    due,
    tier,
    announces,
    held: heldCodes(finding),
    outcome: judgement.verdict.outcome,
    finding,
  };
}

const found = (...notices: ReturnType<typeof told>[]) => ({
  findings: findings(openFinding({ rule: 'unused', told: notices })),
});
const warned = found(announcing('rotate', 7, { at: daysAgo(10) }));

describe('rotating has a notice and a wait of its own, as disabling has', () => {
  it('first the owner is told, and of what', () => {
    expect(nextOf({})).toMatchObject({
      step: 'notify',
      announces: { step: 'rotate', notBefore: plus(NOW, 7 * DAY_MS) },
      outcome: 'act',
    });
  });

  it.each([
    ['the wait is over', announcing('rotate', 7, { at: daysAgo(10) }), 'rotate', daysAgo(3)],
    ['the wait is not over', announcing('rotate', 7, { at: daysAgo(1) }), 'rotate', plus(NOW, 6 * DAY_MS)],
    ['the notice was of something else', announcing('disable', 7, { at: daysAgo(10) }), 'notify', NOW],
    ['somebody else was told', announcing('rotate', 7, { at: daysAgo(10), recipient: 'ben' }), 'notify', NOW],
  ])('%s', (_what, notice, step, due) => {
    expect(nextOf({ past: found(notice) })).toMatchObject({ step, due });
  });

  it('it is guarded where the notice did not reach an owner', () => {
    const unowned = accessKey({ facts: { lastUsedAt: fact(daysAgo(1)) } });
    const past = found(announcing('rotate', 7, { at: daysAgo(10), recipient: 'security' }));
    expect(nextOf({ past, credential: unowned })).toMatchObject({ step: 'rotate', tier: 'guarded' });
  });

  it.each([
    ['a hold', { holds: [hold()] }, 'on-hold'],
    ['an act without outcome', { openIntent: openIntent() }, 'unreconciled'],
  ])('%s holds it', (_what, past, code) => {
    expect(nextOf({ past: { ...warned, ...past } }).held).toEqual([code]);
  });

  it('a rule that is overdue for review no longer rotates (G16)', () => {
    expect(nextOf({ past: warned, rule: { reviewedOn: '2025-01-01' } }).held).toEqual(['review-overdue']);
  });

  it('an AWS service rotates its own secrets', () => {
    const owned = secret({ facts: { tags, owningService: fact('rds') } });
    const changed = { match: { age: '90d' } };
    expect(nextOf({ past: warned, rule: changed, credential: owned }).held).toEqual(['service-owned']);
  });
});

describe('one rotation at a time, and never again what was replaced', () => {
  it.each([
    ['under way', { rotation: unfinishedRotation() }, undefined],
    ['finished', { rotation: rotation() }, undefined],
    ['out of use by our own doing', { quarantine: quarantine() }, undefined],
  ])('%s', (_what, past, step) => {
    expect(nextOf({ past: { ...warned, ...past } }).step).toBe(step);
  });

  it('a secret is rotated once in each finding', () => {
    const changed = { match: { age: '90d' } };
    const owned = secret({ facts: { tags } });
    const { accessKeyId: _none, ...ofSecret } = rotation({ at: daysAgo(5) });
    const opened = (days: number) => ({
      findings: findings(
        openFinding({ rule: 'unused', openedAt: daysAgo(days), told: warned.findings.unused?.told ?? [] }),
      ),
      rotation: ofSecret,
    });
    expect(nextOf({ past: opened(20), rule: changed, credential: owned }).step).toBeUndefined();
    expect(nextOf({ past: opened(4), rule: changed, credential: owned }).step).toBe('rotate');
  });

  it('while it is being rotated nothing else takes it away: the new one has to work first', () => {
    const idle = accessKey({ facts: { lastUsedAt: fact(daysAgo(100)), tags } });
    const changed = { match: { unusedFor: '45d' }, steps: ['notify', { disable: { wait: '7d' } }] };
    const past = found(announcing('disable', 7, { at: daysAgo(10) }));
    expect(nextOf({ past, rule: changed, credential: idle }).held).toEqual([]);
    const rotating = { ...past, rotation: unfinishedRotation() };
    expect(nextOf({ past: rotating, rule: changed, credential: idle }).held).toEqual(['rotating']);
    const over = { ...past, rotation: rotation() };
    expect(nextOf({ past: over, rule: changed, credential: idle }).held).toEqual([]);
  });
});

describe('what breaks or cannot begin is told once, and then tried again', () => {
  const failed = { rotation: unfinishedRotation({ state: 'failed', code: 'kms-denied', at: daysAgo(2) }) };
  const blocked = { blocked: { code: 'no-store', reason: 'tag the secret that holds it', at: daysAgo(2) } };

  it.each([
    ['failed', failed, /failed on .* \(kms-denied\); the value before it is still in force/],
    ['blocked', blocked, /cannot be rotated \(no-store\): tag the secret that holds it/],
  ])('%s: told, although it was warned of before', (_what, past, says) => {
    const next = nextOf({ past: { ...warned, ...past } });
    expect(next).toMatchObject({ step: 'notify', announces: undefined });
    expect(next.finding?.reasons.join('; ')).toMatch(says);
  });

  it.each([
    ['failed', failed],
    ['blocked', blocked],
  ])('%s: once told, it is due again', (_what, past) => {
    const both = found(announcing('rotate', 7, { at: daysAgo(10) }), told({ at: daysAgo(1) }));
    expect(nextOf({ past: { ...both, ...past } }).step).toBe('rotate');
  });

  it('a rotation that AWS never saw begins anew without a word', () => {
    const lost = { rotation: unfinishedRotation({ state: 'failed', code: 'not-started', at: daysAgo(2) }) };
    expect(nextOf({ past: { ...warned, ...lost } }).step).toBe('rotate');
  });
});

describe('order and pace', () => {
  it('what becomes due together is spread by its id, the same in every judgement', () => {
    const dues = Array.from({ length: 40 }, (_, index) => {
      const credential = accessKey({
        name: `AKIAEXAMPLESPREAD${String(index).padStart(3, '0')}`,
        facts: { tags },
      });
      const due = nextOf({ past: warned, rotation: { spreadOver: '7d' }, credential }).due ?? '';
      expect(nextOf({ past: warned, rotation: { spreadOver: '7d' }, credential }).due).toBe(due);
      return due;
    });
    expect(new Set(dues).size).toBeGreaterThan(35);
    expect(dues.every((due) => due >= daysAgo(3) && due <= plus(NOW, 4 * DAY_MS))).toBe(true);
    expect(dues.some((due) => due < NOW) && dues.some((due) => due > NOW)).toBe(true);
  });

  const window = { from: '09:00', to: '16:00', timezone: 'Europe/Berlin' };

  it('it waits for the window of the policy, and a window in the step wins', () => {
    const evening = '2026-10-15T18:00:00.000Z';
    const past = found(announcing('rotate', 7, { at: daysAgo(10) }));
    const ofPolicy = { past, rotation: { ...AT_ONCE, window }, now: evening };
    const fresh = accessKey({
      facts: { lastUsedAt: fact(daysAgo(1)), tags: fact({ owner: 'ana' }, evening) },
    });
    expect(nextOf({ ...ofPolicy, credential: fresh }).due).toBe('2026-10-16T07:00:00.000Z');
    const own = { from: '19:00', to: '21:00', timezone: 'Europe/Berlin' };
    const steps = ['notify', { rotate: { wait: '7d', window: own } }];
    expect(nextOf({ ...ofPolicy, rule: { steps }, credential: fresh }).due).toBe(daysAgo(3));
  });

  const week = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
  const office = { days: [...week], ...window };
  const night = { days: [...week], from: '22:00', to: '04:00', timezone: 'UTC' };

  it.each([
    ['inside the window', office, '2026-10-15T09:00:00.000Z', '2026-10-15T09:00:00.000Z'],
    ['before it opens', office, '2026-10-15T05:00:00.000Z', '2026-10-15T07:00:00.000Z'],
    ['the very moment it opens', office, '2026-10-15T07:00:00.000Z', '2026-10-15T07:00:00.000Z'],
    ['the very moment it closes', office, '2026-10-15T14:00:00.000Z', '2026-10-16T07:00:00.000Z'],
    ['on Friday evening', office, '2026-10-16T18:00:00.000Z', '2026-10-19T07:00:00.000Z'],
    ['over the end of summer time', office, '2026-10-24T12:00:00.000Z', '2026-10-26T08:00:00.000Z'],
    ['over the begin of summer time', office, '2027-03-27T12:00:00.000Z', '2027-03-29T07:00:00.000Z'],
    [
      'in the night of a window that began yesterday',
      night,
      '2026-10-16T03:00:00.000Z',
      '2026-10-16T03:00:00.000Z',
    ],
    [
      'on Saturday morning, Friday being its day',
      night,
      '2026-10-17T03:00:00.000Z',
      '2026-10-17T03:00:00.000Z',
    ],
    ['on Saturday evening', night, '2026-10-17T23:00:00.000Z', '2026-10-19T22:00:00.000Z'],
    [
      'on the only day of the week, after it closed',
      { ...night, days: ['fri' as const], to: '23:00' },
      '2026-10-16T23:30:00.000Z',
      '2026-10-23T22:00:00.000Z',
    ],
  ])('%s', (_what, hours, at, opens) => {
    expect(withinWindow(hours, at, at)).toBe(opens);
  });

  it('what became due earlier keeps its place while the window is open', () => {
    expect(withinWindow(office, daysAgo(3), NOW)).toBe(daysAgo(3));
  });
});
