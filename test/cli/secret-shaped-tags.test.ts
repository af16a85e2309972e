import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  CLI_ACCOUNT,
  CLI_START,
  daysAfterStart,
  emptyFolder,
  janitor,
  type ServedAccount,
  serveAccount,
} from '../builders/command-line.ts';
import { sweepSchema } from './contract.ts';

const POLICY = path.join(import.meta.dirname, 'policy');
/** Of the shape of a secret access key, and made up. */
const PLANTED = 'q7Rt2vXz9LmK4pWs8NbY3cHd6FgJ1aQe5UiO0TxE';
let served: ServedAccount;

beforeAll(async () => {
  served = await serveAccount();
  const account = served.aws.account(CLI_ACCOUNT);
  account.addUser({ name: 'careless', tags: { owner: PLANTED, note: PLANTED } });
  account.addAccessKey('careless', { createdAt: daysAfterStart(-300) });
  account.addSecret('eu-central-1', {
    name: 'careless',
    value: 'x',
    tags: { [PLANTED]: 'key', password: PLANTED },
  });
});
afterAll(async () => {
  await served.close();
  vi.unstubAllEnvs();
});

test('nothing of the shape of a secret reaches output, manifest, ledger or outbox; a replay has the same bytes', async () => {
  const stateDir = emptyFolder();
  const flags = ['--policy', POLICY, '--state-dir', stateDir, '--now', CLI_START];
  await janitor(['policy', 'activate', ...flags]);
  const { exit, out } = await janitor(['sweep', '--enforce', '--yes', '--format', 'json', ...flags]);
  const { sweepId, actions } = sweepSchema.parse(JSON.parse(out));
  expect(exit).toBe(0);
  expect(actions.filter(({ credentialId }) => credentialId.includes('careless'))).not.toEqual([]);
  expect(out).toContain('[redacted: looks like an AWS secret access key]');

  const files = readdirSync(stateDir, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  const texts = files.map(({ parentPath, name }) => textOf(path.join(parentPath, name)));
  expect(texts.some((text) => text.includes('[redacted: looks like'))).toBe(true);
  for (const text of [out, ...texts]) expect(text).not.toContain(PLANTED);

  const replayed = await janitor(['ledger', 'replay', sweepId, '--state-dir', stateDir]);
  expect(replayed.exit).toBe(0);
});

function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('latin1');
}
