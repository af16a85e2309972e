import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetAccessKeyLastUsedCommand, IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { janitor } from './command-line.ts';
import { denyingProxy } from './denying-proxy.ts';
import { type MotoServer, startMoto } from './moto-server.ts';

const NOW = '2026-11-20T12:00:00Z';
const STALE = { createdAt: '2026-01-10T00:00:00Z', lastUsedAt: '2026-05-01T00:00:00Z' };
const FRESH = { createdAt: '2026-10-30T00:00:00Z', lastUsedAt: '2026-11-19T00:00:00Z' };

const scan = z.object({
  schemaVersion: z.number(),
  complete: z.boolean(),
  problems: z.array(z.object({ permission: z.string().optional() })),
  calls: z.record(z.string(), z.number()),
  credentials: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      facts: z.record(z.string(), z.unknown()),
      verdict: z.object({ outcome: z.string(), rule: z.string().optional(), step: z.string().optional() }),
    }),
  ),
});

describe('the command line on moto, an AWS that is not ours', () => {
  let moto: MotoServer;
  let state: string;
  let staleKey: string;
  let freshKey: string;

  beforeAll(async () => {
    moto = await startMoto();
    state = await mkdtemp(join(tmpdir(), 'janitor-moto-'));
    staleKey = await moto.seedKey({ userName: 'stale', ...STALE });
    freshKey = await moto.seedKey({ userName: 'fresh', ...FRESH });
  });
  afterAll(async () => {
    await moto.stop();
    await rm(state, { recursive: true, force: true });
  });

  const verdicts = (document: z.infer<typeof scan>) =>
    new Map(document.credentials.map(({ id, verdict }) => [id.split('/').at(-1) ?? '', verdict]));

  it('scan: one document of the contract, right verdicts, exit 0', async () => {
    const { exit, stdout } = await janitor(moto.url, ['scan', '--full', '--format', 'json', '--now', NOW]);
    const document = scan.parse(JSON.parse(stdout));
    expect(exit).toBe(0);
    expect(document.complete).toBe(true);
    expect(verdicts(document).get(staleKey)).toMatchObject({
      outcome: 'act',
      rule: 'access-key-unused',
      step: 'notify',
    });
    expect(verdicts(document).get(freshKey)?.rule).not.toBe('access-key-unused');
  });

  it.each([
    ['GetAccessKeyLastUsed', 'iam:GetAccessKeyLastUsed'],
    ['GetCredentialReport', 'iam:GetCredentialReport'],
    ['GenerateCredentialReport', 'iam:GenerateCredentialReport'],
  ])('%s denied: unknown, named, exit 4 (G21, G22)', async (action, permission) => {
    const proxy = await denyingProxy(moto.url, [action]);
    try {
      const { exit, stdout } = await janitor(proxy.url, ['scan', '--format', 'json', '--now', NOW]);
      const document = scan.parse(JSON.parse(stdout));
      expect(exit).toBe(4);
      expect(document.complete).toBe(false);
      expect(document.problems.map((problem) => problem.permission)).toContain(permission);
      const outcomes = document.credentials.filter(({ kind }) => kind === 'access-key').map((c) => c.verdict);
      expect(outcomes.some(({ rule, outcome }) => rule === 'access-key-unused' && outcome === 'act')).toBe(
        false,
      );
    } finally {
      await proxy.close();
    }
  });

  it('sweep --enforce with last use denied destroys nothing (I2)', async () => {
    const proxy = await denyingProxy(moto.url, ['GetAccessKeyLastUsed']);
    const policy = ['--policy', join(import.meta.dirname, 'enforcing-policy')];
    const common = ['--state-dir', state, ...policy, '--format', 'json'];
    try {
      await janitor(proxy.url, ['policy', 'activate', '--now', NOW, ...common]);
      for (const now of [NOW, '2026-12-20T12:00:00Z', '2027-02-20T12:00:00Z']) {
        const { exit } = await janitor(proxy.url, ['sweep', '--enforce', '--yes', '--now', now, ...common]);
        expect(exit).toBe(4);
      }
      const iam = new IAMClient({
        endpoint: moto.url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      });
      const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'stale' }));
      expect(AccessKeyMetadata?.map(({ Status }) => Status)).toEqual(['Active']);
      const use = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: staleKey }));
      expect(use.UserName).toBe('stale');
    } finally {
      await proxy.close();
    }
  });

  it('sweep --enforce with everything readable warns, and disables after the wait (I3)', async () => {
    const policy = ['--policy', join(import.meta.dirname, 'enforcing-policy')];
    const common = ['--state-dir', join(state, 'whole'), ...policy, '--format', 'json'];
    await janitor(moto.url, ['policy', 'activate', '--now', NOW, ...common]);
    const first = await janitor(moto.url, ['sweep', '--enforce', '--yes', '--now', NOW, ...common]);
    const statusOf = async () => {
      const iam = new IAMClient({
        endpoint: moto.url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      });
      const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'stale' }));
      return AccessKeyMetadata?.map(({ Status }) => Status);
    };
    expect(JSON.parse(first.stdout).actions).toMatchObject([{ step: 'notify', outcome: 'notified' }]);
    expect(await statusOf()).toEqual(['Active']);
    const second = await janitor(moto.url, [
      'sweep',
      '--enforce',
      '--yes',
      '--now',
      '2026-12-20T12:00:00Z',
      ...common,
    ]);
    expect(JSON.parse(second.stdout).actions).toContainEqual(
      expect.objectContaining({ step: 'disable', outcome: 'done' }),
    );
    expect(await statusOf()).toEqual(['Inactive']);
  });
});
