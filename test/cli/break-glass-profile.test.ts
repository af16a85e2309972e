import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { emptyFolder } from '../builders/command-line.ts';
import { GRANT_ID, SECRETS, started } from './broker-answers.ts';
import { servedBroker } from './served-broker.ts';

const broker = servedBroker();
const ROOT = path.join(import.meta.dirname, '..', '..');
const ASKED = ['--account', '111122223333', '--reason', 'the replica lags behind', '--ticket', 'OPS-123'];
const START = ['break-glass', 'start', 'database-admin', ...ASKED, '--id', GRANT_ID];
const BEFORE = '[default]\nregion = eu-central-1\n\n# mine\n[profile ana]\nregion = eu-west-1\noutput = json';

/** The program in a folder whose name has a blank. */
const folder = path.join(emptyFolder(), 'the janitor');
mkdirSync(folder);
symlinkSync(path.join(ROOT, 'bin', 'janitor.js'), path.join(folder, 'janitor.js'));
const program = [process.execPath, path.join(folder, 'janitor.js')];

const config = () => path.join(broker.home, '.aws', 'config');
const text = () => readFileSync(config(), 'utf8');
const keep = (...more: readonly string[]) =>
  broker.janitor([...START, '--profile-name', 'incident', ...more], { program });

beforeEach(() => {
  mkdirSync(path.dirname(config()));
  writeFileSync(config(), BEFORE);
  chmodSync(config(), 0o640);
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = broker.env;
  const keys = `[ana]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;
  writeFileSync(path.join(broker.home, '.aws', 'credentials'), keys);
});

describe('a profile by which every SDK asks for sessions of the grant', () => {
  test('is added at the end; mode and everything else stay; no credential is in it', async () => {
    const { exit, out } = await keep('--profile', 'ana');
    expect({ exit, out }).toEqual({ exit: 0, out: 'export AWS_PROFILE=incident\n' });
    expect(text().startsWith(BEFORE)).toBe(true);
    expect(text().slice(BEFORE.length).split('\n')).toEqual([
      '',
      '[profile incident]',
      expect.stringMatching(/^#/),
      `credential_process = ${process.execPath} "${program[1]}" break-glass credentials ${GRANT_ID} --api ${broker.url} --region eu-central-1 --profile ana`,
      `janitor_grant = ${GRANT_ID}`,
      'janitor_profile = ana',
      'region = eu-west-1',
      'output = json',
    ]);
    expect(statSync(config()).mode & 0o777).toBe(0o640);
    for (const secret of SECRETS) expect(text()).not.toContain(secret);
  });

  test('is the same when the same command runs again', async () => {
    await keep();
    const once = text();
    await keep();
    expect(text()).toBe(once);
  });

  test('goes when the grant is returned, and leaves what was before, byte for byte', async () => {
    await keep();
    const { err } = await broker.janitor(['break-glass', 'return', GRANT_ID]);
    expect(err).toContain('Profile incident was removed.');
    expect(text()).toBe(BEFORE);
  });

  test('a linked file stays a link; where there is none, one is made for its owner alone', async () => {
    const dotfiles = path.join(broker.home, 'dotfiles');
    writeFileSync(dotfiles, BEFORE);
    const link = path.join(broker.home, 'linked');
    symlinkSync(dotfiles, link);
    const fresh = path.join(broker.home, 'fresh', 'config');
    for (const file of [link, fresh]) await run(file);
    expect(readFileSync(dotfiles, 'utf8')).toContain(GRANT_ID);
    expect(statSync(fresh).mode & 0o777).toBe(0o600);
  });

  test("somebody else's profile of that name is left alone, and no role is taken", async () => {
    const answer = await broker.janitor([...START, '--profile-name', 'ana']);
    expect(answer).toMatchObject({ exit: 2 });
    expect(answer.err).toContain('--profile-name');
    expect(broker.calls).toEqual([]);
    expect(text()).toBe(BEFORE);
  });

  test.each(['json', 'exports'])('a name for it and --format %s do not go together', async (format) => {
    const { exit, err } = await keep('--format', format);
    expect({ exit, calls: broker.calls }).toEqual({ exit: 2, calls: [] });
    expect(err).toContain('--profile-name');
  });

  test.each(['default', 'a b', 'x]', ''])('%j is no name for it', async (name) => {
    const { exit } = await broker.janitor([...START, '--profile-name', name]);
    expect(exit).toBe(2);
    expect(text()).toBe(BEFORE);
  });
});

describe('it runs from anywhere', () => {
  test('an SDK gets credentials through it, in a shell that knows nothing of the janitor', async () => {
    const ahead = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
    const lent = { ...started, credentials: { ...started.credentials, expiresAt: ahead(900) } };
    const grant = { ...started.grant, endsAt: ahead(1800) };
    broker.answer({ startGrant: lent, renewGrant: { ...lent, grant } });
    await keep();
    vi.stubEnv('JANITOR_API', undefined);
    vi.stubEnv('AWS_PROFILE', undefined);
    const script = `import { STSClient } from '${ROOT}/node_modules/@aws-sdk/client-sts/dist-cjs/index.js';
      console.log(JSON.stringify(await new STSClient({ profile: 'incident' }).config.credentials()));`;
    const argv = ['--input-type=module', '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: emptyFolder() });
    const credentials: unknown = JSON.parse(stdout);
    expect(credentials).toMatchObject({ secretAccessKey: SECRETS[0], sessionToken: SECRETS[1] });
    expect(broker.calls.map(({ operation }) => operation)).toEqual(['startGrant', 'renewGrant']);
  });

  test('a shell in which it is the profile still signs to the janitor with its own credentials', async () => {
    await keep('--profile', 'ana');
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_PROFILE', 'incident');
    expect(await broker.janitor(['break-glass', 'show', GRANT_ID])).toMatchObject({ exit: 0 });
    const asked = ['break-glass', 'show', GRANT_ID, '--profile', 'incident'];
    expect(await broker.janitor(asked)).toMatchObject({
      exit: 2,
      err: expect.stringContaining('signs nothing'),
    });
  });
});

async function run(file: string): Promise<void> {
  const { exit } = await broker.janitor([...START, '--profile-name', 'incident'], {
    env: { AWS_CONFIG_FILE: file },
  });
  expect(exit).toBe(0);
}
