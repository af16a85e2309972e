import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventDraft, LedgerEvent } from '../../lib/domain/event.ts';
import {
  afterUse,
  foldGrant,
  type Grant,
  type GrantState,
  grantState,
  mayHaveSessions,
} from '../../lib/domain/grant.ts';
import { foldUses, overdueUses } from '../../lib/domain/grant-uses.ts';
import { grantOfSubject, subjects } from '../../lib/domain/subject.ts';
import { DAY_MS, type Instant, MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { NOW } from '../builders/credential.ts';
import { chainOf, draft, person } from '../builders/event.ts';
import { GRANT_DRAFTS, GRANT_ID } from '../builders/grant-drafts.ts';

const END = plus(NOW, 30 * MINUTE_MS);
const at = (minutes: number): Instant => plus(NOW, minutes * MINUTE_MS);
const chain = (...drafts: readonly EventDraft[]) => chainOf(subjects.grant(GRANT_ID), drafts);

function folded(...drafts: readonly EventDraft[]): Grant {
  const grant = foldGrant(chain(...drafts));
  if (grant === undefined) throw new Error('no grant');
  return grant;
}

const requested = draft('grant.requested');
const waiting = draft('grant.requested', { data: { approvalsNeeded: 2 } });
const activated = draft('grant.activated', { at: at(1) });
const ending = draft('grant.ending', { at: at(10) });
const ended = draft('grant.ended', { at: at(11) });
const evidence = draft('grant.evidence-attached', { at: at(40) });
const approvedBy = (id: string) => draft('grant.approved', { at: at(2), actor: person(id) });
const takenUp = draft('grant.activating', { at: at(2) });
const reviewed = (id: string, verdict: 'closed' | 'finding' = 'closed') =>
  draft('grant.reviewed', { at: at(60), actor: person(id), data: { verdict } });

describe('where a grant stands', () => {
  it.each<[string, readonly EventDraft[], Instant, GrantState]>([
    ['it may be activated at once', [requested], NOW, 'activating'],
    ['or waits for approvals', [waiting], NOW, 'requested'],
    ['one is not two', [waiting, approvedBy('bo')], at(3), 'requested'],
    ['one person is not two', [waiting, approvedBy('bo'), approvedBy('bo')], at(3), 'requested'],
    [
      'two are, once it is taken up',
      [waiting, approvedBy('bo'), approvedBy('cy'), takenUp],
      at(3),
      'activating',
    ],
    ['not before', [waiting, approvedBy('bo'), approvedBy('cy')], at(3), 'requested'],
    ['nor without them', [waiting, approvedBy('bo'), takenUp], at(3), 'requested'],
    ['not taken up in time', [waiting, approvedBy('bo'), approvedBy('cy')], END, 'lapsed'],
    [
      'whoever asked approves nothing (I11)',
      [waiting, approvedBy('ana'), approvedBy('bo')],
      at(3),
      'requested',
    ],
    ['nor does a stranger', [waiting, approvedBy('zoe'), approvedBy('bo')], at(3), 'requested'],
    ['nobody approved in time (I14)', [waiting], END, 'lapsed'],
    ['approved too late', [waiting, { ...approvedBy('bo'), at: at(31) }], at(32), 'lapsed'],
    ['it is active', [requested, activated], at(2), 'active'],
    ['its end ends it, recorded or not (I13)', [requested, activated], END, 'ending'],
    ['to the millisecond', [requested, activated], plus(END, -1), 'active'],
    ['an activation after the end counts for nothing', [requested, { ...activated, at: END }], END, 'ending'],
    ['it was given back', [requested, activated, ending], at(10), 'ending'],
    ['and has ended', [requested, activated, ending, ended], at(12), 'ended'],
    ['an end that nothing led to is none', [requested, activated, ended], at(12), 'active'],
    ['a request can be ended, too', [waiting, ending], at(10), 'lapsed'],
  ])('%s', (_name, drafts, now, state) => {
    expect(grantState(folded(...drafts), now)).toBe(state);
  });

  it('a session may exist until the end of the grant, since that of a console outlives its credentials', () => {
    expect(mayHaveSessions(folded(waiting), NOW)).toBe(false);
    expect(mayHaveSessions(folded(requested), plus(END, -1))).toBe(true);
    expect(mayHaveSessions(folded(requested, activated, ending, ended), plus(END, -1))).toBe(true);
    expect(mayHaveSessions(folded(requested, activated, ending, ended), END)).toBe(false);
  });

  it('and until it has surely expired after its newest intent, where that is later', () => {
    const renewed = draft('grant.renewed', { at: at(29) });
    const expired = plus(renewed.at, 17 * MINUTE_MS);
    expect(mayHaveSessions(folded(requested, activated, renewed), plus(expired, -1))).toBe(true);
    expect(mayHaveSessions(folded(requested, activated, renewed), expired)).toBe(false);
  });

  it('what failed at the activation is owed until it is done', () => {
    const done = draft('grant.errand-done', { at: at(5) });
    expect(folded(requested, activated).errands).toEqual(['announcement']);
    expect(folded(requested, activated, done).errands).toEqual([]);
  });
});

describe('I17: what is owed after a use', () => {
  const over = [requested, activated, ending, ended];
  it.each<[string, readonly EventDraft[], Instant, string]>([
    ['nothing before it has ended', [requested, activated], at(5), 'not-ended'],
    ['evidence', over, at(12), 'evidence-pending'],
    ['a review', [...over, evidence], at(61), 'review-due'],
    ['by somebody else', [...over, evidence, reviewed('ana')], at(61), 'review-due'],
    ['who is a reviewer', [...over, evidence, reviewed('zoe')], at(61), 'review-due'],
    ['who has seen the evidence', [...over, reviewed('cy'), evidence], at(61), 'review-due'],
    ['closed', [...over, evidence, reviewed('cy')], at(61), 'closed'],
    ['or a finding', [...over, evidence, reviewed('cy', 'finding')], at(61), 'finding'],
    ['overdue, without evidence as well', over, plus(NOW, 3 * DAY_MS), 'review-overdue'],
    ['late is settled all the same', [...over, evidence, reviewed('cy')], plus(NOW, 9 * DAY_MS), 'closed'],
  ])('%s', (_name, drafts, now, expected) => {
    expect(afterUse(folded(...drafts), now)).toBe(expected);
  });

  it('a marked use takes two reviewers, and none who approved it', () => {
    const marked = draft('grant.requested', { data: { approvalsNeeded: 1, reviewsNeeded: 2 } });
    const begun = [marked, approvedBy('bo'), takenUp, { ...activated, at: at(3) }, ending, ended, evidence];
    expect(afterUse(folded(...begun, reviewed('bo'), reviewed('cy')), at(61))).toBe('review-due');
    const other = draft('grant.requested', { data: { reviewsNeeded: 2 } });
    const both = [other, activated, ending, ended, evidence, reviewed('bo'), reviewed('cy')];
    expect(afterUse(folded(...both), at(61))).toBe('closed');
  });

  it('what is not settled by its day is overdue', () => {
    const noted = (grantId: string, days: number) =>
      draft('grant.noted', { data: { grantId, reviewBy: plus(NOW, days * DAY_MS) } });
    const events = chainOf(subjects.grantUses('ana', 'db'), [
      noted('one', 1),
      noted('two', 2),
      noted('three', 3),
      draft('grant.settled', { data: { grantId: 'one' } }),
    ]);
    const overdue = overdueUses(foldUses(events), plus(NOW, 2 * DAY_MS));
    expect(overdue.map(({ grantId }) => grantId)).toEqual(['two']);
  });
});

interface Step {
  readonly type: keyof typeof GRANT_DRAFTS;
  readonly minutes: number;
  readonly who: string;
}

describe('whatever is written, in whatever order and by whatever clock', () => {
  const types = Object.keys(GRANT_DRAFTS).filter(
    (type): type is keyof typeof GRANT_DRAFTS => !/noted|settled|refused/.test(type),
  );
  const step = fc.record({
    type: fc.constantFrom(...types),
    minutes: fc.integer({ min: -30, max: 120 }),
    who: fc.constantFrom('ana', 'bo', 'cy', 'zoe'),
  });
  const steps = fc.array(step, { maxLength: 25 });
  const history = (list: readonly Step[], first = requested): LedgerEvent[] =>
    chain(
      first,
      ...list.map(({ type, minutes, who }) => draft(type, { at: at(minutes), actor: person(who) })),
    );
  const RANK: Readonly<Record<GrantState, number>> = {
    requested: 0,
    activating: 1,
    active: 2,
    ending: 3,
    lapsed: 4,
    ended: 4,
  };

  it('I12: the end never moves; I13: nothing is open from then on', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(requested, waiting), (list, first) => {
        const grant = foldGrant(history(list, first));
        expect(grant?.endsAt).toBe(END);
        expect(grant === undefined ? '' : grantState(grant, END)).toMatch(/^(lapsed|ending|ended)$/);
      }),
      { numRuns: 300 },
    );
  });

  it('a grant goes one way only: what came to an end stays there', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(requested, waiting), (list, first) => {
        const events = history(list, first);
        const ranks = events.map((_event, index) => {
          const grant = foldGrant(events.slice(0, index + 1));
          return grant === undefined ? 0 : RANK[grantState(grant, NOW)];
        });
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      }),
      { numRuns: 300 },
    );
  });

  it('I17: nothing is closed without evidence and somebody else', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const grant = foldGrant(history(list));
        if (grant === undefined || afterUse(grant, NOW) !== 'closed') return;
        expect(grant.evidence).toBeDefined();
        expect(grant.reviews.map(({ by }) => by.person)).not.toContain('ana');
      }),
      { numRuns: 300 },
    );
  });
});

it('a subject names its grant', () => {
  expect(grantOfSubject(subjects.grant(GRANT_ID))).toBe(GRANT_ID);
  expect(grantOfSubject(subjects.grantUses('ana', 'db'))).toBeUndefined();
});
