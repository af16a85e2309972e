import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  CLI_START,
  emptyFolder,
  janitor,
  type ServedAccount,
  serveAccount,
  stubAwsEnvironment,
} from '../builders/command-line.ts';
import { errorSchema, scanSchema } from './contract.ts';

const POLICY = path.join(import.meta.dirname, 'policy');
let served: ServedAccount;

beforeAll(async () => {
  served = await serveAccount();
});
afterAll(async () => {
  await served.close();
  vi.unstubAllEnvs();
});
beforeEach(() => served.actAs('administrator'));
afterEach(() => served.aws.account('111122223333').allow('*'));

const scan = (...flags: string[]) => ['scan', '--policy', POLICY, '--now', CLI_START, ...flags];

describe('scan --format json', () => {
  test('is one document of the contract on stdout, and nothing else', async () => {
    const { exit, out } = await janitor(scan('--format', 'json'));
    const document = scanSchema.parse(JSON.parse(out));
    expect(exit).toBe(0);
    expect(document.complete).toBe(true);
    expect(document.credentials.map(({ kind }) => kind)).toContain('secret');
    const forgotten = document.credentials.find(({ id }) => id.includes('/forgotten/'));
    expect(forgotten?.verdict).toMatchObject({ outcome: 'act', rule: 'access-key-unused', step: 'notify' });
    expect(forgotten?.owner).toEqual({ id: 'ana', source: 'tag:owner' });
    const emergency = document.credentials.find(({ id }) => id.includes('/emergency/'));
    expect(emergency?.verdict.outcome).toBe('hold');
    const busy = document.credentials.find(({ id }) => id.includes('/busy/'));
    expect(busy?.verdict.outcome).toBe('keep');
  });

  test('--full reads the keys of every user, so that no slot is left without an id', async () => {
    const { out } = await janitor(scan('--format', 'json', '--full'));
    const { calls, credentials } = scanSchema.parse(JSON.parse(out));
    expect(calls['iam:ListAccessKeys']).toBe(6);
    expect(credentials.filter(({ id }) => id.includes('/slot-'))).toEqual([]);
  });

  test('G21 G22: what may not be read is unknown, incomplete and named; exit 4', async () => {
    served.aws.account('111122223333').deny('*', ['iam:GetCredentialReport', 'iam:GetAccessKeyLastUsed']);
    const { exit, out } = await janitor(scan('--format', 'json', '--fail-on-findings'));
    const { complete, problems, credentials } = scanSchema.parse(JSON.parse(out));
    expect({ exit, complete }).toEqual({ exit: 4, complete: false });
    expect(problems.map(({ permission }) => permission)).toContain('iam:GetCredentialReport');
    const forgotten = credentials.find(({ id }) => id.includes('/forgotten/'));
    expect(forgotten?.verdict.outcome).toBe('unknown');
  });

  test('--fail-on-findings: exit 3, and 0 without the flag', async () => {
    expect((await janitor(scan('--format', 'json', '--fail-on-findings'))).exit).toBe(3);
    expect((await janitor(scan('--format', 'json'))).exit).toBe(0);
  });

  test('notes are held back until the command has succeeded', async () => {
    const { err } = await janitor(scan('--format', 'json'));
    expect(err).toContain(`lives at ${CLI_START} now, as --now asks`);
  });
});

describe('scan for people', () => {
  test('groups what needs attention, and says what was not covered', async () => {
    const { exit, out } = await janitor(scan());
    expect(exit).toBe(0);
    expect(out).toMatch(/access-key-unused {2}1 credential to act on/);
    expect(out).toContain('A key nobody uses is one nobody misses when it leaks.');
    expect(out).toMatch(/notify now +ana +70 days ago +80 days +ci\/forgotten/);
    expect(out).toMatch(/1 credential held/);
    expect(out).toContain('Break-glass users must work when everything else has failed.');
    expect(out).toContain('Not covered: IAM Roles Anywhere certificates');
    expect(out).not.toContain('ci/busy');
  });

  test('an incomplete reading names each missing permission', async () => {
    served.aws.account('111122223333').deny('*', ['secretsmanager:ListSecrets']);
    const { exit, out } = await janitor(scan());
    expect(exit).toBe(4);
    expect(out).toContain('Incomplete');
    expect(out).toContain('secretsmanager:ListSecrets');
  });

  test.each([
    ['a terminal has colour', { tty: true }, [], true],
    ['NO_COLOR', { tty: true, env: { NO_COLOR: '1' } }, [], false],
    ['--no-color', { tty: true }, ['--no-color'], false],
    ['a pipe', {}, [], false],
  ])('%s', async (_name, options, flags, coloured) => {
    const { out, err } = await janitor(scan(...flags), options);
    expect(out.includes('\u001b[1m')).toBe(coloured);
    if (!('tty' in options)) expect(err).not.toContain('\u001b');
  });

  test('csv has one line for each credential, which a spreadsheet cannot run', async () => {
    const { out } = await janitor(scan('--format', 'csv'));
    const rows: Record<string, string>[] = parse(out, { columns: true, record_delimiter: '\r\n' });
    expect(rows.length).toBeGreaterThanOrEqual(7);
    expect(rows.find(({ id }) => id?.includes('/forgotten/'))).toMatchObject({
      outcome: 'act',
      owner: 'ana',
    });
  });
});

