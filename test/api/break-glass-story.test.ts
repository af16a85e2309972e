import { CreateUserCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { breakGlassRoleArn, GRANT_TAG } from '../../lib/domain/break-glass-names.ts';
import { ROLE, VALUES } from './night-policy.ts';
import { at, type Credentials, Night, outcome } from './night-world.ts';
import { ACCOUNT, type PersonName } from './story-world.ts';

const DEADLINE_MS = 60_000;
const DAY = 24 * 60;
const PLACE = { partition: 'aws', accountId: ACCOUNT };

let night: Night;
const lent: Credentials[] = [];

beforeAll(async () => {
  night = await Night.open();
}, DEADLINE_MS);
afterAll(() => night.close());

const as = (credentials: Parameters<Night['as']>[0]) => night.as(credentials);
const look = (credentials: Credentials) => outcome(as(credentials).iam.send(new ListUsersCommand({})));

function session(body: { readonly outcome: string; readonly credentials: Credentials }): Credentials {
  expect(body.outcome).toBe('started');
  lent.push(body.credentials);
  return body.credentials;
}

/** Told in order: each test goes on where the one before it ended. */
describe('a break-glass role, from the call at night to its review, over HTTP with real signatures', () => {
  let first: Credentials;
  let second: Credentials;

  test('G2: the policy is activated; whoever is on call sees what there is to take, and what it may do', async () => {
    const { body: policy } = await night.call('ana', '/v1/policy');
    expect(await night.call('ana', '/v1/policy/activate', { hash: policy.deployed })).toMatchObject({
      status: 200,
    });
    const roles = async (who: PersonName) => (await night.call(who, '/v1/break-glass/roles')).body.items;
    expect(await roles('dmitri')).toMatchObject([{ name: ROLE, eligible: true, longestSeconds: 3600 }]);
    expect(await roles('elena')).toMatchObject([{ name: ROLE, eligible: false }]);
    expect((await roles('dmitri'))[0].summary.join('\n')).toContain('secretsmanager:GetSecretValue');
  });

  test.each([
    ['somebody who is not eligible', 'carla', {}, 'not-eligible'],
    ['somebody who is eligible and not on call', 'elena', {}, 'not-on-call'],
    ['somebody whom the directory does not know', 'mallory', {}, 'not-a-person'],
    ['a role that does not exist', 'dmitri', { role: 'everything' }, 'role-unknown'],
    ['a reason that is too short', 'dmitri', { reason: 'quick fix' }, 'reason-too-short'],
    ['longer than the policy lets it last', 'dmitri', { durationSeconds: 3601 }, 'duration-too-long'],
    ['another account', 'dmitri', { accountId: '444455556666' }, 'account-not-covered'],
    ['a ticket of another system', 'dmitri', { ticket: 'JIRA-1' }, 'ticket-malformed'],
  ] as const)('%s: refused, and that is on record', async (what, who, wanted, code) => {
    const grantId = `refused-${what.replaceAll(/[^a-z]/g, '-')}`.slice(0, 60);
    const refused = await night.take(who, grantId, wanted);
    expect(refused).toMatchObject({ status: 403, body: { code } });
    expect(refused.body.credentials).toBeUndefined();
    const { body } = await night.call('ana', `/v1/explain?id=${grantId}`);
    expect(JSON.stringify(body)).toContain('refused');
  });

  test('G11: dmitri, who is on call, takes it and has credentials that work', async () => {
    const { status, body } = await night.take('dmitri', 'orders-at-night');
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { grant: { state: 'active', standing: 'on-call', secondsLeft: 1800, errands: [] } },
    });
    first = session(body);
    expect(first.expiresAt).toBe(at(15));
    expect(await look(first)).toBe('done');
  });

  test('the same call again is another session of the same grant; the id for something else is refused', async () => {
    second = session((await night.take('dmitri', 'orders-at-night')).body);
    expect(second.accessKeyId).not.toBe(first.accessKeyId);
    expect(await look(second)).toBe('done');
    const other = await night.take('dmitri', 'orders-at-night', { durationSeconds: 900 });
    expect(other).toMatchObject({ status: 409, body: { code: 'grant-conflict' } });
  });

  test('G17: reviewers and whoever answers for the account are told at once, and how to end it', () => {
    const told = night.letters().filter((letter) => letter.includes('orders-at-night'));
    for (const name of ['ana', 'ben', 'carla', 'elena']) {
      expect(
        told.filter((letter) => letter.includes(`${name}@example.com`)),
        name,
      ).toHaveLength(1);
    }
    expect(told[0]).toContain('The orders database does not accept writes');
    expect(told[0]).toContain('break-glass revoke');
  });

  test('what its boundary forbids is refused whatever the role allows; nobody else can assume the role', async () => {
    expect(await outcome(as(first).iam.send(new CreateUserCommand({ UserName: 'backdoor' })))).toBe(
      'AccessDenied',
    );
    const past = new AssumeRoleCommand({
      RoleArn: breakGlassRoleArn(PLACE, ROLE),
      RoleSessionName: 'orders-at-night',
      SourceIdentity: 'dmitri',
      Tags: [{ Key: GRANT_TAG, Value: 'orders-at-night' }],
    });
    expect(await outcome(as(night.served.world.credentials).sts.send(past))).toBe('AccessDenied');
    expect(await outcome(as(first).sts.send(past))).toBe('AccessDenied');
  });

  test('it is used: a secret is read, another one made', async () => {
    await night.until(5);
    const { SecretString } = await as(first).secrets.send(
      new GetSecretValueCommand({ SecretId: 'orders/db' }),
    );
    expect(SecretString).toBe(VALUES[0]);
    const left = new CreateSecretCommand({ Name: 'orders/spare', SecretString: VALUES[1] });
    expect(await outcome(as(first).secrets.send(left))).toBe('done');
  });

  test('renewed by who took it and by nobody else, for fifteen minutes more', async () => {
    await night.until(10);
    expect((await night.of('elena', 'orders-at-night', '/credentials', 'posted')).status).toBe(404);
    second = session((await night.of('dmitri', 'orders-at-night', '/credentials', 'posted')).body);
    expect(second.expiresAt).toBe(at(25));
    expect(await look(second)).toBe('done');
  });

  test('I12 I13: given back early, all its credentials are refused at once and none is issued again', async () => {
    await night.until(12);
    expect(await night.of('elena', 'orders-at-night', '/return', {})).toMatchObject({ status: 403 });
    expect(
      await night.of('dmitri', 'orders-at-night', '/return', { reason: 'it writes again' }),
    ).toMatchObject({
      status: 200,
      body: { outcome: 'ended', grant: { state: 'ended', afterUse: 'evidence-pending', secondsLeft: 0 } },
    });
    for (const each of lent.filter(({ expiresAt }) => expiresAt > at(12))) {
      expect(await look(each)).toMatch(/^AccessDenied/);
    }
    const renewed = await night.of('dmitri', 'orders-at-night', '/credentials', 'posted');
    expect(renewed).toMatchObject({ status: 409, body: { code: 'grant-over' } });
    expect(renewed.body.credentials).toBeUndefined();
  });
});

