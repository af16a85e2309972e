import { describe, expect, it } from 'vitest';
import type { EventDraft } from '../../lib/domain/event.ts';
import { foldCredential, historySchema } from '../../lib/domain/history.ts';
import { holdForbids, holdSchema, holdsAt } from '../../lib/domain/hold.ts';
import { STEP_KINDS } from '../../lib/domain/step.ts';
import { HOUR_MS, plus } from '../../lib/domain/time.ts';
import { NOW } from '../builders/credential.ts';
import { chainOf, draft, event, KEY_ID } from '../builders/event.ts';
import { history, hold } from '../builders/history.ts';

const UNUSED = 'access-key-unused';
const OLD = 'access-key-old';
const BY_A_PERSON = undefined;

function fold(...drafts: readonly EventDraft[]) {
  return foldCredential(chainOf(`credential#${KEY_ID}`, drafts));
}

function placed(data: object, expiresAt = plus(NOW, 100 * HOUR_MS)): EventDraft {
  return draft('hold.placed', { expiresAt, data });
}

describe('what a hold forbids', () => {
  const telling = ['notify', 'rotate', 'disable', 'delete'] as const;
  it.each([
    [
      'names nothing: of every rule everything but tags',
      {},
      { [UNUSED]: telling, [OLD]: telling, person: telling },
    ],
    [
      'names a rule: that one, and silences no other (G13)',
      { rules: [UNUSED] },
      { [UNUSED]: telling, [OLD]: [], person: [] },
    ],
    [
      'names rules and steps: those steps of those rules',
      { rules: [UNUSED, OLD], steps: ['tag', 'delete'] },
      { [UNUSED]: ['tag', 'delete'], [OLD]: ['tag', 'delete'], person: [] },
    ],
    [
      'names steps: those of every rule, and as people ask for them',
      { steps: ['delete'] },
      { [UNUSED]: ['delete'], [OLD]: ['delete'], person: ['delete'] },
    ],
  ] as const)('%s', (_what, scope, expected) => {
    const { rules, steps } = { rules: undefined, steps: undefined, ...scope };
    const named = hold({ rules: rules === undefined ? rules : [...rules], steps: steps && [...steps] });
    const forbidden = (rule: string | undefined) =>
      STEP_KINDS.filter((step) => holdForbids(named, rule, step)).sort();
    expect({ [UNUSED]: forbidden(UNUSED), [OLD]: forbidden(OLD), person: forbidden(BY_A_PERSON) }).toEqual(
      Object.fromEntries(Object.entries(expected).map(([who, list]) => [who, [...list].sort()])),
    );
  });
});

describe('what the chain says of a hold', () => {
  const ref = { kind: 'exception', id: 'request-0001' } as const;

  it('its rules, steps and what it was placed for', () => {
    const scope = { kind: 'exception', rules: [UNUSED], steps: ['delete'], ref } as const;
    expect(fold(placed(scope)).holds).toEqual([
      { holdId: 'hold-1', reason: 'it is needed for the audit', until: plus(NOW, 100 * HOUR_MS), ...scope },
    ]);
  });

  it('I19: one without the fields is what it always was, on chains and in what was stored of them', () => {
    const whole = fold(placed({}));
    expect(whole.holds).toEqual([
      {
        holdId: 'hold-1',
        kind: 'manual',
        reason: 'it is needed for the audit',
        until: plus(NOW, 100 * HOUR_MS),
      },
    ]);
    expect(historySchema.parse(whole)).toEqual(whole);
  });

  it.each([
    ['no rule at all', { rules: [] }],
    ['no step at all', { steps: [] }],
    ['a step that is none', { steps: ['explode'] }],
    ['what it is for, of a kind that is none', { ref: { kind: 'plan', id: '1' } }],
    ['a field that is none', { scope: 'everything' }],
  ])('names %s: it is refused', (_what, fields) => {
    expect(holdSchema.safeParse({ ...hold(), ...fields }).success).toBe(false);
  });

  it('is read by anybody: the event says the same as the history', () => {
    expect(event('hold.placed', { data: { rules: [UNUSED], ref } }).data).toEqual({
      holdId: 'hold-1',
      kind: 'manual',
      rules: [UNUSED],
      ref,
    });
  });
});

describe('a challenge holds the steps of one finding', () => {
  const challenge = { kind: 'challenge', ref: { kind: 'challenge', id: 'c-1' } } as const;
  const mine = placed({ ...challenge, holdId: 'hold/2', rules: [UNUSED] });
  const manual = placed({ holdId: 'hold/3', rules: [UNUSED] });
  const exempt = placed({
    holdId: 'hold/4',
    kind: 'exception',
    rules: [UNUSED],
    ref: { kind: 'exception', id: 'e-1' },
  });

  it('and ends with it; what others placed on the rule stays', () => {
    const chain = [draft('finding.opened'), mine, manual, exempt];
    expect(holdsAt(fold(...chain), NOW).map(({ holdId }) => holdId)).toEqual(['hold/2', 'hold/3', 'hold/4']);
    const after = fold(...chain, draft('finding.closed'));
    expect(holdsAt(after, NOW).map(({ holdId }) => holdId)).toEqual(['hold/3', 'hold/4']);
  });

  it('and not with the finding of another rule', () => {
    const other = draft('finding.closed', { rule: OLD });
    expect(fold(draft('finding.opened'), mine, other).holds).toHaveLength(1);
  });

  it('I12: placed again under its id, it does not last longer', () => {
    const longer = placed({ ...challenge, holdId: 'hold/2', rules: [UNUSED] }, plus(NOW, 999 * HOUR_MS));
    expect(fold(mine, longer).holds.map(({ until }) => until)).toEqual([plus(NOW, 100 * HOUR_MS)]);
    expect(holdsAt(history({ holds: fold(mine).holds }), plus(NOW, 100 * HOUR_MS))).toEqual([]);
  });
});