describe('trouble', () => {
  test('an invalid policy: nothing runs, every error with its place, exit 2', async () => {
    const dir = emptyFolder();
    writeFileSync(path.join(dir, 'janitor.yaml'), 'version: 1\nmode: obsrve\nrules: 7\n');
    const before = served.aws.calls.all.length;
    const { exit, out, err } = await janitor(['scan', '--policy', dir, '--format', 'json']);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    const { error } = errorSchema.parse(JSON.parse(err));
    expect(error.code).toBe('policy-invalid');
    expect(error.problems).toEqual(
      expect.arrayContaining([expect.objectContaining({ file: path.join(dir, 'janitor.yaml'), line: 2 })]),
    );
    expect(served.aws.calls.all.length).toBe(before);
  });

  test('for people each error stands on lines of its own', async () => {
    const dir = emptyFolder();
    writeFileSync(path.join(dir, 'janitor.yaml'), 'version: 1\nmode: obsrve\n');
    const { err } = await janitor(['scan', '--policy', dir]);
    expect(err).toMatch(/^error: the policy has \d+ problems:?$/m);
    expect(err).toContain(`${path.join(dir, 'janitor.yaml')}:2:7`);
  });

  test.each([
    ['--profile', ['--profile', 'porduction'], {}],
    ['AWS_PROFILE', [], { AWS_PROFILE: 'porduction' }],
  ])('a profile that does not exist (%s) is named, with those that do', async (from, argv, env) => {
    const file = path.join(emptyFolder(), 'config');
    writeFileSync(
      file,
      '[default]\nregion = eu-central-1\n[profile production]\nregion = eu-central-1\n[sso-session corp]\nsso_region = eu-central-1\n[services local]\nsts =\n  endpoint_url = http://127.0.0.1\n',
    );
    stubAwsEnvironment({ AWS_ENDPOINT_URL: served.url, ...env });
    vi.stubEnv('AWS_CONFIG_FILE', file);
    const { exit, err } = await janitor(['scan', '--policy', POLICY, ...argv, '--format', 'json']);
    expect(exit).toBe(2);
    expect(errorSchema.parse(JSON.parse(err)).error).toMatchObject({
      code: 'profile-unknown',
      message: `your AWS configuration has no profile "porduction" (${from})`,
      hint: 'There are: default, production.',
    });
  });

  test('no credentials: one clear line and what to do', async () => {
    stubAwsEnvironment({ AWS_ENDPOINT_URL: served.url, AWS_REGION: 'eu-central-1' });
    const { exit, out, err } = await janitor(['scan', '--policy', POLICY]);
    expect(exit).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/error: No AWS credentials were found[\s\S]*hint: Choose a profile with --profile/);
  });

  test('wrong credentials, and the caller is told which way out', async () => {
    stubAwsEnvironment({
      AWS_ENDPOINT_URL: served.url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIANOSUCHKEY0000000',
      AWS_SECRET_ACCESS_KEY: 'not-the-right-secret-at-all',
    });
    const { exit, err } = await janitor(['scan', '--policy', POLICY, '--format', 'json']);
    const { error } = errorSchema.parse(JSON.parse(err));
    expect(exit).toBe(2);
    expect(error.hint).toEqual(expect.any(String));
    expect(err).not.toContain('not-the-right-secret-at-all');
  });

  test('nobody at the endpoint: exit 1', async () => {
    stubAwsEnvironment({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_REGION: 'eu-central-1',
      AWS_MAX_ATTEMPTS: '1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    });
    const { exit, err } = await janitor(['scan', '--policy', POLICY]);
    expect(exit).toBe(1);
    expect(err).toContain('could not be reached');
  });

  test.each([
    ['--region', ['--region', 'nowhere']],
    ['an endpoint that is no URL', []],
  ])('%s: exit 2', async (name, flags) => {
    if (name.startsWith('an')) vi.stubEnv('AWS_ENDPOINT_URL', 'localhost:4566');
    expect((await janitor(['scan', '--policy', POLICY, ...flags])).exit).toBe(2);
  });

  test('./policy is the default, else the shipped one, and that is said', async () => {
    const cwd = emptyFolder();
    const shipped = await janitor(['scan', '--now', CLI_START], { cwd });
    expect(shipped.err).toContain('Judging by the policy shipped with the program');
    mkdirSync(path.join(cwd, 'policy'));
    writeFileSync(path.join(cwd, 'policy', 'janitor.yaml'), 'nonsense');
    expect((await janitor(['scan', '--now', CLI_START], { cwd })).exit).toBe(2);
  });
});

test('no secret value ever appears in any output', async () => {
  for (const format of ['table', 'json', 'csv']) {
    const { out, err } = await janitor(scan('--format', format, '--full'), { tty: true });
    for (const secret of served.secretValues) expect(out + err).not.toContain(secret);
  }
});
