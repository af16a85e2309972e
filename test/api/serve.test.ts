import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { callerView } from '../../lib/api/index.ts';
import { runJanitor } from '../../lib/cli/index.ts';
import { lockStateDir } from '../../lib/wiring/state-lock.ts';
import { emptyFolder, janitor, stubAwsEnvironment } from '../builders/command-line.ts';
import { recordedTerminal } from '../builders/terminal.ts';
import { send, signed } from './signed.ts';

const NOW = '2026-03-02T08:00:00Z';
const HELD = '2026-03-02T09:00:00.000Z';

afterEach(() => {
  vi.unstubAllEnvs();
});

interface Served {
  readonly url: string;
  readonly cwd: string;
  readonly exports: Record<string, string>;
  readonly as: (name: string) => { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Serves until the test has looked at it. */
async function served(argv: readonly string[], look: (served: Served) => Promise<void>): Promise<number> {
  stubAwsEnvironment({});
  let stop = () => {};
  const interrupted = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const cwd = emptyFolder();
  const terminal = recordedTerminal({ interrupted, cwd });
  const ports = ['--port', '0', '--aws-port', '0'];
  const exit = runJanitor(['serve', ...ports, '--format', 'json', ...argv], terminal);
  await vi.waitFor(() => expect(terminal.out() + terminal.err()).not.toBe(''), {
    timeout: 20_000,
    interval: 10,
  });
  try {
    const { url, exports, people } = JSON.parse(terminal.out());
    const as = (name: string) => {
      const own = people.find((person: { name: string }) => person.name === name).exports;
      return { accessKeyId: own.AWS_ACCESS_KEY_ID, secretAccessKey: own.AWS_SECRET_ACCESS_KEY };
    };
    await look({ url, exports, cwd, as });
  } finally {
    stop();
  }
  return exit;
}

const COMPANY = ['--scenario', 'messy-company', '--now', NOW];

describe('janitor serve', () => {
  test('answers who signs, by the policy of the scenario, and ends with exit 0 when interrupted', async () => {
    const exit = await served(COMPANY, async ({ url, exports, as }) => {
      expect(exports.JANITOR_API).toBe(url);
      const { status, body } = await send(url, await signed(url, as('ana')));
      expect({ status, body: callerView.parse(body) }).toMatchObject({
        status: 200,
        body: { actor: { kind: 'person', person: 'ana' }, mayDecide: true, api: 'local' },
      });
      expect(body.now).toBe('2026-03-02T08:00:00.000Z');
      expect((await fetch(`${url}/v1/caller`)).status).toBe(403);
    });
    expect(exit).toBe(0);
  });

  test('other processes work on the record in between, and see what was recorded over the API', async () => {
    await served(COMPANY, async ({ url, exports, cwd, as }) => {
      const halt = { method: 'POST', target: '/v1/halts', body: '{"target":"all","reason":"leak"}' };
      expect((await send(url, await signed(url, as('ana'), halt))).status).toBe(200);
      const { JANITOR_API: _api, ...environment } = exports;
      stubAwsEnvironment(environment);
      const verify = () => janitor(['ledger', 'verify', '--format', 'json'], { cwd });
      await vi.waitFor(async () => expect((await verify()).exit).toBe(0), { timeout: 10_000, interval: 200 });
      const { body } = await send(url, await signed(url, as('ben'), { target: '/v1/halts' }));
      expect(body.items).toMatchObject([{ target: 'all', reason: 'leak', by: { person: 'ana' } }]);
    });
  });

  test('a request waits for whoever else holds the record, and is answered then', async () => {
    await served(COMPANY, async ({ url, cwd, as }) => {
      const self = { pid: process.pid, host: os.hostname(), since: HELD, command: 'a sweep' };
      const hold = () =>
        lockStateDir(path.join(cwd, '.janitor'), self, { onLost: () => {}, isAlive: () => true });
      const lock = await vi.waitFor(hold, { timeout: 10_000, interval: 50 });
      const order: string[] = [];
      const asked = send(url, await signed(url, as('ana'))).finally(() => order.push('answered'));
      // What needs no record is answered meanwhile.
      const document = await signed(url, as('ana'), { target: '/v1/openapi.json' });
      expect((await send(url, document)).status).toBe(200);
      order.push('released');
      await lock.release();
      expect((await asked).status).toBe(200);
      expect(order).toEqual(['released', 'answered']);
    });
  });

  test('requests at once share one opening of the record', async () => {
    await served(COMPANY, async ({ url, as }) => {
      const ask = async (name: string) => send(url, await signed(url, as(name)));
      const answers = await Promise.all(['ana', 'ben', 'carla', 'dmitri', 'ana', 'ben'].map(ask));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    });
  });

  test.each([
    ['a folder of the record that holds no policy', ['--policy', 'nowhere'], 'policy'],
    ['a scenario that does not exist', ['--scenario', 'tidy-company'], 'Allowed choices'],
    ['a port that is none', ['--port', '70000'], 'A port is 0 to 65535'],
  ])('%s: exit 2 and nothing is served', async (_name, argv, message) => {
    stubAwsEnvironment({});
    const ports = ['--port', '0', '--aws-port', '0'];
    const { exit, err, out } = await janitor(['serve', ...ports, ...argv]);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(message);
  });

  test('for people: the environment to paste, with the API in it', async () => {
    stubAwsEnvironment({});
    const ports = ['--port', '0', '--aws-port', '0'];
    const interrupted = Promise.resolve();
    const cwd = emptyFolder();
    const { exit, out } = await janitor(['serve', ...ports, ...COMPANY], { interrupted, cwd });
    expect(exit).toBe(0);
    expect(out).toMatch(/^export JANITOR_API=http:\/\/127\.0\.0\.1:\d+$/m);
    expect(out).toMatch(/# To be ana[\s\S]*AWS_ACCESS_KEY_ID=AKIA/);
    expect(out).toContain('janitor sweep --policy');
    expect((await janitor(['ledger', 'verify', '--state-dir', path.join(cwd, '.janitor')])).exit).toBe(0);
  });

  test('for people: the sweep it proposes records where the API looks', async () => {
    stubAwsEnvironment({});
    const argv = ['serve', '--port', '0', '--aws-port', '0', ...COMPANY, '--state-dir', '.janitor-ask'];
    const { out } = await janitor(argv, { interrupted: Promise.resolve(), cwd: emptyFolder() });
    expect(out).toMatch(/janitor sweep --policy \S+ --state-dir \.janitor-ask$/m);
  });
});
