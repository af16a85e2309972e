import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CredentialHistory } from '../../lib/domain/history.ts';
import { HOLD_KINDS, type Hold } from '../../lib/domain/hold.ts';
import { STEP_KINDS, type StepKind } from '../../lib/domain/step.ts';
import { HOUR_MS, plus } from '../../lib/domain/time.ts';
import type { Finding } from '../../lib/domain/verdict.ts';
import { compileHolds, compilePolicy } from '../../lib/policy/index.ts';
import { accessKey, daysAgo, fact, NOW } from '../builders/credential.ts';
import { announcing, findings, history, hold, openFinding, quarantine } from '../builders/history.ts';
import { histories, readings } from './arbitraries.ts';
import { findingOf, judged, policyOf, ruleData } from './policy-fixture.ts';

const key = (facts = {}) =>
  accessKey({ facts: { lastUsedAt: fact(daysAgo(100)), tags: fact({ owner: 'ana' }), ...facts } });

/** Under two rules: told of everything long ago, so that disabling is due, or deleting once it is quarantined. */
function due(holds: readonly Hold[], past: Partial<CredentialHistory> = {}, rule = {}) {
  const told = ['disable', 'delete'].flatMap((step) => [
    announcing(step === 'disable' ? 'disable' : 'delete', 1, { at: daysAgo(40) }),
  ]);
  const rules = [ruleData(rule), ruleData({ id: 'other', ...rule })];
  const open = ['unused', 'other'].map((id) => openFinding({ rule: id, told }));
  const judgement = judged(
    { janitor: { rules }, history: history({ findings: findings(...open), holds: [...holds], ...past }) },
    key(past.quarantine === undefined ? {} : { status: fact('inactive') }),
  );
  const said = (each: Finding | undefined) => ({
    step: each?.step,
    held: each?.held.map(({ reason }) => reason),
  });
  return {
    verdict: judgement.verdict,
    unused: said(findingOf(judgement)),
    other: said(findingOf(judgement, 'other')),
  };
}

describe('a hold that names rules and steps', () => {
  const exception = hold({
    kind: 'exception',
    rules: ['unused'],
    ref: { kind: 'exception', id: 'request-0001' },
  });

  it('G13: an exception from one rule does not silence another, which acts', () => {
    const { verdict, unused, other } = due([exception]);
    expect(unused).toEqual({
      step: 'disable',
      held: ['exception hold until 2026-10-25 09:00Z (exception request-0001): asked by its owner'],
    });
    expect(other).toEqual({ step: 'disable', held: [] });
    expect(verdict).toMatchObject({ outcome: 'act', rule: 'other', step: 'disable' });
  });

  it('an exception holds the telling too: nobody is warned of what does not come', () => {
    const { unused } = due([exception], { findings: {} });
    expect(unused).toMatchObject({ step: 'notify', held: [expect.stringContaining('exception hold')] });
  });

  const paused = hold({
    kind: 'challenge',
    rules: ['unused'],
    steps: ['tag', 'rotate', 'disable', 'delete'],
  });
  it('I21: a challenge holds the step and lets its owner be told', () => {
    expect(due([paused]).unused.held).toEqual([
      'challenge hold on tag, rotate, disable, delete until 2026-10-25 09:00Z: asked by its owner',
    ]);
    expect(due([paused], { findings: {} }).unused).toEqual({ step: 'notify', held: [] });
  });

  it('I18: what is left of an undecided challenge lets it be disabled and never deleted', () => {
    const never = hold({ kind: 'challenge', rules: ['unused'], steps: ['delete'] });
    expect(due([never]).unused).toEqual({ step: 'disable', held: [] });
    const gone = due([never], { quarantine: quarantine({ since: daysAgo(60) }) });
    expect(gone.unused.step).toBe('delete');
    expect(gone.unused.held).toEqual([expect.stringContaining('challenge hold on delete')]);
    expect(gone.other).toEqual({ step: 'delete', held: [] });
  });

  it('an override of tagging holds tagging, which no other hold does', () => {
    const override = hold({ kind: 'override', rules: ['unused'], steps: ['tag'] });
    const steps = { steps: ['tag'], match: { age: '1d' } };
    expect(due([override], {}, steps)).toMatchObject({
      unused: { step: 'tag', held: [expect.stringContaining('override hold on tag')] },
      other: { step: 'tag', held: [] },
    });
    expect(due([hold()], {}, steps).unused).toEqual({ step: 'tag', held: [] });
  });

  it('I12: one that has ended holds nothing', () => {
    expect(due([{ ...exception, until: NOW }]).unused.held).toEqual([]);
  });

  it('what a person asks for is held by what names no rule, and by nothing else', () => {
    const holds = compileHolds(policyOf());
    const asked = (...placed: readonly Hold[]) =>
      holds({ credential: key(), history: history({ holds: [...placed] }), now: NOW }, 'rotate');
    expect(asked(exception, paused)).toEqual([]);
    expect(asked(exception, hold({ steps: ['rotate'] }))).toMatchObject([{ code: 'on-hold' }]);
    expect(asked(exception, hold({ steps: ['delete'] }))).toEqual([]);
  });
});

