import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  daysAfterStart,
  emptyFolder,
  janitor,
  type ServedAccount,
  serveAccount,
} from '../builders/command-line.ts';
import { errorSchema, sweepSchema } from './contract.ts';

const POLICY = path.join(import.meta.dirname, 'policy');
const stateDir = emptyFolder();
const at = (days: number) => [
  '--policy',
  POLICY,
  '--state-dir',
  stateDir,
  '--now',
  daysAfterStart(days),
  '--format',
  'json',
];
let served: ServedAccount;
let sweepId = '';
let keyId = '';

beforeAll(async () => {
  served = await serveAccount();
  await janitor(['policy', 'activate', ...at(0)]);
  for (const days of [0, 14]) {
    const { out } = await janitor(['sweep', '--enforce', '--yes', ...at(days)]);
    const { sweepId: id, actions } = sweepSchema.parse(JSON.parse(out));
    sweepId = id;
    keyId =
      actions
        .find(({ credentialId }) => credentialId.includes('/forgotten/'))
        ?.credentialId.split('/')
        .at(-1) ?? '';
  }
}, 60_000);
afterAll(async () => {
  await served.close();
  vi.unstubAllEnvs();
});

describe('a state folder whose files were damaged', () => {
  test.each([
    ['a garbled LevelDB file', (dir: string) => writeFileSync(path.join(dir, 'dynamodb', 'CURRENT'), 'x')],
    [
      'a LevelDB that has lost everything',
      (dir: string) => {
        for (const name of readdirSync(path.join(dir, 'dynamodb')).filter((each) => /log$|ldb$/.test(each)))
          writeFileSync(path.join(dir, 'dynamodb', name), '');
      },
    ],
  ])('%s: said so, with the folder and the way out; exit 1', async (_name, damage) => {
    const dir = emptyFolder();
    const flags = ['--policy', POLICY, '--state-dir', dir, '--now', daysAfterStart(14)];
    await janitor(['policy', 'activate', ...flags]);
    damage(dir);
    for (const argv of [
      ['ledger', 'verify', '--state-dir', dir],
      ['sweep', ...flags],
    ]) {
      const { exit, err } = await janitor([...argv, '--format', 'json']);
      expect(exit).toBe(1);
      expect(errorSchema.parse(JSON.parse(err)).error).toMatchObject({
        code: 'state-dir-damaged',
        message: expect.stringContaining(dir),
        hint: expect.stringContaining('Put a copy'),
      });
    }
  });
});

const ledger = (...words: string[]) => ['ledger', ...words, '--state-dir', stateDir];

describe('explain', () => {
  test('a key from its first finding to now, in words', async () => {
    const { exit, out } = await janitor(['explain', keyId, '--state-dir', stateDir]);
    expect(exit).toBe(0);
    expect(out).toMatch(/What happened[\s\S]*was told[\s\S]*It was disabled/);
    expect(out).toContain('Record: ');
  });

  test('as JSON with the events behind it', async () => {
    const { out } = await janitor(['explain', keyId, '--state-dir', stateDir, '--format', 'json']);
    const document = JSON.parse(out);
    expect(document).toMatchObject({ schemaVersion: 1, kind: 'credential', chainVerified: true });
    expect(document.events.map(({ type }: { type: string }) => type)).toContain('step.done');
  });

  test('G6 a past day: the key that was kept that day, with the age of its evidence', async () => {
    const argv = ['explain', keyId, '--state-dir', stateDir, '--at', daysAfterStart(5)];
    const { exit, out } = await janitor(argv);
    expect(exit).toBe(0);
    expect(out).toContain('As recorded up to 2026-03-07 08:00 UTC');
    expect(out).toMatch(/5 days old/);
    expect(out).not.toContain('It was disabled');
  });

  test('a sweep and an account', async () => {
    for (const id of [sweepId, '111122223333'])
      expect((await janitor(['explain', id, '--state-dir', stateDir])).exit).toBe(0);
  });

  test('something unknown: exit 2 and a way out', async () => {
    const { exit, err } = await janitor([
      'explain',
      'AKIAUNKNOWN000000000',
      '--state-dir',
      stateDir,
      '--format',
      'json',
    ]);
    expect(exit).toBe(2);
    expect(errorSchema.parse(JSON.parse(err)).error.hint).toEqual(expect.any(String));
  });

  test('no ledger: exit 2, and none is begun', async () => {
    const cwd = emptyFolder();
    const { exit, err } = await janitor(['explain', keyId], { cwd });
    expect(exit).toBe(2);
    expect(err).toContain('there is no ledger');
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('ledger', () => {
  test('replay gives the same verdicts (G9)', async () => {
    const { exit, out } = await janitor(ledger('replay', sweepId, '--format', 'json'));
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1, sweepId, differing: 0, differences: [] });
    expect((await janitor(ledger('replay', 'no-such-sweep'))).exit).toBe(2);
  });

  test('rebuild writes the projection anew', async () => {
    const { exit, out } = await janitor(ledger('rebuild', '--format', 'json'));
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ written: 0, removed: 0 });
    expect((await janitor(ledger('rebuild'))).out).toMatch(/The projection has \d+ rows: 0 written anew/);
  });

  test('verify passes', async () => {
    const { exit, out } = await janitor(ledger('verify', '--format', 'json'));
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1, ok: true, problems: [] });
  });

  test('G7 verify fails and names what was altered: exit 1', async () => {
    const folder = path.join(stateDir, 'evidence', 'manifests', '111122223333');
    const [manifest = ''] = readdirSync(folder);
    writeFileSync(path.join(folder, manifest), 'altered');
    const { exit, out } = await janitor(ledger('verify'));
    expect(exit).toBe(1);
    expect(out).toContain('The ledger does NOT verify');
    expect(out).toContain('manifest-altered');
    const { exit: asJson, out: document } = await janitor(ledger('verify', '--format', 'json'));
    expect([asJson, JSON.parse(document).ok]).toEqual([1, false]);
  });
});
