import { describe, expect, it } from 'vitest';
import type { CredentialHistory } from '../../lib/domain/history.ts';
import { DAY_MS, type Instant, plus } from '../../lib/domain/time.ts';
import { plannedStep } from '../../lib/policy/planned-step.ts';
import { accessKey, daysAgo, fact, NOW, secret } from '../builders/credential.ts';
import {
  announcing,
  disableScope,
  findings,
  history,
  openFinding,
  quarantine,
  told,
} from '../builders/history.ts';
import { findingOf, heldCodes, judged, policyOf, ruleData } from './policy-fixture.ts';

const tags = fact({ owner: 'ana' });
const idle = accessKey({ facts: { lastUsedAt: fact(daysAgo(100)), tags } });
const disabled = accessKey({ facts: { status: fact('inactive'), lastUsedAt: fact(daysAgo(100)), tags } });
const inDays = (days: number): Instant => plus(NOW, days * DAY_MS);

function nextOf(past: CredentialHistory, credential = idle, rule: Record<string, unknown> = {}) {
  const judgement = judged({ janitor: { rules: [ruleData(rule)] }, history: past }, credential);
  const { step, due, tier, announces } = findingOf(judgement) ?? {};
  return { step, due, tier, announces, outcome: judgement.verdict.outcome };
}

const found = (...notices: ReturnType<typeof told>[]) => ({
  findings: findings(openFinding({ rule: 'unused', openedAt: daysAgo(20), told: notices })),
});

describe('the first steps: nothing is disabled before its own accepted notice and the wait (I3)', () => {
  it('on the day it is found the owner is told, and of what', () => {
    expect(nextOf(history())).toEqual({
      step: 'notify',
      due: NOW,
      tier: 'routine',
      announces: { step: 'disable', notBefore: inDays(14) },
      outcome: 'act',
    });
  });

  it('the promise counts from now, even for a finding opened long ago', () => {
    expect(nextOf(history(found())).announces).toEqual({ step: 'disable', notBefore: inDays(14) });
  });

  it.each([
    ['a notice of 14 days ago', announcing('disable', 14, { at: daysAgo(14) }), 'disable', NOW],
    [
      'a notice of 20 days ago: since six days',
      announcing('disable', 14, { at: daysAgo(20) }),
      'disable',
      daysAgo(6),
    ],
    ['a notice of yesterday', announcing('disable', 14, { at: daysAgo(1) }), 'disable', inDays(13)],
    [
      'a notice that promised more time than the rule waits',
      announcing('disable', 30, { at: daysAgo(20) }),
      'disable',
      inDays(10),
    ],
    ['a notice that promised less', announcing('disable', 1, { at: daysAgo(2) }), 'disable', inDays(12)],
    ['a notice of something else', announcing('delete', 14, { at: daysAgo(20) }), 'notify', NOW],
    ['a notice that announced nothing', told({ at: daysAgo(20) }), 'notify', NOW],
    ['a notice to somebody else', announcing('disable', 14, { recipient: 'ben' }), 'notify', NOW],
  ])('%s', (_what, notice, step, due) => {
    expect(nextOf(history(found(notice)))).toMatchObject({ step, due });
  });

  it('a notice older than the finding does not shorten its wait', () => {
    const late = openFinding({
      rule: 'unused',
      openedAt: daysAgo(1),
      told: [announcing('disable', 14, { at: daysAgo(20) })],
    });
    expect(nextOf(history({ findings: findings(late) }))).toMatchObject({ step: 'disable', due: inDays(13) });
  });

  it('of several notices the one that allows it first counts', () => {
    const past = history(
      found(announcing('disable', 14, { at: daysAgo(3) }), announcing('disable', 14, { at: daysAgo(15) })),
    );
    expect(nextOf(past)).toMatchObject({ step: 'disable', due: daysAgo(1) });
  });

  it('a missed run shifts the warning, it never drops it: the notice does not hang on one day', () => {
    for (const openedAt of [daysAgo(0), daysAgo(14), daysAgo(15), daysAgo(400)]) {
      const past = history({ findings: findings(openFinding({ rule: 'unused', openedAt })) });
      expect(nextOf(past)).toMatchObject({
        step: 'notify',
        announces: { step: 'disable', notBefore: inDays(14) },
      });
    }
  });

  it('a notice belongs to its own rule: two findings are two warnings', () => {
    const past = history({
      findings: findings(openFinding({ rule: 'another', told: [announcing('disable', 14)] })),
    });
    expect(nextOf(past)).toMatchObject({ step: 'notify' });
  });
});