describe('what it did, and whether it should have', () => {
  const review = { verdict: 'closed', reason: 'Exactly what the ticket asked for' };
  const evidence = async () => (await night.of('ben', 'orders-at-night', '/evidence')).body;

  test('nobody judges without evidence, which CloudTrail is given a quarter of an hour for', async () => {
    await night.until(26);
    await night.round();
    expect(await evidence()).toMatchObject({ state: 'none', events: [] });
    expect(await night.of('ben', 'orders-at-night', '/review', review)).toMatchObject({
      status: 409,
      body: { code: 'evidence-missing' },
    });
  });

  test('I17: then the reconciler attaches what there is, and all of it once its sessions are over', async () => {
    await night.until(27);
    await night.round();
    expect(await evidence()).toMatchObject({ state: 'attached', complete: false });
    await night.until(45);
    await night.round();
    expect(await evidence()).toMatchObject({ state: 'attached', complete: true, missing: [] });
  });

  test('a reviewer reads what was called, what was denied and what it showed', async () => {
    const { summary, events } = await evidence();
    expect(summary[0]).toMatch(/^\d+ calls by 3 sessions from 2026-03-02 08:00 UTC to 2026-03-02 08:12 UTC/);
    for (const line of [
      /^Stands out: iam:CreateUser was denied, on backdoor/,
      /^Stands out: iam:ListUsers was denied/,
      /^Stands out: secretsmanager:GetSecretValue shows a value that is secret, on .*orders\/db/,
      /^Stands out: secretsmanager:CreateSecret makes or changes a credential, on .*orders\/spare/,
      /^Called: iam:ListUsers/,
    ]) {
      expect(summary).toContainEqual(expect.stringMatching(line));
    }
    expect(events).toContainEqual(expect.objectContaining({ action: 'CreateUser', error: 'AccessDenied' }));
  });

  test('what it showed or made has a finding, which says how to rotate it', async () => {
    const { events } = await night.record();
    const found = events.flatMap((event) => (event.type === 'finding.opened' ? [event.subject] : []));
    for (const secret of ['orders/db', 'orders/spare']) {
      const subject = found.find((each) => each.includes(`:secret:${secret}-`));
      const id = subject?.slice(subject.indexOf('arn:'));
      const { body } = await night.call('ana', `/v1/explain?id=${encodeURIComponent(id ?? '')}`);
      expect(JSON.stringify(body)).toMatch(/exposed during a break-glass grant[\s\S]*janitor rotate/);
    }
  });

  test('who may review it is asked to, with that summary; whoever used it is not', () => {
    const asked = night.letters().filter((letter) => letter.includes('iam:CreateUser was denied'));
    expect(asked).toHaveLength(3);
    expect(asked.filter((letter) => letter.includes('dmitri@example.com'))).toEqual([]);
  });

  test.each([
    ['I11: whoever used it', 'dmitri', 'may-not-review-own'],
    ['who is no reviewer', 'elena', 'not-a-reviewer'],
    ['who is nobody the directory knows', 'mallory', 'caller-unresolved'],
    ['an account that nobody registered', 'stranger', 'caller-refused'],
  ] as const)('%s does not review it', async (_who, name, code) => {
    expect(await night.of(name, 'orders-at-night', '/review', review)).toMatchObject({
      status: 403,
      body: { code },
    });
  });

  test('G17: another person reviews it, once', async () => {
    expect(await night.of('ben', 'orders-at-night', '/review', review)).toMatchObject({
      status: 200,
      body: { afterUse: 'closed', reviews: [{ by: { person: 'ben' }, verdict: 'closed' }] },
    });
    expect(await night.of('ana', 'orders-at-night', '/review', review)).toMatchObject({ status: 409 });
    expect((await night.call('ben', '/v1/break-glass/grants?state=open')).body.items).toEqual([]);
  });

  test('G5 I10: its bare id tells it all, and the ledger verifies', async () => {
    const { status, body } = await night.call('carla', '/v1/explain?id=orders-at-night');
    expect(status).toBe(200);
    const told = JSON.stringify(body);
    for (const part of ['dmitri', ROLE, 'OPS-17', 'does not accept writes', 'it writes again', 'ben']) {
      expect(told, part).toContain(part);
    }
    expect((await night.record()).verification).toMatchObject({ ok: true, problems: [] });
  });
});

