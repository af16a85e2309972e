import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventDraft } from '../../lib/domain/event.ts';
import { DAY_MS, MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { explain, renderExplanation } from '../../lib/ledger/index.ts';
import { ASKED_DRAFTS } from '../builders/asked.ts';
import { ACCOUNT, NOW } from '../builders/credential.ts';
import { draft, person } from '../builders/event.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { INCIDENT_ID } from '../builders/incident-drafts.ts';
import { type LocalLedger, localLedger } from './local-ledger.ts';
import { appendTo } from './recorded-sweep.ts';

let local: LocalLedger;

const GUARDED = 'grant-that-waited';
const DRILL = 'grant-of-a-drill';
const REFUSED = 'grant-refused-1';
const SHARED = 'an-id-of-two-things';
const minute = (minutes: number) => plus(NOW, minutes * MINUTE_MS);
const at = (minutes: number) => ({ now: minute(minutes) });

async function record(subject: string, ...drafts: readonly EventDraft[]): Promise<void> {
  for (const each of drafts) {
    await appendTo(local, subject, each);
    await local.state.requests.follow(subject, await local.ledger.chain(subject));
  }
}

/** Minutes: 0 taken, 10 renewed, 12 given back, 13 seen denied, 30 evidence, 40 a finding. */
beforeAll(async () => {
  local = await localLedger();
  await record(
    `grant#${GRANT_ID}`,
    draft('grant.requested', { data: { standing: 'emergency', reviewsNeeded: 2 } }),
    draft('grant.activated', { at: minute(0) }),
    draft('grant.errand-done', { at: minute(5) }),
    draft('grant.renewed', { at: minute(10) }),
    draft('grant.issued', { at: minute(10), data: { accessKeyId: 'ASIAEXAMPLESESSION02' } }),
    draft('grant.ending', { at: minute(12), reason: 'it is repaired' }),
    draft('grant.end-failed', { at: minute(12) }),
    draft('grant.ended', { at: minute(13) }),
    draft('grant.shells-ended', { at: minute(14) }),
    draft('grant.evidence-attached', {
      at: minute(30),
      evidence: [{ kind: 'session', key: `break-glass/${GRANT_ID}.json`, sha256: 'a'.repeat(64) }],
      data: { complete: false },
    }),
    draft('grant.told', { at: minute(31) }),
    draft('grant.reviewed', {
      at: minute(40),
      actor: person('cy'),
      reason: 'a table was dropped',
      data: { verdict: 'finding', followUp: 'rotate the password of the database' },
    }),
  );
  await record(
    `grant#${GUARDED}`,
    draft('grant.requested', { data: { approvalsNeeded: 1, tier: 'guarded' } }),
  );
  await record(
    `grant#${DRILL}`,
    draft('grant.requested', { data: { role: 'drill', reviewsNeeded: 0 } }),
    draft('grant.activated', { at: minute(1) }),
    draft('grant.ending', { at: minute(2) }),
    draft('grant.ended', { at: minute(2) }),
    draft('grant.drilled', { at: minute(3) }),
  );
  await record(`grant#${REFUSED}`, draft('grant.refused'));
  await record(`grant#${SHARED}`, draft('grant.requested'));
  await record(`request#${SHARED}`, ASKED_DRAFTS['request.submitted']);
  await record(
    `grant#incident/${INCIDENT_ID}`,
    draft('incident.opened'),
    draft('incident.observed', { at: minute(5) }),
    draft('incident.explained', { at: minute(20) }),
    draft('incident.reviewed', {
      at: minute(60),
      data: { verdict: 'finding', followUp: 'a new password for the vault' },
    }),
  );
});
afterAll(() => local.close());

const answersOf = ({ account = [] }: Awaited<ReturnType<typeof explain>>) =>
  Object.fromEntries(account.map(({ question, answer }) => [question, answer]));

describe('G1 to G5, G11, G17: a grant answers for itself, by its bare id', () => {
  it('who, what, why, by which standing, until when, what ended it, what it did, who reviewed', async () => {
    const explanation = await explain(local, GRANT_ID, at(60));
    expect(explanation).toMatchObject({
      kind: 'grant',
      subject: `grant#${GRANT_ID}`,
      chainVerified: true,
      asked: { kind: 'grant', id: GRANT_ID, state: 'ended' },
      next: 'Nothing: it is settled.',
    });
    expect(answersOf(explanation)).toEqual({
      'Taken by': 'ana on 2026-10-15 09:00 UTC',
      Exactly: `arn:aws:iam::${ACCOUNT}:role/janitor/break-glass/database-admin`,
      Why: 'the orders database does not accept writes (ticket OPS-7)',
      Standing:
        'one of the emergency group, although nobody could say who is on call: reviewed by two (ana is on call)',
      'Judged by': `policy ${'c'.repeat(64)}, tier routine`,
      'Approved by': 'nobody had to: announced at once and reviewed afterwards',
      'In force': 'from 2026-10-15 09:00 UTC',
      Until: '2026-10-15 09:30 UTC at the latest',
      Sessions: '2 sessions set out for: ASIAEXAMPLESESSION01, ASIAEXAMPLESESSION02',
      'What ended it':
        'ana on 2026-10-15 09:12 UTC, since it was returned, because it is repaired; its tag was seen denied by version v7 of the policy on 2026-10-15 09:13 UTC',
      Evidence: `12 calls, not complete: break-glass/${GRANT_ID}.json (SHA-256 ${'a'.repeat(64)})`,
      Shells: '1 shell ended; none is left',
      'Reviewed by': 'cy on 2026-10-15 09:40 UTC: finding, because a table was dropped',
      Told: 'cy',
      'To follow': 'rotate the password of the database',
    });
    expect(explanation.timeline.map(({ type }) => type)).toEqual(
      (await local.ledger.chain(`grant#${GRANT_ID}`)).map(({ type }) => type),
    );
  });

  it.each([
    [0.5, 'active', 'nothing yet', '`janitor break-glass return'],
    [12.5, 'ending', 'not verified yet (aws-throttled)', 'until its end is verified'],
    [20, 'ended', 'seen denied by version v7', 'Evidence of what it was used for is collected'],
    [35, 'ended', 'seen denied by version v7', '`janitor break-glass review'],
    [3 * 24 * 60, 'ended', 'seen denied by version v7', 'Nothing: it is settled.'],
  ])('as it stood after %d minutes: %s', async (minutes, state, ended, next) => {
    const explanation = await explain(local, GRANT_ID, { now: minute(9999), at: minute(minutes) });
    expect(explanation.asked?.state).toBe(state);
    expect(answersOf(explanation)['What ended it']).toContain(ended);
    expect(explanation.next).toContain(next);
  });

  it('that nobody reviewed in time says what that leads to (I18)', async () => {
    const now = plus(NOW, 5 * DAY_MS);
    const explanation = await explain(local, `grant#${SHARED}`, { now });
    expect(answersOf(explanation)['What ended it']).toBe('the clock, since its time is over');
    await record(
      `grant#${SHARED}`,
      draft('grant.ending', { at: minute(40) }),
      draft('grant.ended', { at: minute(41) }),
    );
    const overdue = await explain(local, `grant#${SHARED}`, { now });
    expect(answersOf(overdue)['Reviewed by']).toBe('1 review was due by 2026-10-18 09:00 UTC');
    expect(overdue.next).toContain('until then the next use takes a second person');
  });

  it('that waits says who may approve it, and that it lapses', async () => {
    const explanation = await explain(local, GUARDED, at(5));
    expect(answersOf(explanation)).toMatchObject({
      'Approved by': 'nobody yet; 1 approval needed (group security)',
      'In force': 'not yet',
      'What ended it': 'nothing yet',
    });
    expect(explanation.next).toContain('Somebody else of group security approves');
    const late = await explain(local, GUARDED, at(31));
    expect(late.asked?.state).toBe('lapsed');
    expect(answersOf(late)).toMatchObject({
      'In force': 'never',
      'What ended it': 'nothing had begun: it lapsed',
    });
  });

  it('of a drill says how each stage went, and that nobody reviews it', async () => {
    const answers = answersOf(await explain(local, DRILL, at(5)));
    expect(answers.Drill).toBe(
      'started passed on 2026-10-15 09:00 UTC; used failed (aws-unreachable) on 2026-10-15 09:00 UTC',
    );
    expect(answers['Reviewed by']).toBe('nobody has to: it was a drill');
  });

  it('that was refused says so, with why', async () => {
    const explanation = await explain(local, `grant#${REFUSED}`, at(5));
    expect(explanation.summary).toContain('refused');
    expect(explanation.timeline[0]?.text).toContain('(not-on-call): ana is not on call');
  });

  it('reads as an account', async () => {
    const text = renderExplanation(await explain(local, GRANT_ID, at(60))).join('\n');
    for (const part of [
      'ana took database-admin in 111122223333 on 2026-10-15 09:00 UTC, until 2026-10-15 09:30 UTC at the latest; it has ended.',
      'Account\n  Taken by',
      'Record: 12 events, verified; last hash',
    ]) {
      expect(text).toContain(part);
    }
  });
});

describe('an incident', () => {
  it('by its bare id: what was used, by which calls, who said what it was for, who reviewed', async () => {
    const explanation = await explain(local, INCIDENT_ID, at(90));
    expect(explanation).toMatchObject({ kind: 'incident', asked: { state: 'finding' } });
    expect(answersOf(explanation)).toMatchObject({
      Exactly: `arn:aws:iam::${ACCOUNT}:user/vault/emergency`,
      'Kept by': 'ana, dora',
      Calls: expect.stringContaining('; iam:CreateUser in us-east-1'),
      'Explained by': 'ana on 2026-10-15 09:20 UTC: the identity provider was down (ticket OPS-9)',
      'Reviewed by': 'cy on 2026-10-15 10:00 UTC: finding, because the drill of the year',
      'To follow': 'a new password for the vault',
    });
  });

  it('that nobody reviewed names those who may', async () => {
    const { next, asked } = await explain(local, INCIDENT_ID, { now: minute(99), at: minute(30) });
    expect([asked?.state, next]).toEqual([
      'explained',
      'Whoever of bo, cy did not use it reviews it by 2026-10-18 09:00 UTC.',
    ]);
  });
});

describe('what else an id may name', () => {
  it('a grant and a request of one id are told apart by the subject', async () => {
    await expect(explain(local, SHARED, at(5))).rejects.toMatchObject({
      code: 'ambiguous',
      details: { candidates: [`grant#${SHARED}`, `request#${SHARED}`] },
    });
    expect(await explain(local, `request#${SHARED}`, at(5))).toMatchObject({ kind: 'request' });
  });

  it('an event of a grant leads to the grant', async () => {
    const [, activated] = await local.ledger.chain(`grant#${GRANT_ID}`);
    const explanation = await explain(local, activated?.id ?? '', at(60));
    expect(explanation).toMatchObject({ kind: 'grant', subject: `grant#${GRANT_ID}` });
    expect(explanation.notes[0]).toContain('Access began with session ASIAEXAMPLESESSION01');
  });

  it.each(['grant#nothing-there', 'grant#incident/nothing-there'])('%s is not found', async (id) => {
    await expect(explain(local, id, at(5))).rejects.toMatchObject({ code: 'not-found', source: 'user' });
  });
});