describe('whatever holds there are', () => {
  const RULES = ['idle', 'other', 'tagged', 'turned'];
  const rules = [
    ruleData({ id: 'idle' }),
    ruleData({ id: 'other', match: { age: '30d' } }),
    ruleData({ id: 'tagged', match: { labelled: false }, steps: ['tag'] }),
    ruleData({ id: 'turned', match: { age: '1d' }, steps: ['notify', { rotate: { wait: '5d' } }] }),
    ruleData({ id: 'secret-idle', credential: 'secret', match: { unusedFor: '30d' } }),
  ];
  const judge = compilePolicy(policyOf({ rules }));
  const someHolds = fc.array(
    fc.record(
      {
        holdId: fc.constantFrom('hold/1', 'hold/2', 'hold/3'),
        kind: fc.constantFrom(...HOLD_KINDS),
        reason: fc.constant('asked for'),
        until: fc.integer({ min: -2, max: 2 }).map((hours) => plus(NOW, hours * HOUR_MS)),
        rules: fc.subarray([...RULES, 'secret-idle', 'gone'], { minLength: 1 }),
        steps: fc.subarray([...STEP_KINDS], { minLength: 1 }),
      },
      { requiredKeys: ['holdId', 'kind', 'reason', 'until'] },
    ),
    { maxLength: 4 },
  );

  /** What is written in the guide, word for word. */
  function isNamed({ until, rules: of, steps }: Hold, rule: string, step: StepKind): boolean {
    if (until <= NOW) return false;
    if (of !== undefined && !of.includes(rule)) return false;
    return steps === undefined ? step !== 'tag' : steps.includes(step);
  }

  it('G13, G14: the held step of a rule never acts, and one that is not named is never held', () => {
    const seen = { held: 0, free: 0 };
    fc.assert(
      fc.property(readings, histories(RULES), someHolds, ({ read }, past, holds) => {
        const judgement = judge({ credential: read, history: { ...past, holds }, now: NOW });
        const without = judge({ credential: read, history: { ...past, holds: [] }, now: NOW });
        for (const { rule, step, held } of judgement.findings) {
          const isHeld = held.some(({ code }) => code === 'on-hold');
          const named = step !== undefined && holds.some((each) => isNamed(each, rule, step));
          expect({ rule, step, isHeld }).toEqual({ rule, step, isHeld: named });
          expect(findingOf(without, rule)?.held).toEqual(held.filter(({ code }) => code !== 'on-hold'));
          seen[named ? 'held' : 'free'] += 1;
        }
        const { outcome, rule, step } = judgement.verdict;
        if (outcome !== 'act' || rule === undefined || step === undefined) return;
        expect(holds.some((each) => isNamed(each, rule, step))).toBe(false);
      }),
      { numRuns: 400 },
    );
    expect(Math.min(seen.held, seen.free)).toBeGreaterThan(50);
  });
});
