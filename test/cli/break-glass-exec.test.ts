import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import { GRANT_ID, SECRETS, waiting } from './broker-answers.ts';
import { janitorProcess } from './janitor-process.ts';
import { servedBroker } from './served-broker.ts';

const broker = servedBroker();
const ASKED = ['--account', '111122223333', '--reason', 'the replica lags behind', '--ticket', 'OPS-123'];
const EXEC = ['break-glass', 'exec', 'database-admin', ...ASKED, '--id', GRANT_ID];
const STS = path.join(import.meta.dirname, '..', '..', 'node_modules', '@aws-sdk', 'client-sts');

const env = (more: Readonly<Record<string, string>> = {}) => ({
  ...broker.env,
  JANITOR_API: broker.url,
  ...more,
});
/** Runs a program of JavaScript inside a grant. */
const inside = (script: string, { flags = EXEC, ...options }: Partial<Inside> = {}) =>
  janitorProcess([...flags, '--', process.execPath, '--input-type=module', '-e', script], {
    env: env(),
    ...options,
  });
type Inside = Omit<Parameters<typeof janitorProcess>[1], 'env'> & { flags: readonly string[] };
const operations = () => broker.calls.map(({ operation }) => operation);

describe('the status of a command inside is that of the whole', () => {
  test.each([
    ['what it ends with', 'process.exit(7)', 7],
    ['128 and the number of the signal that ended it', "process.kill(process.pid, 'SIGKILL')", 137],
  ])('%s', async (_name, script, status) => {
    expect(await inside(script)).toMatchObject({ status, out: '' });
    expect(operations()).toEqual(['startGrant', 'returnGrant']);
  });

  test('standard input, output and error are those of the command', async () => {
    const script = "process.stdin.pipe(process.stdout); console.error('from inside')";
    const { out, err } = await inside(script, { input: 'what was typed' });
    expect(out).toBe('what was typed');
    expect(err).toContain('from inside');
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s is for the command, which decides when it ends; the grant is returned then',
    async (signal) => {
      const script = `process.on('${signal}', () => process.exit(9)); setInterval(() => {}, 1000); process.stdout.write('ready')`;
      expect(await inside(script, { signal })).toMatchObject({ status: 9, out: 'ready' });
      expect(operations()).toEqual(['startGrant', 'returnGrant']);
    },
  );
});

describe('what the command finds', () => {
  test('credentials of the grant by a profile, none of those around it, and nothing of either on disk', async () => {
    const script = `
      import { STSClient } from '${STS}/dist-cjs/index.js';
      import { readdirSync, readFileSync, statSync } from 'node:fs';
      import path from 'node:path';
      const folder = path.dirname(process.env.AWS_CONFIG_FILE);
      const lent = await new STSClient({ region: 'eu-central-1' }).config.credentials();
      const files = readdirSync(folder).filter((name) => name !== 'asked');
      console.log(JSON.stringify({
        folder, lent, env: process.env,
        mode: (statSync(folder).mode & 0o777).toString(8),
        written: files.map((name) => readFileSync(path.join(folder, name), 'utf8')).join(),
      }));`;
    broker.answer({ startGrant: soon(), renewGrant: soon() });
    const { status, out, err } = await inside(script);
    expect({ status, err }).toMatchObject({ status: 0 });
    const seen = JSON.parse(out);
    expect(seen.lent).toMatchObject({
      accessKeyId: 'ASIAEXAMPLESESSION01',
      secretAccessKey: SECRETS[0],
      sessionToken: SECRETS[1],
    });
    const own = broker.env.AWS_SECRET_ACCESS_KEY ?? '';
    for (const secret of [own, ...SECRETS]) {
      expect(JSON.stringify(seen.env)).not.toContain(secret);
      expect(seen.written).not.toContain(secret);
      expect(err).not.toContain(secret);
    }
    expect(seen).toMatchObject({ mode: '700', env: { AWS_PROFILE: 'break-glass', JANITOR_GRANT: GRANT_ID } });
    expect(seen.env.AWS_ACCESS_KEY_ID).toBeUndefined();
    expect(existsSync(seen.folder)).toBe(false);
  });

  test('every variable that an SDK would prefer is gone, others stay', async () => {
    const others = {
      AWS_WEB_IDENTITY_TOKEN_FILE: '/x',
      AWS_ROLE_ARN: 'x',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1/',
      AWS_BEARER_TOKEN_BEDROCK: 'x',
      EDITOR: 'vi',
    };
    const script = 'console.log(Object.keys(process.env).join())';
    const argv = [...EXEC, '--', process.execPath, '-e', script];
    const { out } = await janitorProcess(argv, { env: env(others) });
    const { EDITOR: _kept, ...gone } = others;
    for (const name of Object.keys(gone)) expect(out.split(',')).not.toContain(name);
    expect(out).toContain('EDITOR');
  });
});

describe('the grant', () => {
  test('--keep leaves it open', async () => {
    await inside('', { flags: [...EXEC, '--keep'] });
    expect(operations()).toEqual(['startGrant']);
  });

  test('--grant uses one that there is, and leaves it to whoever took it', async () => {
    expect(await inside('', { flags: ['break-glass', 'exec', '--grant', GRANT_ID] })).toMatchObject({
      status: 0,
    });
    expect(operations()).toEqual(['renewGrant']);
  });

  test('that could not be returned is said; the status stays that of the command', async () => {
    const trouble = new JanitorError('the record cannot be written', {
      code: 'ledger-unavailable',
      source: 'system',
    });
    broker.answer({ returnGrant: trouble });
    const { status, err } = await inside('process.exit(3)');
    expect(status).toBe(3);
    expect(err.replaceAll('\n', ' ')).toContain('It ends by itself at 2026-03-02 08:30 UTC');
  });

  test('that waits for a second person runs nothing: exit 5, and the command that goes on', async () => {
    broker.answer({ startGrant: { outcome: 'waiting', grant: waiting } });
    const { status, out, err } = await inside("console.log('it ran')");
    expect({ status, out }).toEqual({ status: 5, out: '' });
    expect(err).toContain(`--id ${GRANT_ID} -- ${process.execPath}`);
  });
});

describe('nothing is taken for nothing', () => {
  test.each([
    ['a command that there is not', [...EXEC, '--', 'no-such-command-here'], 'there is no command'],
    ['no command', [...EXEC, '--'], 'then --, then the command'],
    ['no --', [...EXEC, 'aws'], 'then --, then the command'],
    ['a role and a grant', [...EXEC, '--grant', GRANT_ID, '--', 'true'], 'name the one or the other'],
  ])('%s: exit 2, and nothing was asked', async (_name, argv, said) => {
    const { exit, err } = await broker.janitor(argv, { env: { PATH: process.env.PATH ?? '' } });
    expect(exit).toBe(2);
    expect(err).toContain(said);
    expect(broker.calls).toEqual([]);
  });
});

/** A session that programs take for good, whatever day it is. */
function soon() {
  const expiresAt = new Date(Date.now() + 900_000).toISOString();
  const endsAt = new Date(Date.now() + 1_800_000).toISOString();
  const [secretAccessKey, sessionToken] = SECRETS;
  return {
    outcome: 'started',
    grant: { ...waiting, state: 'active', endsAt, secondsLeft: 1800 },
    credentials: { accessKeyId: 'ASIAEXAMPLESESSION01', secretAccessKey, sessionToken, expiresAt },
  };
}
