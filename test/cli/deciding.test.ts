import { describe, expect, test } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import { errorSchema } from './contract.ts';
import { fakeDesk } from './fake-desk.ts';
import { answers, challenge, HASH, PLAN_ID, request } from './service-answers.ts';

const ID = request.requestId;
const CHALLENGE = challenge.challengeId;
const OTHER = 'b'.repeat(64);
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const errorOf = (err: string) => errorSchema.parse(JSON.parse(err)).error;
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');

describe('approve: bound to what was shown (I11)', () => {
  test.each([
    [PLAN_ID, ['getPlan', 'approvePlan']],
    [ID, ['getRequest', 'approveRequest']],
  ])('%s: on a terminal it is shown and asked about, and approved by its hash', async (id, operations) => {
    const { janitor, calls, opened } = fakeDesk();
    const { exit, err, terminal } = await janitor(['approve', id], { tty: true, answer: true });
    expect([exit, terminal.asked]).toEqual([0, [`Approve ${id} as it stands above?`]]);
    expect(err).toContain(id);
    expect(calls.map(({ operation }) => operation)).toEqual(operations);
    expect(calls.at(-1)?.parameters).toEqual([id, HASH]);
    expect(opened).toHaveLength(2);
  });

  test('declined, nothing is approved', async () => {
    const { janitor, calls } = fakeDesk();
    const { exit, out, err } = await janitor(['approve', ID], { tty: true, answer: false });
    expect([exit, out, calls.map(({ operation }) => operation)]).toEqual([0, '', ['getRequest']]);
    expect(err).toContain('Nothing was approved.');
  });

  test('what changed while somebody read it is refused: the hash is that of what was shown', async () => {
    const changed = new JanitorError('another', { code: 'another-request', source: 'user' });
    const { janitor, calls } = fakeDesk({ approveRequest: changed });
    expect((await janitor(['approve', ID], { tty: true, answer: true })).exit).toBe(2);
    expect(calls.at(-1)?.parameters).toEqual([ID, HASH]);
  });

  test('in a script: --hash is what is sent, --yes takes what stands there, neither is exit 2', async () => {
    const { janitor, calls } = fakeDesk();
    expect((await janitor(['approve', ID, '--hash', OTHER])).exit).toBe(0);
    expect(calls).toMatchObject([{ operation: 'approveRequest', parameters: [ID, OTHER] }]);
    const { exit, out } = await janitor(['approve', PLAN_ID, '--yes', '--format', 'json']);
    expect([exit, JSON.parse(out)]).toMatchObject([0, { planId: PLAN_ID, state: 'approved' }]);
    const before = calls.length;
    const neither = await janitor(['approve', ID, '--format', 'json']);
    expect([neither.exit, errorOf(neither.err)]).toMatchObject([
      2,
      { code: 'confirmation-needed', hint: expect.stringContaining('--hash') },
    ]);
    expect(calls).toHaveLength(before);
    expect((await janitor(['approve', ID, '--hash', 'abc'])).exit).toBe(2);
  });

  test('an approval that was given before says so; the first one does not', async () => {
    const again = await fakeDesk({ approveRequest: request }).janitor(['approve', ID, '--yes']);
    expect([again.exit, again.err]).toEqual([0, 'You had approved it before: a person counts once.\n']);
    const approvals = [...request.approvals, ...request.approvals];
    const first = await fakeDesk({ approveRequest: { ...request, approvals } }).janitor([
      'approve',
      ID,
      '--yes',
    ]);
    expect([first.exit, first.err]).toEqual([0, '']);
  });

  test.each(['approve', 'reject'])('%s of what can be neither a plan nor a request: exit 2', async (verb) => {
    const { janitor, calls } = fakeDesk();
    const more = verb === 'approve' ? ['--yes'] : ['--reason', 'x'];
    const { exit, err } = await janitor([verb, 'PLAN/111122223333/4', ...more, '--format', 'json']);
    expect([exit, errorOf(err), calls]).toMatchObject([
      2,
      { code: 'usage', hint: expect.stringContaining('plan/111122223333/4') },
      [],
    ]);
  });

  test('what was approved and failed at once is exit 1', async () => {
    const end = { at: request.submittedAt, by: request.requester.actor, code: 'nothing-to-restore' };
    const { janitor } = fakeDesk({ approveRequest: { ...request, state: 'failed', end } });
    const { exit, out } = await janitor(['approve', ID, '--yes']);
    expect([exit, out]).toEqual([1, expect.stringContaining('nothing-to-restore')]);
  });

  test('refused by policy: exit 5, with the code and the way out', async () => {
    const party = new JanitorError('ana asked for it', {
      code: 'party-may-not-approve',
      source: 'policy',
      hint: 'Somebody else has to.',
    });
    const { janitor } = fakeDesk({ approveRequest: party });
    const { exit, err } = await janitor(['approve', ID, '--yes', '--format', 'json']);
    expect([exit, errorOf(err)]).toMatchObject([
      5,
      { code: 'party-may-not-approve', hint: 'Somebody else has to.' },
    ]);
  });
});

