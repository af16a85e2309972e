import * as fc from 'fast-check';
import type { EventDraft } from '../../lib/domain/event.ts';
import { HOUR_MS, type Instant, plus } from '../../lib/domain/time.ts';
import { NOW } from '../builders/credential.ts';
import { draft, person, workload } from '../builders/event.ts';

const RULES = ['access-key-unused', 'access-key-old', 'no-owner'] as const;
const HOLDS = ['hold-1', 'hold-2'] as const;
const CHANGES = ['tag', 'disable', 'delete', 'enable', 'undelete'] as const;

interface Choice {
  readonly kind: number;
  readonly rule: (typeof RULES)[number];
  readonly hold: (typeof HOLDS)[number];
  readonly change: (typeof CHANGES)[number];
  readonly hours: number;
  readonly until: number;
  readonly back: number;
}

const choice: fc.Arbitrary<Choice> = fc.record({
  kind: fc.nat({ max: 11 }),
  rule: fc.constantFrom(...RULES),
  hold: fc.constantFrom(...HOLDS),
  change: fc.constantFrom(...CHANGES),
  hours: fc.nat({ max: 48 }),
  until: fc.nat({ max: 200 }),
  /** Which earlier event an outcome names: mostly the one before it, sometimes none that is an intent. */
  back: fc.nat({ max: 2 }),
});

/** Any sequence of events a credential's chain may get, sensible or not; instants never go back. */
export function arbitraryDrafts(maxLength = 25): fc.Arbitrary<EventDraft[]> {
  return fc.array(choice, { minLength: 1, maxLength }).map((choices) => {
    let at = NOW;
    return choices.map((each, index) => {
      at = plus(at, each.hours * HOUR_MS);
      return draftFor(each, index + 1, at);
    });
  });
}

function draftFor({ kind, rule, hold, change, until, back }: Choice, seq: number, at: Instant): EventDraft {
  const intent = Math.max(1, seq - 1 - back);
  const noticeId = `notice/111122223333/${1 + (until % 3)}`;
  const notBefore = plus(at, until * HOUR_MS);
  switch (kind) {
    case 0:
      return draft('finding.opened', { at, rule });
    case 1:
      return draft('finding.closed', { at, rule });
    case 2:
      return draft('owner.notified', {
        at,
        rule,
        data: {
          noticeId,
          recipient: `owner-${back}`,
          announces: { step: until % 2 === 0 ? 'disable' : 'delete', notBefore },
        },
      });
    case 3:
      return draft('owner.notice-bounced', { at, data: { noticeId, recipient: `owner-${back}` } });
    case 4:
      return draft('step.intended', { at, rule, data: { change, actBefore: plus(at, HOUR_MS) } });
    case 5:
      return draft('step.done', { at, rule, data: { change, intent } });
    case 6:
      return draft('step.failed', { at, rule, data: { change, intent } });
    case 7:
      return draft('step.abandoned', { at, rule, data: { change, intent } });
    case 8:
      return draft('quarantine.ended', { at });
    case 10:
      return draft('credential.born', {
        at,
        data: { creator: back === 0 ? workload() : person(`owner-${back}`) },
      });
    case 9:
      return draft('hold.placed', { at, expiresAt: notBefore, data: { holdId: hold } });
    default:
      return draft('hold.lifted', { at, data: { holdId: hold } });
  }
}
