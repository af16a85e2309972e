import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { challengeAllows, challengeState, foldChallenge } from '../../lib/domain/challenge.ts';
import type { EventDraft, LedgerEvent } from '../../lib/domain/event.ts';
import { exceptionState, foldException } from '../../lib/domain/exception.ts';
import { foldRequest, isParty, requestState } from '../../lib/domain/request.ts';
import { requestContentSchema } from '../../lib/domain/request-events.ts';
import { DAY_MS, type Instant, plus } from '../../lib/domain/time.ts';
import { ASKED_DRAFTS, ASKED_KEY, content } from '../builders/asked.ts';
import { challengeChains, exceptionChains, requestChains } from '../builders/asked-chains.ts';
import { NOW } from '../builders/credential.ts';
import { chainOf } from '../builders/event.ts';

/** The state after each event, and long after the last. */
function statesOf<T>(
  events: readonly LedgerEvent[],
  stateAfter: (events: readonly LedgerEvent[], at: Instant) => T,
): T[] {
  const last = events.at(-1)?.at ?? NOW;
  return [
    ...events.map((event, index) => stateAfter(events.slice(0, index + 1), event.at)),
    stateAfter(events, plus(last, 60 * DAY_MS)),
  ];
}

function neverLeft(states: readonly (string | undefined)[], ends: readonly string[]): void {
  const end = states.findIndex((state) => state !== undefined && ends.includes(state));
  if (end >= 0) expect(new Set(states.slice(end)).size).toBe(1);
}

describe('whatever is on the chain of a request', () => {
  const stateAfter = (events: readonly LedgerEvent[], at: Instant) => {
    const request = foldRequest(events);
    return request === undefined ? undefined : requestState(request, at);
  };

  test('I11, I16: nothing is executed without the quorum of persons who are no parties', () => {
    fc.assert(
      fc.property(requestChains, (events) => {
        const request = foldRequest(events);
        if (request === undefined) throw new Error('it begins with a request');
        const persons = request.approvals.map(({ actor }) => actor.person);
        expect(persons).not.toContain(undefined);
        expect(new Set(persons).size).toBe(persons.length);
        expect(request.approvals.filter(({ actor }) => isParty(request, actor))).toEqual([]);
        if (request.executing !== undefined) expect(persons.length).toBeGreaterThanOrEqual(2);
      }),
      { numRuns: 500 },
    );
  });

  test('I12, I14: an end is never left, and everything that nobody began to do has ended by its end', () => {
    fc.assert(
      fc.property(requestChains, (events) => {
        const states = statesOf(events, stateAfter);
        neverLeft(states, ['denied', 'rejected', 'withdrawn', 'lapsed', 'done', 'failed']);
        expect(['pending', 'approved']).not.toContain(states.at(-1));
      }),
      { numRuns: 500 },
    );
  });

  it('G20: an approval of another hash, or under another policy version, does not count', () => {
    const [first] = chainOf('request#request-0001', [ASKED_DRAFTS['request.submitted']]);
    const requestHash = first?.hash ?? '';
    const approve = { ...ASKED_DRAFTS['request.approved'], data: { requestHash } };
    const counted = (draft: EventDraft) =>
      foldRequest(chainOf('request#request-0001', [ASKED_DRAFTS['request.submitted'], draft]))?.approvals
        .length;
    expect(counted(approve)).toBe(1);
    expect(counted({ ...approve, data: { requestHash: 'f'.repeat(64) } })).toBe(0);
    expect(counted({ ...approve, policyHash: 'b'.repeat(64) })).toBe(0);
    expect(counted({ ...approve, at: plus(NOW, 7 * DAY_MS) })).toBe(0);
  });

  const submitted = ASKED_DRAFTS['request.submitted'];
  const approvalBy = (actor: EventDraft['actor']): EventDraft => {
    const [first] = chainOf('request#request-0001', [submitted]);
    return { ...ASKED_DRAFTS['request.approved'], actor, data: { requestHash: first?.hash ?? '' } };
  };
  const fold = (...drafts: EventDraft[]) =>
    foldRequest(chainOf('request#request-0001', [submitted, ...drafts]));

  it('I11: one person counts once, by whichever ARN', () => {
    const once = approvalBy({ kind: 'person', arn: 'arn:aws:iam::111122223333:user/zoe', person: 'zoe' });
    const again = approvalBy({ kind: 'person', arn: 'arn:aws:iam::111122223333:user/zoe-2', person: 'zoe' });
    expect(fold(once, again)?.approvals).toHaveLength(1);
  });

  it('I16: a workload does not count, whatever person it names', () => {
    const workload = { kind: 'workload', arn: 'arn:aws:iam::111122223333:role/ci', person: 'zoe' } as const;
    expect(fold(approvalBy(workload))?.approvals).toEqual([]);
  });

  it('I14: approved or not, it has lapsed at its end', () => {
    const approvers = ['zoe', 'yan'].map((person) =>
      approvalBy({ kind: 'person', arn: `arn:aws:iam::111122223333:user/${person}`, person }),
    );
    const request = fold(...approvers);
    if (request === undefined) throw new Error('it begins with a request');
    expect(requestState(request, NOW)).toBe('approved');
    expect(requestState(request, plus(request.content.endsAt, -1))).toBe('approved');
    expect(requestState(request, request.content.endsAt)).toBe('lapsed');
  });

  it('the first end stays, also when the same end is recorded again', () => {
    const lapsed = { ...ASKED_DRAFTS['request.lapsed'], at: plus(NOW, 20 * DAY_MS) };
    const ends = fold(lapsed, { ...lapsed, at: plus(NOW, 21 * DAY_MS) });
    expect(ends?.end).toMatchObject({ state: 'lapsed', at: plus(NOW, 20 * DAY_MS) });
  });
});

