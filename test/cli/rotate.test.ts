import { readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  CLI_ACCOUNT,
  daysAfterStart,
  emptyFolder,
  everythingPrinted,
  janitor,
} from '../builders/command-line.ts';
import { codeOf, flagsAt, POLICY, servedFor } from './local-record.ts';

const READER = `arn:aws:iam::${CLI_ACCOUNT}:role/nightly-export`;
const USER = 'exporter';

const served = servedFor('carla');
let keyId = '';
const stateDir = emptyFolder();

const at = (days: number, format: 'json' | 'table' = 'json') => flagsAt(stateDir, days, format);
const rotate = (days: number, format?: 'json' | 'table') =>
  janitor(['rotate', keyId, '--reason', 'older than a year', ...at(days, format)]);

beforeAll(async () => {
  const { account: world } = served;
  const account = world.aws.account(CLI_ACCOUNT);
  const tags = { owner: 'ben', 'janitor:rotation': 'managed' };
  account.addUser({ name: USER, path: '/exports/', createdAt: daysAfterStart(-500), tags });
  keyId = account.addAccessKey(USER, {
    createdAt: daysAfterStart(-400),
    lastUsed: { at: daysAfterStart(0) },
  }).id;
  world.actAs('administrator');
  await janitor(['policy', 'activate', ...at(0)]);
  await janitor(['sweep', ...at(0)]);
}, 60_000);

describe('janitor rotate, for a key that lies in no secret', () => {
  let planId = '';

  test('without a reason: exit 2', async () => {
    expect((await janitor(['rotate', keyId, ...at(1)])).exit).toBe(2);
  });

  test('of a user that is not managed: exit 5, and the command that tags it', async () => {
    const [other] = JSON.parse(
      (
        await janitor([
          ...['scan', '--full', '--policy', POLICY],
          ...['--now', daysAfterStart(0), '--format', 'json'],
        ])
      ).out,
    ).credentials.filter(({ id }: { readonly id: string }) => id.includes('/busy/'));
    const { exit, err } = await janitor(['rotate', other.id, '--reason', 'x', ...at(1)]);
    expect([exit, codeOf(err)]).toEqual([5, 'not-managed']);
    expect(err).toContain('aws iam tag-user --user-name busy');
  });

  test('the first call freezes a plan and says what comes next', async () => {
    const { exit, out } = await rotate(1);
    expect(exit).toBe(0);
    const said = JSON.parse(out);
    expect(said).toMatchObject({
      schemaVersion: 1,
      state: 'awaiting-approval',
      into: { kind: 'delivery', name: `credential-janitor/delivered/${USER}`, reader: READER },
      plan: { state: 'pending', tier: 'guarded', remaining: 1 },
    });
    planId = said.plan.planId;
    const { out: text } = await rotate(1, 'table');
    expect(text).toContain(`Another person approves: janitor approve ${planId}`);
    expect(text).toContain(`janitor rotate ${keyId} --reason ...`);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`which only ${READER} can read`);
  });

  test('I11 who asked may not approve it: exit 5; who approves reads who carries it out', async () => {
    const own = await janitor(['approve', planId, '--yes', ...at(1)]);
    expect([own.exit, codeOf(own.err)]).toEqual([5, 'requester-may-not-approve']);
    served.account.actAs('ana');
    const { exit, out } = await janitor(['approve', planId, '--yes', ...at(1, 'table')]);
    expect([exit, out]).toEqual([0, expect.stringContaining(`janitor rotate ${keyId} --reason ...`)]);
  });

  test('the same call then rotates; the owner has mail', async () => {
    const { exit, out } = await rotate(1);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      state: 'rotated',
      credentialId: expect.stringContaining(keyId),
      accessKeyId: expect.stringMatching(/^AKIA/),
      secretId: expect.stringContaining(`credential-janitor/delivered/${USER}-`),
    });
    const outbox = path.join(stateDir, 'outbox');
    const mails = readdirSync(outbox, { recursive: true, encoding: 'utf8' });
    expect(mails.length).toBeGreaterThan(0);
  });

  test('and once more: it tells what was done, for people too', async () => {
    const { exit, out } = await rotate(2, 'table');
    expect(exit).toBe(0);
    expect(out).toContain('Rotated');
    expect(out).toContain('stays active until it has shown disuse');
  });

  test('explain tells who asked, who approved, where the new key is and who was told', async () => {
    const { exit, out } = await janitor(['explain', keyId, '--state-dir', stateDir]);
    const text = out.replaceAll(/\s+/g, ' ');
    expect(exit).toBe(0);
    for (const words of [
      planId,
      'approved by ana',
      'because a person asked for it',
      `delivered/${USER}`,
      'ben was told',
    ])
      expect(text).toContain(words);
  });
});

describe('janitor resume --rotations', () => {
  test('says what is missing: exit 2', async () => {
    const { exit, err } = await janitor(['resume', '--rotations', ...at(3)]);
    expect([exit, codeOf(err)]).toEqual([2, 'usage']);
    expect(err).toContain('--account ID, and why: --reason');
  });

  test('where nothing is stopped: exit 2', async () => {
    const flags = ['--account', CLI_ACCOUNT, '--reason', 'mended'];
    const { exit, err } = await janitor(['resume', '--rotations', ...flags, ...at(3)]);
    expect([exit, codeOf(err)]).toEqual([2, 'rotations-not-stopped']);
  });
});

test('no secret was printed', () => {
  const printed = everythingPrinted();
  for (const secret of served.account.secretValues) expect(printed).not.toContain(secret);
  expect(printed).not.toMatch(/secretAccessKey/);
});