describe('the deletion: only after a quarantine, its age and a notice since (I4)', () => {
  const quarantined = (sinceDays: number, ...notices: ReturnType<typeof told>[]) =>
    history({ ...found(...notices), quarantine: quarantine({ since: daysAgo(sinceDays), rule: 'unused' }) });

  it('right after the quarantine the owner is told of the deletion', () => {
    expect(nextOf(quarantined(0), disabled)).toMatchObject({
      step: 'notify',
      announces: { step: 'delete', notBefore: inDays(30) },
    });
  });

  it.each([
    ['told at once, 30 days ago', 30, 30, 'delete', NOW],
    ['told late', 60, 10, 'delete', inDays(20)],
    ['told before the quarantine: does not count', 10, 11, 'notify', NOW],
    ['told at the very moment of it: counts', 31, 31, 'delete', daysAgo(1)],
  ])('%s', (_what, since, at, step, due) => {
    const past = quarantined(since, announcing('delete', 30, { at: daysAgo(at) }));
    expect(nextOf(past, disabled)).toMatchObject({ step, due });
  });

  it('it is guarded by itself, critical where the rule says so', () => {
    const past = quarantined(40, announcing('delete', 30, { at: daysAgo(40) }));
    const steps = ['notify', { disable: { wait: '14d' } }, { delete: { wait: '30d', tier: 'critical' } }];
    expect(nextOf(past, disabled).tier).toBe('guarded');
    expect(nextOf(past, disabled, { steps }).tier).toBe('critical');
  });

  it('a deletion waits three days even where a rule that no check saw says less', () => {
    const { rotation } = policyOf().document;
    expect(plannedStep({ delete: { wait: '1h', tier: 'guarded' } }, rotation).waitMs).toBe(3 * DAY_MS);
    expect(plannedStep({ delete: { wait: '4d', tier: 'guarded' } }, rotation).waitMs).toBe(4 * DAY_MS);
  });

  it('never sooner than three days after the quarantine began, whatever was promised', () => {
    const steps = ['notify', { disable: { wait: '1d' } }, { delete: { wait: '3d' } }];
    const hasty = announcing('delete', 0, { at: daysAgo(1) });
    expect(nextOf(quarantined(1, hasty), disabled, { steps })).toMatchObject({
      step: 'delete',
      due: inDays(2),
    });
  });

  it('the quarantine of another rule serves as well', () => {
    const past = history({ ...found(), quarantine: quarantine({ since: daysAgo(5), rule: 'another' }) });
    expect(nextOf(past, disabled)).toMatchObject({
      step: 'notify',
      announces: { step: 'delete', notBefore: inDays(30) },
    });
  });

  it('once deleted there is nothing left to do', () => {
    const past = history({
      ...found(),
      quarantine: quarantine({ rule: 'unused' }),
      deleted: { at: daysAgo(1), scope: disableScope() },
    });
    expect(nextOf(past, disabled)).toMatchObject({ step: undefined, outcome: 'keep' });
  });

  it('without a quarantine there is no deletion, however inactive the key is', () => {
    const past = history(found(announcing('delete', 30, { at: daysAgo(90) })));
    const leftover = { match: { status: 'inactive' } };
    expect(nextOf(past, disabled, leftover)).toMatchObject({
      step: 'notify',
      announces: { step: 'disable' },
    });
  });
});

