import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventDraft } from '../../lib/domain/event.ts';
import { explain, renderExplanation } from '../../lib/ledger/index.ts';
import { ASKED_DRAFTS, ASKED_KEY, agent, asker } from '../builders/asked.ts';
import { draft } from '../builders/event.ts';
import { type LocalLedger, localLedger } from './local-ledger.ts';
import { appendTo, line, recordAll, recordSweep } from './recorded-sweep.ts';
import { day, flagged } from './told-ledger.ts';

let local: LocalLedger;

const ID = 'atlas-migration';
const CHALLENGE = 'c'.repeat(32);
const PLANNER = agent('planner');

async function record(subject: string, ...drafts: readonly EventDraft[]): Promise<string> {
  let first = '';
  for (const each of drafts) {
    const event = await appendTo(local, subject, each);
    first ||= event.hash;
    await local.state.requests.follow(subject, await local.ledger.chain(subject));
  }
  return first;
}

type AskedType = keyof typeof ASKED_DRAFTS;
const on = <T extends AskedType>(type: T, days: number, overrides: Partial<EventDraft> = {}): EventDraft =>
  ({ ...ASKED_DRAFTS[type], at: day(days), ...overrides }) as EventDraft;

/**
 * Day 0: ana asks through an agent. Days 1 and 2: bo and cy approve; it is in force. Day 5: eve challenges it, day 6: bo
 * dismisses that. Day 7: ana asks for longer. Day 10: its ticket is closed, and the sweep ends it.
 */
beforeAll(async () => {
  local = await localLedger();
  const submitted = ASKED_DRAFTS['request.submitted'];
  const data = { ...submitted.data, onBehalfOf: [asker('ana')], sponsor: 'olga', beneficiary: 'dora' };
  const requestHash = await record(`request#${ID}`, { ...submitted, at: day(0), actor: PLANNER, data });
  const by = (person: string) => ({ actor: asker(person), data: { requestHash } });
  await record(
    `request#${ID}`,
    { ...ASKED_DRAFTS['request.approved'], ...by('bo'), at: day(1) },
    { ...ASKED_DRAFTS['request.approved'], ...by('cy'), at: day(2) },
    on('request.executing', 2),
  );
  const approvals = [
    { actor: asker('bo'), at: day(1) },
    { actor: asker('cy'), at: day(2) },
  ];
  await record(`exception#${ID}`, on('exception.proposed', 2, { approvals }));
  const ref = { kind: 'exception', id: ID } as const;
  const hold = { holdId: `exception ${ID}`, rules: ['access-key-unused'], ref };
  await recordAll(local, ASKED_KEY, [
    draft('finding.opened', { at: day(0) }),
    draft('hold.placed', { at: day(2), expiresAt: day(30), data: { ...hold, kind: 'exception' } }),
    draft('hold.placed', { at: day(3), expiresAt: day(30), data: { holdId: 'another' } }),
  ]);
  await record(`exception#${ID}`, on('exception.activated', 2));
  await record(
    `request#${ID}`,
    on('request.done', 2, { data: { outcome: `exception ${ID}` } } as Partial<EventDraft>),
  );
  const target = { kind: 'exception', exceptionId: ID, round: 0 } as const;
  const opened = ASKED_DRAFTS['challenge.opened'];
  await record(`challenge#${CHALLENGE}`, {
    ...opened,
    at: day(5),
    actor: asker('eve'),
    reason: 'atlas is over',
    data: { ...opened.data, target, notBy: ['ana', 'dora'], decideBy: day(12) },
  });
  const challenged = { challengeId: CHALLENGE, decideBy: day(12) };
  await record(`exception#${ID}`, {
    ...ASKED_DRAFTS['exception.challenged'],
    at: day(5),
    data: challenged,
  });
  await record(`challenge#${CHALLENGE}`, on('challenge.dismissed', 6));
  await record(`exception#${ID}`, {
    ...ASKED_DRAFTS['exception.cleared'],
    at: day(6),
    data: { challengeId: CHALLENGE },
  });
  await record('request#atlas-longer', {
    ...submitted,
    at: day(7),
    data: { ...submitted.data, ask: { kind: 'extension', exceptionId: ID } },
  });
  await record(`exception#${ID}`, on('exception.expired', 10));
  await recordAll(local, ASKED_KEY, [
    draft('hold.lifted', { at: day(10), data: { holdId: `exception ${ID}` } }),
  ]);
});
afterAll(() => local.close());

