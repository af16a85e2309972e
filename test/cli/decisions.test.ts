import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CLI_START, daysAfterStart, emptyFolder, janitor } from '../builders/command-line.ts';
import { sweepSchema } from './contract.ts';
import { codeOf, flagsAt, POLICY, servedFor, sweepAt as sweep } from './local-record.ts';

const served = servedFor('administrator');

describe('restore, halt, resume and reject', () => {
  const stateDir = emptyFolder();
  const at = (days: number) => flagsAt(stateDir, days, 'json');
  const sweepAt = async (days: number) => (await sweep(stateDir, days)).result;
  let keyId = '';

  beforeAll(async () => {
    served.account.actAs('administrator');
    await janitor(['policy', 'activate', ...at(0)]);
    const { actions } = await sweepAt(0);
    keyId =
      actions
        .find(({ credentialId }) => credentialId.includes('/forgotten/'))
        ?.credentialId.split('/')
        .at(-1) ?? '';
  }, 60_000);

  test('restore of something untouched says that there is nothing to undo: exit 2', async () => {
    const { exit, err } = await janitor(['restore', keyId, '--reason', 'needed', ...at(1)]);
    expect([exit, codeOf(err)]).toEqual([2, 'nothing-to-restore']);
  });

  test('restore of something unknown: exit 2', async () => {
    const { exit, err } = await janitor(['restore', 'AKIAUNKNOWN000000000', '--reason', 'needed', ...at(1)]);
    expect([exit, codeOf(err)]).toEqual([2, 'credential-not-found']);
  });

  test('G20 anybody may halt; a halted sweep does nothing and says why: exit 5', async () => {
    served.account.actAs('ana');
    const halt = await janitor(['halt', '--all', '--reason', 'incident 4711', ...at(14)]);
    expect(halt.exit).toBe(0);
    expect(JSON.parse(halt.out)).toMatchObject({
      lifted: false,
      halt: { target: 'all', reason: 'incident 4711' },
    });
    served.account.actAs('administrator');
    const { exit, out } = await janitor(['sweep', '--enforce', '--yes', ...at(14)]);
    const { refused, actions } = sweepSchema.parse(JSON.parse(out));
    expect({ exit, code: refused?.code, actions }).toEqual({ exit: 5, code: 'halted', actions: [] });
  });

  test('halt --list shows it, for people and programs', async () => {
    const list = ['halt', '--list', '--state-dir', stateDir];
    expect((await janitor(list)).out).toContain('all halted by ana on 2026-03-16 08:00 UTC: incident 4711');
    expect(JSON.parse((await janitor([...list, '--format', 'json'])).out)).toMatchObject({
      halts: [{ target: 'all' }],
    });
  });

  test('resuming takes another person: exit 5 for the one who halted and for a program', async () => {
    for (const who of ['ana', 'administrator'] as const) {
      served.account.actAs(who);
      expect((await janitor(['resume', '--all', '--reason', 'over', ...at(14)])).exit).toBe(5);
    }
    served.account.actAs('ben');
    const resumed = await janitor(['resume', '--all', '--reason', 'incident closed', ...at(14)]);
    expect([resumed.exit, JSON.parse(resumed.out).lifted]).toEqual([0, true]);
    expect((await janitor(['halt', '--list', '--state-dir', stateDir])).out).toBe('Nothing is halted.\n');
  });

  test('resuming what is not halted: exit 2', async () => {
    served.account.actAs('ben');
    const { exit, err } = await janitor([
      'resume',
      '--rule',
      'access-key-unused',
      '--reason',
      'x',
      ...at(14),
    ]);
    expect([exit, codeOf(err)]).toEqual([2, 'no-such-halt']);
  });

  test('G12 I8 restore by a bare key id undoes what was done and holds', async () => {
    const { actions } = await sweepAt(14);
    expect(actions.map(({ step, outcome }) => `${step} ${outcome}`)).toContain('disable done');
    served.account.actAs('ben');
    const { exit, out } = await janitor(['restore', keyId, '--reason', 'quarter end', ...at(15)]);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      credentialId: expect.stringContaining(keyId),
      changes: [{ change: 'enable', outcome: 'done' }],
      left: [],
      holdUntil: daysAfterStart(45),
    });
    served.account.actAs('administrator');
    const after = await sweepAt(20);
    expect(after.actions.filter(({ credentialId }) => credentialId.includes(keyId))).toEqual([]);
  });

  test('restore of a secret by its name, in words', async () => {
    served.account.actAs('ben');
    const flags = ['--policy', POLICY, '--state-dir', stateDir, '--now', daysAfterStart(21)];
    const { exit, out } = await janitor(['restore', 'old/token', '--reason', 'still needed', ...flags]);
    expect(exit).toBe(0);
    expect(out).toContain('Enabled again');
    expect(out).toContain('leaves it alone until');
  });

  test.each([
    ['plan/111122223333/99', 'plan-not-found'],
    ['plan/nonsense', 'plan-not-found'],
    ['nonsense', 'request-not-found'],
  ])('approving %s, which is unknown: exit 2', async (id, code) => {
    served.account.actAs('ana');
    const { exit, err } = await janitor(['approve', id, '--yes', ...at(21)]);
    expect([exit, codeOf(err)]).toEqual([2, code]);
  });
});