describe('our own quarantine does not hide why it was made', () => {
  const past = history({ ...found(), quarantine: quarantine({ since: daysAgo(5), rule: 'unused' }) });
  const activeAsOf = (asOf: Instant) =>
    accessKey({ facts: { status: fact('active', asOf), lastUsedAt: fact(daysAgo(100)), tags } });

  it('the rule for active keys goes on matching the key we disabled', () => {
    expect(nextOf(past, disabled).step).toBe('notify');
  });

  it('a key that was inactive before stays a leftover', () => {
    const before = quarantine({ since: daysAgo(5), scope: disableScope({ before: { status: 'Inactive' } }) });
    const leftover = { match: { status: 'inactive' } };
    expect(nextOf(history({ ...found(), quarantine: before }), disabled, leftover).step).toBe('notify');
    expect(nextOf(history({ ...found(), quarantine: before }), disabled).outcome).toBe('keep');
  });

  it('a quarantine that did not record the status before makes it unknown', () => {
    const before = quarantine({ scope: disableScope({ before: {} }) });
    expect(nextOf(history({ ...found(), quarantine: before }), disabled).outcome).toBe('unknown');
  });

  it('a key made active again is left alone, and says so even when all steps are done', () => {
    const judgement = judged({ history: past }, activeAsOf(daysAgo(1)));
    expect(heldCodes(findingOf(judgement))).toContain('quarantine-undone');
    const gentle = judged(
      { janitor: { rules: [ruleData({ steps: ['notify', { disable: { wait: '14d' } }] })] }, history: past },
      activeAsOf(daysAgo(1)),
    );
    expect(heldCodes(findingOf(gentle))).toEqual(['quarantine-undone']);
    expect(gentle.verdict).toMatchObject({ outcome: 'hold', rule: 'unused' });
  });

  it('a report from before the quarantine does not speak of it', () => {
    const fresh = history({ ...found(), quarantine: quarantine({ since: daysAgo(0.1), rule: 'unused' }) });
    expect(heldCodes(findingOf(judged({ history: fresh }, activeAsOf(daysAgo(0.2)))))).toEqual([]);
  });

  it('a secret that somebody else deleted no longer matches; one that we deleted still does', () => {
    const rule = { credential: 'secret', match: { status: 'active', unusedFor: '45d' } };
    const gone = secret({
      facts: { status: fact('pending-deletion'), lastUsedAt: fact(daysAgo(100)), tags },
    });
    expect(findingOf(judged({ janitor: { rules: [ruleData(rule)] }, history: past }, gone))).toBeUndefined();
    const ours = history({ ...past, deleted: { at: daysAgo(1), scope: disableScope() } });
    expect(
      findingOf(judged({ janitor: { rules: [ruleData(rule)] }, history: ours }, gone))?.step,
    ).toBeUndefined();
    expect(findingOf(judged({ janitor: { rules: [ruleData(rule)] }, history: ours }, gone))?.matches).toBe(
      'yes',
    );
  });
});

describe('notices without threat, and tags', () => {
  const gentle = { steps: ['notify'] };

  it('is told once to the owner, and again when the owner is another', () => {
    expect(nextOf(history(), idle, gentle)).toMatchObject({ step: 'notify', announces: undefined });
    expect(nextOf(history(found(told())), idle, gentle)).toMatchObject({ step: undefined, outcome: 'keep' });
    expect(nextOf(history(found(told({ recipient: 'ben' }))), idle, gentle)).toMatchObject({
      step: 'notify',
    });
  });

  it('tags first where the rule says so, then goes on', () => {
    const rule = { steps: ['tag', 'notify', { disable: { wait: '14d' } }] };
    expect(nextOf(history(), idle, rule)).toMatchObject({ step: 'tag', due: NOW, tier: 'routine' });
    const labelled = accessKey({
      facts: {
        lastUsedAt: fact(daysAgo(100)),
        tags: fact({ owner: 'ana', 'janitor:AKIAEXAMPLEDEPLOYER0': 'owner=ana expires=2026-06-27' }),
      },
    });
    expect(nextOf(history(), labelled, rule)).toMatchObject({ step: 'notify' });
  });

  it('a routine step becomes guarded when the notice went to no resolved owner', () => {
    const orphan = accessKey({ facts: { lastUsedAt: fact(daysAgo(100)) } });
    const toDefault = history(found(announcing('disable', 14, { recipient: 'security' })));
    expect(nextOf(toDefault, orphan)).toMatchObject({ step: 'disable', tier: 'guarded' });
    const bounced = history({
      ...found(announcing('disable', 14, { recipient: 'security' })),
      bounced: ['ana'],
    });
    expect(nextOf(bounced)).toMatchObject({ step: 'disable', tier: 'guarded' });
    expect(nextOf(history(found(announcing('disable', 14))))).toMatchObject({
      step: 'disable',
      tier: 'routine',
    });
  });

  it('the owner of the account alone is a default: its steps are guarded', () => {
    const directory = { accounts: [{ id: '111122223333', name: 'one', owner: 'ana' }] };
    const orphan = accessKey({ facts: { lastUsedAt: fact(daysAgo(100)) } });
    const judgement = judged({ directory, history: history(found(announcing('disable', 14))) }, orphan);
    expect(judgement).toMatchObject({ recipient: 'ana', owner: { id: 'ana', source: 'default' } });
    expect(findingOf(judgement)?.tier).toBe('guarded');
  });
});