const NOW = { now: day(11) };
const answersOf = ({ account = [] }: Awaited<ReturnType<typeof explain>>) =>
  Object.fromEntries(account.map(({ question, answer }) => [question, answer]));

describe('G1 to G5, G18: an exception answers for itself, from the store alone', () => {
  it('who, for whom, through whom, who approved when, what exactly, why, until when, while what, and what ended it', async () => {
    const explanation = await explain(local, ID, NOW);
    expect(explanation).toMatchObject({ kind: 'exception', subject: `exception#${ID}`, chainVerified: true });
    expect(explanation.asked).toMatchObject({ id: ID, state: 'expired', record: { owner: 'dora' } });
    expect(answersOf(explanation)).toEqual({
      'Asked by': 'ana on 2026-10-15 09:00 UTC',
      Through: 'arn:aws:sts::111122223333:assumed-role/planner/session (claims session)',
      Sponsor: 'olga, for an autonomous agent',
      For: 'dora',
      'Approved by': 'bo on 2026-10-16 09:00 UTC and cy on 2026-10-17 09:00 UTC',
      Exactly: `the rules access-key-unused on ${ASKED_KEY}, and nothing else`,
      Why: 'The migration of atlas needs it once more (migration, ticket OPS-7)',
      'Answers for it': 'olga',
      'In force': 'from 2026-10-17 09:00 UTC',
      Until: '2026-11-14 09:00 UTC; excepted without a gap since 2026-10-15 09:00 UTC',
      'Must stay true':
        'the tag "project" stays "atlas" and its owner stays the same and the ticket stays open (dora)',
      'Judged by': `policy ${'c'.repeat(64)}`,
      'What ended it':
        'expired on 2026-10-25 09:00 UTC, since what was to stay true is no longer, because its ticket is closed',
    });
  });

  it('as one story over the chains it touched, and nothing of others', async () => {
    const { timeline, events } = await explain(local, ID, NOW);
    expect(timeline.map(({ type }) => type)).toEqual([
      'request.submitted',
      'request.approved',
      'request.approved',
      'request.executing',
      'request.done',
      'exception.proposed',
      'exception.activated',
      'hold.placed',
      'exception.challenged',
      'challenge.opened',
      'exception.cleared',
      'challenge.dismissed',
      'exception.expired',
      'hold.lifted',
    ]);
    expect(events).toHaveLength(timeline.length);
  });

  it('with what was asked about it since', async () => {
    const { related } = await explain(local, ID, NOW);
    expect(related).toEqual([
      {
        subject: `challenge#${CHALLENGE}`,
        text: `eve challenged exception ${ID} on 2026-10-20 09:00 UTC; dismissed by bo on 2026-10-21 09:00 UTC`,
      },
      {
        subject: 'request#atlas-longer',
        text: `ana asked for another exception in the place of ${ID}; lapsed`,
      },
    ]);
  });

  it.each([
    [1.5, 'request', '`janitor approve atlas-migration --hash'],
    [2.5, 'exception', 'revoke atlas-migration` ends it at once'],
    [5.5, 'exception', `\`janitor challenge decide ${CHALLENGE}\``],
    [10.5, 'exception', 'Nothing: the rules count again'],
  ])('as it stood on day %d: %s, and what came next', async (days, kind, next) => {
    const explanation = await explain(local, ID, { now: day(20), at: day(days) });
    expect(explanation.kind).toBe(kind);
    expect(explanation.next).toContain(next);
    expect(explanation.events.every(({ at }) => at <= day(days))).toBe(true);
  });

  it('reads as an account', async () => {
    const text = renderExplanation(await explain(local, ID, NOW)).join('\n');
    for (const part of [
      'Account\n  Asked by        ana on 2026-10-15 09:00 UTC',
      'It excepted arn:',
      'Asked about it\n  challenge#',
      '  request #1  ana ',
      '  exception #1  ',
      '  credential #',
      'Record: 14 events, verified; last hash',
    ]) {
      expect(text).toContain(part);
    }
  });
});

