import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../lib/domain/canonical.ts';
import type { EventDraft } from '../../lib/domain/event.ts';
import { applyEvent, EMPTY_HISTORY, foldCredential, historySchema } from '../../lib/domain/history.ts';
import { holdsAt } from '../../lib/domain/hold.ts';
import { DAY_MS, HOUR_MS, type Instant, plus } from '../../lib/domain/time.ts';
import { NOW } from '../builders/credential.ts';
import { chainOf, draft, KEY_ID, person } from '../builders/event.ts';
import { disableScope } from '../builders/history.ts';
import { arbitraryDrafts } from './arbitrary-chain.ts';

const SUBJECT = `credential#${KEY_ID}`;
const RULE = 'access-key-unused';

/** Folds drafts as the chain they would be. */
function fold(...drafts: readonly EventDraft[]) {
  return foldCredential(chainOf(SUBJECT, drafts));
}

function later(hours: number): Instant {
  return plus(NOW, hours * HOUR_MS);
}

describe('who made it', () => {
  it('the first record counts, wherever it stands on the chain, and changes nothing else', () => {
    const before = fold(draft('finding.opened'));
    const born = draft('credential.born', { data: { creator: person('ana') } });
    const after = fold(draft('finding.opened'), born, draft('credential.born'));
    expect(after).toEqual({ ...before, createdBy: person('ana'), seq: 3, hash: after.hash });
    const twice = fold(born, draft('credential.born', { data: { creator: person('ben') } }));
    expect(twice).toMatchObject({ kind: 'access-key', createdBy: { person: 'ana' }, findings: {} });
  });

  it('is unknown of a credential whose birth nobody heard of', () => {
    expect(fold(draft('finding.opened'))).not.toHaveProperty('createdBy');
  });
});

describe('findings and notices', () => {
  it('a finding opens with nothing told and nothing done', () => {
    expect(fold(draft('finding.opened'))).toMatchObject({
      kind: 'access-key',
      findings: { [RULE]: { rule: RULE, openedAt: NOW, told: [], done: [] } },
    });
  });

  it('closing one finding leaves the others', () => {
    const history = fold(
      draft('finding.opened'),
      draft('finding.opened', { rule: 'access-key-old' }),
      draft('finding.closed'),
    );
    expect(Object.keys(history.findings)).toEqual(['access-key-old']);
  });

  it('a notice counts for its finding only, and not without one', () => {
    const history = fold(
      draft('finding.opened'),
      draft('owner.notified'),
      draft('owner.notified', { rule: 'other' }),
    );
    expect(history.findings[RULE]?.told).toHaveLength(1);
    expect(history.findings.other).toBeUndefined();
  });

  it('I3: a bounced notice no longer counts as told, and its address is remembered once', () => {
    const history = fold(
      draft('finding.opened'),
      draft('owner.notified'),
      draft('owner.notice-bounced'),
      draft('owner.notice-bounced'),
    );
    expect(history.findings[RULE]?.told).toEqual([]);
    expect(history.bounced).toEqual(['ana']);
  });
});

describe('steps', () => {
  const opened = draft('finding.opened');
  const intent = draft('step.intended', { at: later(1) });

  it('I7: an intent stays open until an outcome names it', () => {
    const history = fold(opened, intent);
    expect(history.openIntent).toMatchObject({
      seq: 2,
      change: 'disable',
      rule: RULE,
      scope: disableScope(),
    });
    for (const outcome of ['step.done', 'step.failed', 'step.abandoned'] as const) {
      expect(fold(opened, intent, draft(outcome, { data: { intent: 2 } })).openIntent).toBeUndefined();
      expect(fold(opened, intent, draft(outcome, { data: { intent: 1 } })).openIntent).toBeDefined();
    }
  });

  it('I4: a disable that was seen starts a quarantine at the recorded outcome, not at the intent', () => {
    const history = fold(opened, intent, draft('step.done', { at: later(2), data: { intent: 2 } }));
    expect(history.quarantine).toEqual({ since: later(2), seq: 3, rule: RULE, scope: disableScope() });
    expect(history.findings[RULE]?.done).toEqual([{ step: 'disable', at: later(2) }]);
  });

  it.each(['step.failed', 'step.abandoned'] as const)('I4: %s starts none', (outcome) => {
    const history = fold(opened, intent, draft(outcome, { data: { intent: 2 } }));
    expect(history.quarantine).toBeUndefined();
    expect(history.findings[RULE]?.done).toEqual([]);
  });

  it('an outcome of an intent that is not the open one changes nothing', () => {
    const history = fold(opened, intent, draft('step.done', { data: { intent: 1 } }));
    expect(history.quarantine).toBeUndefined();
  });

  it('I3: after it was enabled again every finding starts over, with a new notice and a new wait', () => {
    const history = fold(
      opened,
      draft('owner.notified'),
      intent,
      draft('step.done', { data: { intent: 3 } }),
      draft('step.intended', { data: { change: 'enable' } }),
      draft('step.done', { data: { change: 'enable', intent: 5 } }),
    );
    expect(history.quarantine).toBeUndefined();
    expect(history.findings[RULE]).toMatchObject({ told: [], done: [] });
  });

  it('I8: a quarantine ended by somebody else starts every finding over too', () => {
    const history = fold(
      opened,
      draft('owner.notified'),
      intent,
      draft('step.done', { data: { intent: 3 } }),
      draft('quarantine.ended'),
    );
    expect(history).toMatchObject({ findings: { [RULE]: { told: [], done: [] } } });
    expect(history.quarantine).toBeUndefined();
  });

  it('a deletion is kept with its end of recovery, and undone by restoring', () => {
    const recoverableUntil = plus(NOW, 30 * DAY_MS);
    const deleted = [
      opened,
      draft('step.intended', { data: { change: 'delete' } }),
      draft('step.done', { at: later(1), data: { change: 'delete', intent: 2, recoverableUntil } }),
    ];
    expect(fold(...deleted).deleted).toEqual({ at: later(1), recoverableUntil, scope: disableScope() });
    const restored = fold(
      ...deleted,
      draft('step.intended', { data: { change: 'undelete' } }),
      draft('step.done', { data: { change: 'undelete', intent: 4 } }),
    );
    expect(restored.deleted).toBeUndefined();
    expect(restored.findings[RULE]?.done).toEqual([]);
  });
});

