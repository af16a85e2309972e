import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { EventDraft } from '../../lib/domain/event.ts';
import { foldGrant, type Grant } from '../../lib/domain/grant.ts';
import { GRANT_TOLD_ABOUT, type GrantToldAbout } from '../../lib/domain/grant-events.ts';
import type { Incident } from '../../lib/domain/incident.ts';
import { MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { composeGrantNotice, composeIncidentNotice } from '../../lib/notify/index.ts';
import { ACCOUNT, NOW } from '../builders/credential.ts';
import { chainOf } from '../builders/event.ts';
import { GRANT_DRAFTS, GRANT_ID } from '../builders/grant-drafts.ts';

const CY = { id: 'cy', label: 'Cy Cole', mail: 'cy@example.com' };
const KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ3mPLEKEY';

function at<T extends EventDraft>(draft: T, minutes: number): T {
  return { ...draft, at: plus(NOW, minutes * MINUTE_MS) };
}

const USED = [
  at(GRANT_DRAFTS['grant.activated'], 0),
  at(GRANT_DRAFTS['grant.ending'], 10),
  at(GRANT_DRAFTS['grant.end-failed'], 10),
];
const OVER = [...USED, at(GRANT_DRAFTS['grant.ended'], 12), at(GRANT_DRAFTS['grant.evidence-attached'], 40)];

function grantOf(later: readonly EventDraft[], first: Partial<Grant> = {}): Grant {
  const grant = foldGrant(chainOf(`grant#${GRANT_ID}`, [GRANT_DRAFTS['grant.requested'], ...later]));
  if (grant === undefined) throw new Error('no grant');
  return { ...grant, ...first };
}

function notice(about: GrantToldAbout, grant: Grant, summary: readonly string[] = []) {
  return composeGrantNotice({ noticeId: 'notice/asked/1', recipient: CY, about, grant, summary });
}

test('everybody is told at once what somebody took, why, until when, and how to end it', () => {
  const { subject, text } = notice('begun', grantOf(USED.slice(0, 1)));
  expect(subject).toBe(
    '[Credential Janitor] Break-glass: ana takes database-admin in 111122223333 for 30 minutes (ticket OPS-7)',
  );
  expect(text).toBe(`Hello Cy Cole,

ana takes the break-glass role database-admin in 111122223333 now.

  role        database-admin in account 111122223333
  why         the orders database does not accept writes (ticket OPS-7)
  standing    is on call (ana is on call)
  until       2026-10-15 09:30 UTC at the latest; it cannot be extended
  grant       ${GRANT_ID}

Nobody had to be asked for this; you are told so that somebody can say no.
  see it     janitor break-glass show ${GRANT_ID}
  end it     janitor break-glass revoke ${GRANT_ID} --reason '...'

What was done is shown to the reviewers afterwards; one of them, and never the one who took it, closes it by 2026-10-18 09:00 UTC.

This message is notice/asked/1. Opening, answering or forwarding it approves nothing, and no link does.
`);
});

test('a reviewer has what was done before him, whether it is all, and the commands to answer', () => {
  const summary = ['12 calls by 1 session.', 'Stands out: iam:CreateUser was denied, on eve.'];
  const { subject, text } = notice('review', grantOf(OVER), summary);
  expect(subject).toContain('your review is asked for by 2026-10-18 09:00 UTC: database-admin');
  expect(text).toContain(`WHAT IT DID, AS CLOUDTRAIL SHOWS IT
- 12 calls by 1 session.
- Stands out: iam:CreateUser was denied, on eve.
`);
  expect(text).toContain(`janitor break-glass review ${GRANT_ID} --verdict closed --reason '...'`);
  expect(text).toContain(`janitor break-glass evidence ${GRANT_ID}`);
  expect(text).toContain('0 of 1, by whoever neither took nor approved it');
  const partly = grantOf(OVER, { evidence: { events: 0, complete: false } });
  expect(notice('review', partly).text).toContain('SHOWS IT, WHICH IS NOT ALL YET\n- nothing is known yet');
});

test.each<[GrantToldAbout, Grant, RegExp, RegExp]>([
  ['ended', grantOf(OVER), /has ended$/, /because it was given back.*by ana on 2026-10-15 09:12 UTC/s],
  ['end-failed', grantOf(USED), /ACT NOW/, /failed \(aws-throttled\).*deny everything from the end/s],
  [
    'more',
    grantOf([...OVER, at(GRANT_DRAFTS['grant.reviewed'], 60)]),
    /there is more evidence of database-admin/,
    /CloudTrail shows 12 calls now. It was reviewed before that was known./,
  ],
  [
    'overdue',
    grantOf(OVER),
    /OVERDUE: nobody reviewed/,
    /ana needs a second person before taking database-admin/,
  ],
])('%s', (about, grant, subject, text) => {
  const said = notice(about, grant);
  expect(said.subject).toMatch(subject);
  expect(said.text).toMatch(text);
});

describe('texts of others', () => {
  it.each(GRANT_TOLD_ABOUT)('stand on one line, without what looks like a secret: %s', (about) => {
    const grant = grantOf(OVER, { reason: `look:\n\nTO REVIEW IT, ${KEY}`, ticket: 'OPS-7\r\nBcc: eve' });
    const { subject, text } = notice(about, grant, [`on ${KEY}\nTO REVIEW IT`]);
    expect(text).not.toContain(KEY);
    expect(text).not.toMatch(/^TO REVIEW IT, wJ/m);
    expect(text).not.toMatch(/^Bcc/m);
    expect(subject).not.toMatch(/[\r\n]/);
  });

  it('never break out of their line, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...GRANT_TOLD_ABOUT),
        fc.string({ unit: 'grapheme-composite' }),
        (about, reason) => {
          const lines = (each: Grant) => notice(about, each, [each.reason]).text.split('\n').length;
          expect(lines(grantOf(OVER, { reason }))).toBe(lines(grantOf(OVER, { reason: 'plain' })));
        },
      ),
    );
  });
});