describe('whatever is on the chain of an exception', () => {
  test('I12, I13, I14: its end never moves, is never left, and comes without any event', () => {
    fc.assert(
      fc.property(exceptionChains, (events) => {
        const states = statesOf(events, (some, at) => {
          const exception = foldException(some);
          expect(exception?.endsAt).toBe(content().endsAt);
          return exception === undefined ? undefined : exceptionState(exception, at);
        });
        neverLeft(states, ['expired', 'revoked', 'renewed']);
        expect(['expired', 'revoked', 'renewed']).toContain(states.at(-1));
      }),
      { numRuns: 500 },
    );
  });

  it('I18: a challenge that nobody decides ends it at the deadline', () => {
    const exception = foldException(
      chainOf('exception#request-0001', [
        ASKED_DRAFTS['exception.proposed'],
        ASKED_DRAFTS['exception.activated'],
        ASKED_DRAFTS['exception.challenged'],
      ]),
    );
    if (exception === undefined) throw new Error('it begins with a proposal');
    expect(exceptionState(exception, plus(NOW, 7 * DAY_MS - 1))).toBe('challenged');
    expect(exceptionState(exception, plus(NOW, 7 * DAY_MS))).toBe('expired');
  });
});

describe('whatever is on the chain of a challenge', () => {
  test('its end is never left, and neither its challenger nor the owner of the rule decides it', () => {
    fc.assert(
      fc.property(challengeChains, (events) => {
        neverLeft(
          statesOf(events, (some, at) => {
            const challenge = foldChallenge(some);
            return challenge === undefined ? undefined : challengeState(challenge, at);
          }),
          ['upheld', 'dismissed', 'undecided'],
        );
        const end = foldChallenge(events)?.end;
        if (end?.state === 'upheld' || end?.state === 'dismissed') {
          expect(['ana', 'bo', 'cy', 'eve']).toContain(end.by.person);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['open', [], 0, { disable: false, delete: false, notify: true }],
    ['upheld', ['challenge.upheld'], 0, { disable: false, delete: false, notify: true }],
    ['dismissed', ['challenge.dismissed'], 0, { disable: true, delete: true, notify: true }],
    ['undecided', [], 7, { disable: true, delete: false, notify: true }],
  ] as const)('%s: what is left of a step', (_state, types, days, allowed) => {
    const drafts = ['challenge.opened' as const, ...types].map((type) => ASKED_DRAFTS[type]);
    const challenge = foldChallenge(chainOf('challenge#1', drafts));
    if (challenge === undefined) throw new Error('it begins with a challenge');
    const now = plus(NOW, days * DAY_MS);
    for (const step of ['disable', 'delete', 'notify'] as const) {
      expect(challengeAllows(challenge, step, now)).toBe(allowed[step]);
    }
  });
});

describe('what a client may ask', () => {
  const valid = content();
  const cases: readonly (readonly [string, unknown])[] = [
    ['an unknown field', { ...valid, priority: 'high' }],
    ['no ticket', { ...valid, ticket: '' }],
    ['a reason of blanks', { ...valid, reason: '   ' }],
    ['a reason with a right-to-left override', { ...valid, reason: 'fine \u202egnihton' }],
    ['a reason of two lines', { ...valid, reason: 'one\ntwo' }],
    ['a date without a time', { ...valid, endsAt: '2026-12-01' }],
    ['a kind there is not', { ...valid, ask: { kind: 'delete' } }],
    ['a credential that is only reported', { ...valid, ask: { kind: 'restore', credentialId: 'root' } }],
    [
      'an exception without conditions',
      {
        ...valid,
        ask: { kind: 'exception', scope: { credentialId: ASKED_KEY, rules: ['a'] }, while: {} },
      },
    ],
    [
      'a plan id of another shape',
      { ...valid, ask: { kind: 'approve-plan', planId: 'plan/1', planHash: 'x' } },
    ],
  ];
  it.each(cases)('refuses %s', (_what, input) => {
    expect(requestContentSchema.safeParse(input).success).toBe(false);
  });

  it('takes what the builders ask', () => {
    expect(requestContentSchema.parse(valid)).toEqual(valid);
  });
});