describe('reject', () => {
  test.each([
    [PLAN_ID, 'rejectPlan'],
    [ID, 'rejectRequest'],
  ])('%s, for a reason that a person is asked for', async (id, operation) => {
    const { janitor, calls } = fakeDesk();
    const typed = { 'Why?': 'ask the owner' };
    expect((await janitor(['reject', id], { tty: true, typed })).exit).toBe(0);
    expect(calls).toMatchObject([{ operation, parameters: [id, 'ask the owner'] }]);
  });
});

describe('withdraw and revoke', () => {
  test('a request is withdrawn with a reason or without', async () => {
    const { janitor, calls } = fakeDesk();
    expect((await janitor(['request', 'withdraw', ID])).out).toContain('withdrawn');
    await janitor(['request', 'withdraw', ID, '--reason', 'done']);
    expect(calls.map(({ parameters }) => parameters)).toEqual([
      [ID, undefined],
      [ID, 'done'],
    ]);
  });

  test('an exception is revoked, at once', async () => {
    const { janitor, calls } = fakeDesk();
    const { exit, out } = await janitor(['exception', 'revoke', ID, '--reason', 'the migration is done']);
    expect(exit).toBe(0);
    expect(oneLine(out)).toContain('its rules apply again, from the next check of each step on');
    expect(calls).toMatchObject([
      { operation: 'revokeException', parameters: [ID, 'the migration is done'] },
    ]);
  });

  test('renew asks for an extension under a new id', async () => {
    const { janitor, calls } = fakeDesk();
    const said = [
      '--reason',
      'not done',
      '--reason-kind',
      'migration',
      '--ticket',
      'OPS-1',
      '--until',
      '30d',
    ];
    expect((await janitor(['exception', 'renew', ID, ...said])).exit).toBe(0);
    expect(calls.at(-1)).toMatchObject({
      operation: 'submitRequest',
      parameters: [{ request: { ask: { kind: 'extension', exceptionId: ID } } }],
    });
  });
});

describe('challenges', () => {
  test('against a step: it waits, and who may decide reads how', async () => {
    const { janitor, calls } = fakeDesk();
    const flags = ['--credential', KEY, '--rule', 'access-key-unused', '--step', 'disable'];
    const { exit, out } = await janitor(['challenge', 'open', ...flags, '--reason', 'runs once a year']);
    expect(exit).toBe(0);
    expect(calls.at(-1)?.parameters).toEqual([
      {
        challenged: {
          kind: 'step',
          credentialId: expect.stringContaining(KEY),
          rule: 'access-key-unused',
          step: 'disable',
        },
        reason: 'runs once a year',
      },
    ]);
    expect(oneLine(out)).toContain('Undecided, it may lead to disable, never to delete.');
    expect(out).toContain(`janitor challenge decide ${CHALLENGE} --dismiss --reason ...`);
    expect(oneLine(out)).toContain('group security, but not ana');
  });

  test('I21 an act that was begun before is told', async () => {
    const openIntent = { change: 'disable', at: challenge.openedAt };
    const { janitor } = fakeDesk({ openChallenge: { repeated: true, challenge, openIntent } });
    const { out } = await janitor(['challenge', 'open', '--exception', ID, '--reason', 'x']);
    expect(out).toContain('Too late for one thing: "disable" was begun on 2026-03-02 08:00 UTC.');
    expect(out).toContain('a second challenge pauses nothing');
  });

  test.each([
    ['--uphold', 'upheld'],
    ['--dismiss', 'dismissed'],
  ])('decided by %s', async (flag, verdict) => {
    const { janitor, calls } = fakeDesk();
    await janitor(['challenge', 'decide', CHALLENGE, flag, '--reason', 'read it']);
    expect(calls).toMatchObject([
      { operation: 'decideChallenge', parameters: [CHALLENGE, { verdict, reason: 'read it' }] },
    ]);
  });

  test('a person reads it before deciding', async () => {
    const { janitor, calls } = fakeDesk();
    const typed = { 'Is the challenger right': 'upheld', 'Why?': 'it runs once a year' };
    const { err } = await janitor(['challenge', 'decide', CHALLENGE], { tty: true, typed });
    expect(err).toContain('runs once a year');
    expect(calls.map(({ operation }) => operation)).toEqual(['getChallenge', 'decideChallenge']);
  });

  test('upheld and dismissed at once is neither: exit 2', async () => {
    const both = ['challenge', 'decide', CHALLENGE, '--uphold', '--dismiss', '--reason', 'x'];
    expect((await fakeDesk().janitor(both)).exit).toBe(2);
  });
});