test('G10 a rejected plan does not run, and cannot be approved any more', async () => {
  const stateDir = emptyFolder();
  const at = (days: number) => flagsAt(stateDir, days, 'json');
  const sweepAt = async (days: number) => (await sweep(stateDir, days)).result;
  await janitor(['policy', 'activate', ...at(60)]);
  await sweepAt(60);
  await sweepAt(74);
  const [plan] = (await sweepAt(110)).plans;
  served.account.actAs('ana');
  const rejected = await janitor([
    'reject',
    plan?.planId ?? '',
    '--reason',
    'ask the owner first',
    ...at(110),
  ]);
  expect([rejected.exit, JSON.parse(rejected.out).state]).toEqual([0, 'rejected']);
  const approved = await janitor(['approve', plan?.planId ?? '', '--yes', ...at(110)]);
  expect([approved.exit, codeOf(approved.err)]).toEqual([5, 'plan-not-pending']);
  served.account.actAs('administrator');
  expect((await sweepAt(111)).actions.filter(({ step }) => step === 'delete')).toEqual([]);
});

test('G8 I11 a later policy version takes two other people, none of them its proposer', async () => {
  const stateDir = emptyFolder();
  const changed = emptyFolder();
  copyFileSync(path.join(POLICY, 'directory.yaml'), path.join(changed, 'directory.yaml'));
  const text = readFileSync(path.join(POLICY, 'janitor.yaml'), 'utf8');
  writeFileSync(path.join(changed, 'janitor.yaml'), text.replace('unusedFor: 45d', 'unusedFor: 60d'));
  const activate = async (who: 'ana' | 'ben' | 'carla' | 'administrator', policy: string) => {
    served.account.actAs(who);
    const argv = [
      'policy',
      'activate',
      '--policy',
      policy,
      '--state-dir',
      stateDir,
      '--now',
      CLI_START,
      '--format',
      'json',
    ];
    const { exit, out, err } = await janitor(argv);
    return { exit, said: exit === 0 ? JSON.parse(out).outcome : codeOf(err) };
  };
  expect(await activate('ana', POLICY)).toEqual({ exit: 0, said: 'activated' });
  expect(await activate('ana', changed)).toEqual({ exit: 0, said: 'pending' });
  expect(await activate('ana', changed)).toEqual({ exit: 5, said: 'requester-may-not-approve' });
  expect(await activate('administrator', changed)).toEqual({ exit: 5, said: 'not-an-approver' });
  expect(await activate('ben', changed)).toEqual({ exit: 0, said: 'pending' });
  expect(await activate('ben', changed)).toEqual({ exit: 5, said: 'already-approved' });
  expect(await activate('carla', changed)).toEqual({ exit: 0, said: 'activated' });
  expect(await activate('carla', changed)).toEqual({ exit: 0, said: 'already-active' });
});
