import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { ServiceEndpoint } from '../../lib/aws/index.ts';
import { EmbeddedAws, startEmbeddedServer } from '../../lib/embedded-aws/index.ts';
import { embeddedInstant, embeddedServers, setEmbeddedClock } from '../../lib/wiring/embedded-clock.ts';
import { refuseActingElsewhere, refuseTimeTravelElsewhere } from '../../lib/wiring/local-endpoints.ts';
import { packageRoot } from '../../lib/wiring/package-root.ts';
import { demoPolicyDirectory, policyDirectory } from '../../lib/wiring/policy-directory.ts';
import { commandClock } from '../../lib/wiring/system-clock.ts';

const NOW = '2026-03-02T08:00:00.000Z';
const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function endpoints(...urls: readonly (string | 'aws' | 'embedded')[]) {
  const list = urls.map((url): ServiceEndpoint => {
    if (url === 'aws' || url === 'embedded') return { service: 'iam', origin: url };
    return { service: 'iam', origin: 'configured', url, from: 'AWS_ENDPOINT_URL' };
  });
  return { endpoints: () => list };
}

describe('acting and time travel need every endpoint to be embedded or loopback', () => {
  test.each([
    [['embedded']],
    [['http://127.0.0.1:4580']],
    [['http://localhost:4566', 'https://[::1]:443', 'http://127.8.8.8']],
    [['http://0x7f.1:80']],
  ])('%j may be acted on', (urls) => {
    expect(() => refuseActingElsewhere(endpoints(...urls))).not.toThrow();
    expect(() => refuseTimeTravelElsewhere(endpoints(...urls), NOW)).not.toThrow();
  });

  test.each([
    [['aws']],
    [['embedded', 'aws']],
    [['http://127.0.0.1:1', 'http://127.0.0.1.evil.example']],
    [['http://user@127.0.0.1@evil.example']],
    [['http://169.254.169.254']],
    [['file:///127.0.0.1']],
    [['http://localhost.']],
  ])('%j may not', (urls) => {
    expect(() => refuseActingElsewhere(endpoints(...urls))).toThrow(
      expect.objectContaining({ code: 'acting-refused', source: 'policy' }),
    );
    expect(() => refuseTimeTravelElsewhere(endpoints(...urls), NOW)).toThrow(
      expect.objectContaining({ code: 'now-refused', source: 'user' }),
    );
    expect(() => refuseTimeTravelElsewhere(endpoints(...urls), undefined)).not.toThrow();
  });

  test('a password in an endpoint is not repeated', () => {
    const secret = endpoints('http://admin:hunter2@aws.example');
    expect(() => refuseActingElsewhere(secret)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});

describe('the time of embedded servers', () => {
  test('our server is found once, says when it lives, and its clock can be set', async () => {
    const aws = new EmbeddedAws({ now: () => new Date(NOW) });
    const server = await startEmbeddedServer(aws, { port: 0 });
    closing.push(() => server.close());
    const found = await embeddedServers(endpoints(server.url, server.url));
    expect(found).toEqual([{ url: server.url, now: NOW, pinned: false }]);
    for (const one of found) await setEmbeddedClock(one, '2026-04-01T00:00:00.000Z');
    expect(await embeddedServers(endpoints(server.url))).toEqual([
      { url: server.url, now: '2026-04-01T00:00:00.000Z', pinned: true },
    ]);
  });

  test('other servers on loopback are only asked, and closed ports are left alone', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"moto"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const { port }: AddressInfo = Object(server.address());
    const urls = [`http://127.0.0.1:${port}`, 'http://127.0.0.1:9'];
    expect(await embeddedServers(endpoints(...urls))).toEqual([]);
    expect(asked).toEqual(['GET /_embedded/status']);
  });

  test.each([
    ['none', [], undefined],
    ['one that follows the system', [['a', NOW, false]], undefined],
    ['one that was set', [['a', NOW, true]], 'a'],
    [
      'two that agree',
      [
        ['a', NOW, true],
        ['b', NOW, true],
      ],
      'a',
    ],
    [
      'one that follows and one that was set',
      [
        ['a', NOW, false],
        ['b', NOW, true],
      ],
      'b',
    ],
  ] as const)('without --now a command happens when an embedded clock was set: %s', (_name, list, which) => {
    const servers = list.map(([url, now, pinned]) => ({ url, now, pinned }));
    expect(embeddedInstant(servers)?.url).toBe(which);
  });

  test('two that were set differently leave the time open: --now has to say it', () => {
    const servers = [
      { url: 'a', now: NOW, pinned: true },
      { url: 'b', now: '2027-01-01T00:00:00.000Z', pinned: true },
    ];
    expect(() => embeddedInstant(servers)).toThrow(
      expect.objectContaining({ code: 'embedded-clocks-differ', source: 'user' }),
    );
  });

  test('the clock of a command stands still at --now, else it is the system clock', () => {
    expect(commandClock(NOW).now()).toBe(NOW);
    expect(Math.abs(Date.parse(commandClock(undefined).now()) - Date.now())).toBeLessThan(60_000);
  });
});

describe('the policy of a command', () => {
  test('the flag, else ./policy when it holds one, else the shipped policy', () => {
    const cwd = mkdtempSync(path.join(os.tmpdir(), 'janitor-cwd-'));
    expect(policyDirectory('mine', cwd)).toEqual({ dir: path.join(cwd, 'mine'), chosenBy: 'flag' });
    expect(policyDirectory(undefined, cwd)).toEqual({
      dir: path.join(packageRoot(), 'policy'),
      chosenBy: 'shipped',
    });
    mkdirSync(path.join(cwd, 'policy'));
    expect(policyDirectory(undefined, cwd).chosenBy).toBe('shipped');
    writeFileSync(path.join(cwd, 'policy', 'janitor.yaml'), '');
    expect(policyDirectory(undefined, cwd)).toEqual({
      dir: path.join(cwd, 'policy'),
      chosenBy: 'current-directory',
    });
  });

  test('the package knows its folder and the policy of its demo', () => {
    expect(demoPolicyDirectory().startsWith(packageRoot())).toBe(true);
  });
});