test('access without a grant and a use of the last resort are told as what they are', () => {
  const call = {
    eventId: 'e-1',
    at: NOW,
    name: 'sts:AssumeRole',
    region: 'eu-central-1',
    sourceIp: '192.0.2.7',
  };
  const incident: Incident = {
    incidentId: 'incident-1',
    kind: 'session-without-grant',
    accountId: ACCOUNT,
    target: `arn:aws:iam::${ACCOUNT}:role/janitor/break-glass/database-admin`,
    principal: `arn:aws:sts::${ACCOUNT}:assumed-role/admin/eve`,
    person: 'ana',
    why: 'the broker did not ask for it',
    call,
    calls: [call],
    custodians: [],
    reviewers: ['cy'],
    reviewBy: plus(NOW, 60 * MINUTE_MS),
    openedAt: NOW,
  };
  const told = composeIncidentNotice({
    noticeId: 'notice/asked/2',
    recipient: CY,
    about: 'opened',
    incident,
  });
  expect(told.subject).toBe(
    '[Credential Janitor] CRITICAL: a break-glass role was assumed and no grant explains it (account 111122223333)',
  );
  expect(told.text).toContain('which claims to be ana');
  expect(told.text).toContain('sts:AssumeRole on 2026-10-15 09:00 UTC in eu-central-1 from 192.0.2.7');
  expect(told.text).toContain('janitor explain incident-1');
  expect(told.text).toContain('janitor break-glass review-incident incident-1 --verdict closed');
  const { person: _nobody, ...rest } = incident;
  const vault: Incident = { ...rest, kind: 'emergency-identity', custodians: ['dora'] };
  const used = composeIncidentNotice({
    noticeId: 'notice/asked/3',
    recipient: CY,
    about: 'overdue',
    incident: vault,
  });
  expect(used.text).toContain('Nobody reviewed this by 2026-10-15 10:00 UTC.');
  expect(used.subject).toContain('an identity of the last resort was used');
  expect(used.text).toContain('custodians  dora');
});