describe('a request', () => {
  it('links to what came of it', async () => {
    const explanation = await explain(local, `request#${ID}`, NOW);
    expect(explanation).toMatchObject({ kind: 'request', asked: { state: 'done' } });
    expect(answersOf(explanation)).toMatchObject({
      Exactly: `to except ${ASKED_KEY} from access-key-unused`,
      Tier: 'critical, decided by group security',
      'What ended it':
        'done by arn:aws:sts::111122223333:assumed-role/janitor-api/session (claims session) on 2026-10-17 09:00 UTC',
      'Came of it': `exception ${ID}`,
    });
    expect(explanation.related).toMatchObject([{ subject: `exception#${ID}` }]);
    expect(explanation.notes[0]).toContain(explanation.events[0]?.hash);
    expect(explanation.next).toContain(`janitor explain exception#${ID}`);
  });

  it('that nobody answered says so, though nothing was recorded since (I14)', async () => {
    const explanation = await explain(local, 'atlas-longer', { now: day(40) });
    expect(explanation.summary).toContain('; lapsed.');
    expect(answersOf(explanation)).toMatchObject({
      'Approved by': 'nobody yet; 2 approvals needed',
      'What ended it': 'the clock, in want of an answer by 2026-10-22 09:00 UTC',
    });
  });

  it('that was denied says by what and why', async () => {
    await record('request#never-granted', on('request.denied', 8));
    const explanation = await explain(local, 'never-granted', NOW);
    expect(answersOf(explanation)['What ended it']).toContain('denied (sponsor-missing) by');
    expect(explanation.next).toContain('under a new id');
  });
});

describe('a challenge', () => {
  it('says who objected, who may decide, and what it led to', async () => {
    const explanation = await explain(local, CHALLENGE, NOW);
    expect(answersOf(explanation)).toMatchObject({
      'Opened by': 'eve on 2026-10-20 09:00 UTC',
      'To be decided': 'by group security, but not ana or dora, before 2026-10-27 09:00 UTC',
      'Decided by': 'bo: dismissed on 2026-10-21 09:00 UTC, because there is no such run',
      'Leads to': 'the exception stays, with the end it had',
    });
    expect(explanation.related).toMatchObject([{ subject: `exception#${ID}` }]);
  });
});

describe('what else an id may name', () => {
  it('a credential names the exceptions that held it, and what was asked besides', async () => {
    await recordSweep(local, { sweepId: 'sweep-11', at: day(11), lines: [line(flagged)] });
    expect(flagged.id).toBe(ASKED_KEY);
    const { related } = await explain(local, ASKED_KEY, NOW);
    expect(related?.map(({ subject }) => subject)).toEqual([
      `exception#${ID}`,
      `request#${ID}`,
      'request#never-granted',
      `challenge#${CHALLENGE}`,
      'request#atlas-longer',
    ]);
    const past = await explain(local, ASKED_KEY, { now: day(11), at: day(3) });
    expect(past.related?.map(({ subject }) => subject)).toEqual([`exception#${ID}`, `request#${ID}`]);
  });

  it('an event leads to the exception it belongs to', async () => {
    const [, activated] = await local.ledger.chain(`exception#${ID}`);
    const explanation = await explain(local, activated?.id ?? '', NOW);
    expect(explanation).toMatchObject({ kind: 'exception', subject: `exception#${ID}` });
    expect(explanation.notes[0]).toContain('The exception is in force.');
  });

  it.each(['exception#nothing-there', 'request#nothing-there', 'challenge#nothing-there', 'nothing-there'])(
    '%s is not found, with the way out',
    async (id) => {
      await expect(explain(local, id, NOW)).rejects.toMatchObject({ code: 'not-found', source: 'user' });
    },
  );

  it('before it was asked it is not found', async () => {
    await expect(explain(local, ID, { now: day(11), at: day(-1) })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('the name of a secret is not taken over by an id that somebody chose', async () => {
    const secretId = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:payroll-db-AbCdEf';
    await recordAll(local, secretId, [draft('finding.opened')]);
    await record('request#payroll-db', on('request.submitted', 1));
    await expect(explain(local, 'payroll-db', NOW)).rejects.toMatchObject({
      code: 'ambiguous',
      details: { candidates: [secretId, 'request#payroll-db'] },
    });
    expect(await explain(local, 'request#payroll-db', NOW)).toMatchObject({ kind: 'request' });
  });
});
