import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { runJanitor } from '../../lib/cli/index.ts';
import { emptyFolder, janitor, stubAwsEnvironment } from '../builders/command-line.ts';
import { recordedTerminal } from '../builders/terminal.ts';
import { scanSchema } from './contract.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Serves until the test has looked at it. */
async function served(
  argv: readonly string[],
  look: (exports: Record<string, string>) => Promise<void>,
): Promise<number> {
  let stop = () => {};
  const interrupted = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const terminal = recordedTerminal({ interrupted, cwd: emptyFolder() });
  const exit = runJanitor(['embedded-aws', '--port', '0', '--format', 'json', ...argv], terminal);
  await vi.waitFor(() => expect(terminal.out()).not.toBe(''), { timeout: 20_000, interval: 5 });
  try {
    await look(JSON.parse(terminal.out()).exports);
  } finally {
    stop();
  }
  return exit;
}

test('prints what to paste, serves the messy company, and ends with exit 0 when interrupted', async () => {
  const exit = await served(
    ['--scenario', 'messy-company', '--now', '2026-03-02T08:00:00Z'],
    async (exports) => {
      expect(Object.keys(exports)).toEqual([
        'AWS_ENDPOINT_URL',
        'AWS_ACCESS_KEY_ID',
        'AWS_SECRET_ACCESS_KEY',
        'AWS_REGION',
      ]);
      stubAwsEnvironment(exports);
      const { exit: scanned, out } = await janitor([
        'scan',
        '--now',
        '2026-03-02T08:00:00Z',
        '--format',
        'json',
      ]);
      const { credentials } = scanSchema.parse(JSON.parse(out));
      expect(scanned).toBe(0);
      expect(credentials.length).toBeGreaterThan(100);
    },
  );
  expect(exit).toBe(0);
});

test('a seed file of your own', async () => {
  const file = path.join(emptyFolder(), 'seed.json');
  writeFileSync(
    file,
    JSON.stringify({ accounts: [{ id: '111122223333', users: [{ name: 'solo', accessKeys: [{}] }] }] }),
  );
  await served(['--seed', file], async (exports) => {
    stubAwsEnvironment(exports);
    const { out } = await janitor(['scan', '--format', 'json', '--full']);
    expect(
      scanSchema
        .parse(JSON.parse(out))
        .credentials.map(({ id }) => id)
        .join(),
    ).toContain('user/solo/access-key/AKIA');
  });
});

test.each([
  ['a missing seed file', ['--seed', 'nowhere.json'], 'cannot be read'],
  ['a scenario that does not exist', ['--scenario', 'tidy-company'], 'Allowed choices'],
])('%s: exit 2', async (_name, argv, message) => {
  const { exit, err } = await janitor(['embedded-aws', '--port', '0', ...argv]);
  expect(exit).toBe(2);
  expect(err).toContain(message);
});

test('a seed that is no seed names what is wrong', async () => {
  const cwd = emptyFolder();
  writeFileSync(path.join(cwd, 'seed.json'), JSON.stringify({ accounts: [{ id: 7 }] }));
  const { exit, err } = await janitor(['embedded-aws', '--port', '0', '--seed', 'seed.json'], { cwd });
  expect(exit).toBe(2);
  expect(err).toContain('quote the account id');
  writeFileSync(
    path.join(cwd, 'seed.json'),
    JSON.stringify({
      accounts: [{ id: '111122223333', users: [{ name: 7, keys: [] }, 'ana'] }],
      acounts: [],
    }),
  );
  const again = await janitor(['embedded-aws', '--port', '0', '--seed', 'seed.json'], { cwd });
  const said = again.err.replaceAll('\n', ' ');
  for (const one of [
    'accounts[0].users[0].name wants text in quotes',
    'accounts[0].users[0].keys is no known key',
    'accounts[0].users[1] wants an object { }',
    'acounts is no known key',
  ])
    expect(said).toContain(one);
  expect(said).not.toMatch(/Invalid input|✖|expected/);
});

test('for people: lines to paste, and how to be somebody who may approve', async () => {
  const interrupted = Promise.resolve();
  const { exit, out } = await janitor(['embedded-aws', '--port', '0', '--scenario', 'messy-company'], {
    interrupted,
  });
  expect(exit).toBe(0);
  expect(out).toMatch(/^export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+$/m);
  expect(out).toMatch(/# To be ana[\s\S]*AWS_ACCESS_KEY_ID=AKIA/);
  expect(out).toContain('janitor scan --policy');
});