describe('I18: a review that nobody writes costs the next use a second person', () => {
  test('a second grant ends by itself, and its review is overdue after a day', async () => {
    session((await night.take('dmitri', 'left-unreviewed', { durationSeconds: 600 })).body);
    await night.until(60);
    await night.round();
    const ended = await night.of('ben', 'left-unreviewed');
    expect(ended.body).toMatchObject({ state: 'ended', ending: { cause: 'expired' } });
    await night.until(60 + DAY);
    await night.round();
    expect((await night.of('ben', 'left-unreviewed')).body).toMatchObject({ afterUse: 'review-overdue' });
    expect(night.letters().filter((letter) => letter.includes('OVERDUE: nobody reviewed'))).not.toEqual([]);
  });

  test('the next one waits, without credentials, and says what for', async () => {
    const waiting = await night.take('dmitri', 'after-the-overdue');
    expect(waiting).toMatchObject({
      status: 200,
      body: { outcome: 'waiting', grant: { state: 'requested', approvalsNeeded: 1 } },
    });
    expect(waiting.body.credentials).toBeUndefined();
    expect(waiting.body.grant.why.join('\n')).toContain('the review of grant left-unreviewed was due by');
  });

  test('I11: not by who asked and not by who is no approver; a second person approves, and it goes on', async () => {
    const approve = (who: PersonName) => night.of(who, 'after-the-overdue', '/approve', 'posted');
    expect(await approve('dmitri')).toMatchObject({
      status: 403,
      body: { code: 'requester-may-not-approve' },
    });
    expect(await approve('elena')).toMatchObject({ status: 403, body: { code: 'not-an-approver' } });
    expect(await approve('carla')).toMatchObject({ status: 200, body: { approvals: [{}] } });
    const going = session((await night.take('dmitri', 'after-the-overdue')).body);
    expect(await look(going)).toBe('done');
    expect(
      await night.of('ana', 'after-the-overdue', '/revoke', { reason: 'enough for today' }),
    ).toMatchObject({
      status: 200,
      body: { outcome: 'ended', grant: { ending: { cause: 'revoked', by: { person: 'ana' } } } },
    });
    expect(await look(going)).toMatch(/^AccessDenied/);
  });
});

test('the whole path is tried without an emergency: a drill passes every stage and owes nobody a review', async () => {
  const body = { grantId: 'monthly-drill', accountId: ACCOUNT };
  const drilled = await night.call('dmitri', '/v1/break-glass/drills', body);
  expect(drilled).toMatchObject({ status: 200, body: { grant: { role: 'drill', reviewsNeeded: 0 } } });
  const outcomes = drilled.body.stages.map(({ outcome: came }: { outcome: string }) => came);
  expect(new Set(outcomes)).toEqual(new Set(['passed']));
});

test('no secret and no session token was written anywhere, by anybody', async () => {
  const written = await night.written();
  expect(lent.length).toBeGreaterThanOrEqual(5);
  expect(written).toContain(lent[0]?.accessKeyId);
  const secrets = [...VALUES, ...lent.flatMap((each) => [each.secretAccessKey, each.sessionToken])];
  for (const secret of secrets) expect(written.includes(secret), 'a secret was written').toBe(false);
  expect((await night.record()).verification).toMatchObject({ ok: true, problems: [] });
});