describe('holds', () => {
  const placed = draft('hold.placed', { expiresAt: later(10) });

  it('I14: a hold is in force until its end and not at it', () => {
    const history = fold(placed);
    expect(holdsAt(history, later(9))).toHaveLength(1);
    expect(holdsAt(history, later(10))).toEqual([]);
  });

  it('a hold without an end has none: it is over at once (G4)', () => {
    const { expiresAt: _never, ...endless } = draft('hold.placed');
    expect(holdsAt(fold(endless), NOW)).toEqual([]);
  });

  it('is gone once lifted, the others stay', () => {
    const other = draft('hold.placed', { expiresAt: later(10), data: { holdId: 'hold-2' } });
    expect(holdsAt(fold(placed, other, draft('hold.lifted')), NOW).map((hold) => hold.holdId)).toEqual([
      'hold-2',
    ]);
  });

  it('I12: placed again under its id it keeps the earlier end', () => {
    const longer = draft('hold.placed', { expiresAt: later(99) });
    const shorter = draft('hold.placed', { expiresAt: later(5) });
    expect(fold(placed, longer).holds[0]?.until).toBe(later(10));
    expect(fold(placed, shorter).holds[0]?.until).toBe(later(5));
  });

  it('I12: whatever follows, the end of a hold never moves later', () => {
    fc.assert(
      fc.property(arbitraryDrafts(), (drafts) => {
        let history = EMPTY_HISTORY;
        for (const event of chainOf(SUBJECT, drafts)) {
          const before = new Map(history.holds.map((hold) => [hold.holdId, hold.until]));
          history = applyEvent(history, event);
          for (const { holdId, until } of history.holds) {
            const earlier = before.get(holdId);
            if (earlier !== undefined) expect(until <= earlier).toBe(true);
          }
        }
      }),
    );
  });
});

describe('any chain', () => {
  it('I10: the history stands at the head of its chain', () => {
    fc.assert(
      fc.property(arbitraryDrafts(), (drafts) => {
        const events = chainOf(SUBJECT, drafts);
        const head = events.at(-1);
        expect(foldCredential(events)).toMatchObject({ seq: events.length, hash: head?.hash });
      }),
    );
  });

  it('I10: folding in two parts is folding at once, and the result survives being stored', () => {
    fc.assert(
      fc.property(arbitraryDrafts(), fc.nat(), (drafts, cut) => {
        const events = chainOf(SUBJECT, drafts);
        const at = cut % (events.length + 1);
        const parts = events.slice(at).reduce(applyEvent, foldCredential(events.slice(0, at)));
        const whole = foldCredential(events);
        expect(parts).toEqual(whole);
        expect(historySchema.parse(JSON.parse(canonical(whole)))).toEqual(whole);
      }),
    );
  });

  it('I4: a quarantine exists only from a disable that was done and not undone', () => {
    fc.assert(
      fc.property(arbitraryDrafts(40), (drafts) => {
        const { quarantine } = foldCredential(chainOf(SUBJECT, drafts));
        if (quarantine === undefined) return;
        const done = drafts[quarantine.seq - 1];
        expect(done).toMatchObject({ type: 'step.done', data: { change: 'disable' }, at: quarantine.since });
      }),
    );
  });

  it('folding never changes what it was given', () => {
    const events = Object.freeze(
      chainOf(SUBJECT, [draft('finding.opened'), draft('owner.notified')]).map(Object.freeze),
    );
    expect(() => foldCredential(events as ReturnType<typeof chainOf>)).not.toThrow();
  });
});