describe('policy activate shows what it changes', () => {
  const differences = [
    {
      at: 'rules.access-key-unused.match.unusedFor',
      effect: 'loosens',
      means: 'fewer credentials match',
      before: '45d',
      after: '60d',
    },
    {
      at: 'limits.perAccountPerDay',
      effect: 'tightens',
      means: 'the janitor may do less within a day',
      before: '10',
      after: '5',
    },
  ];
  const getPolicy = { ...answers.getPolicy, differences };

  test('on a terminal, before it asks', async () => {
    const { janitor, calls } = fakeDesk({ getPolicy });
    const { exit, err, terminal } = await janitor(['policy', 'activate', '--no-color'], {
      tty: true,
      answer: true,
    });
    expect([exit, terminal.asked]).toEqual([0, ['Activate policy bbbbbbbbbbbb?']]);
    expect(oneLine(err)).toContain('loosens (1 change) rules.access-key-unused.match.unusedFor: 45d -> 60d');
    expect(oneLine(err)).toContain('tightens (1 change) limits.perAccountPerDay: 10 -> 5');
    expect(calls.at(-1)).toMatchObject({
      operation: 'activatePolicy',
      parameters: [{ hash: 'b'.repeat(64) }],
    });
  });

  test('declined, nothing is activated', async () => {
    const { janitor, calls } = fakeDesk({ getPolicy });
    const { exit, err } = await janitor(['policy', 'activate'], { tty: true, answer: false });
    expect([exit, calls.map(({ operation }) => operation)]).toEqual([0, ['getPolicy']]);
    expect(err).toContain('Nothing was activated.');
  });

  test('in a script it stands in the result', async () => {
    const { janitor } = fakeDesk({ getPolicy });
    const json = await janitor(['policy', 'activate', '--format', 'json']);
    expect(JSON.parse(json.out)).toEqual({ schemaVersion: 1, ...answers.activatePolicy, differences });
    expect((await janitor(['policy', 'activate'])).out).toContain('45d -> 60d');
  });
});

describe('rotate follows what is carried out', () => {
  const under = {
    state: 'carrying-out',
    credentialId: answers.allowRotations.credentialId,
    into: { kind: 'store', secretId: 's', name: 's' },
    plan: answers.getPlan.plan,
  };

  test('asking again until it is done', async () => {
    const states = [under, under, answers.rotate];
    const { janitor, calls } = fakeDesk({
      get rotate() {
        return states.shift();
      },
    });
    const { exit, out, err, terminal } = await janitor(['rotate', KEY, '--reason', 'x', '--format', 'json']);
    expect([exit, JSON.parse(out).state, calls.length]).toEqual([0, 'rotated', 3]);
    expect(terminal.pauses).toEqual([500, 750]);
    expect(err).toContain('it is carried out now');
  });

  test('not for ever: exit 1, and it goes on by itself', async () => {
    const { janitor, calls } = fakeDesk({ rotate: under });
    const { exit, err } = await janitor(['rotate', KEY, '--reason', 'x', '--format', 'json']);
    expect([exit, calls.length, errorOf(err).code]).toEqual([1, 27, 'rotation-not-followed']);
  });

  test('Ctrl-C stops following, not the rotation', async () => {
    const { janitor } = fakeDesk({ rotate: under });
    const { exit, err } = await janitor(['rotate', KEY, '--reason', 'x', '--format', 'json'], {
      interrupted: Promise.resolve(),
    });
    expect([exit, errorOf(err).message]).toEqual([1, expect.stringContaining('following it was stopped')]);
  });
});
