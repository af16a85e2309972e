import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { credentialSchema } from '../../lib/domain/credential.ts';
import type { EmbeddedAwsOptions } from '../../lib/embedded-aws/index.ts';
import { readInventory } from '../../lib/inventory/index.ts';
import { ACCOUNT, NOW, type ReadResult, readWorld, type TestWorld, testWorld } from './world.ts';

const LONG_AGO = '2025-01-01T00:00:00.000Z';

/** One credential of every kind, and more than one of the common ones. */
async function company(options: EmbeddedAwsOptions = {}): Promise<TestWorld> {
  const world = await testWorld(options);
  const { account } = world;
  account.setRoot({ mfa: true, createdAt: LONG_AGO, keys: [{ active: true, createdAt: LONG_AGO }] });
  account.addGroup('engineers');
  account.addUser({
    name: 'ana',
    path: '/people/',
    groups: ['engineers'],
    tags: { owner: 'ana@example.com' },
    createdAt: LONG_AGO,
    password: { createdAt: LONG_AGO, lastUsed: '2026-10-14T08:00:00Z' },
    mfa: true,
    certificates: [{ active: true, uploadedAt: LONG_AGO }],
  });
  account.addServiceSpecificCredential('ana', {
    serviceName: 'bedrock.amazonaws.com',
    createdAt: LONG_AGO,
    expiresAt: '2027-01-01T00:00:00Z',
  });
  account.addUser({ name: 'deployer', path: '/ci/', createdAt: LONG_AGO });
  account.addAccessKey('deployer', {
    id: 'AKIAEXAMPLEDEPLOYER1',
    createdAt: '2025-02-01T00:00:00Z',
    lastUsed: { at: '2026-09-01T10:00:00Z' },
  });
  account.addAccessKey('deployer', {
    id: 'AKIAEXAMPLEDEPLOYER2',
    createdAt: '2025-03-01T00:00:00Z',
    status: 'Inactive',
  });
  for (const region of ['us-east-1', 'eu-central-1']) {
    for (const name of ['prod/db', 'prod/api'])
      account.addSecret(region, { name, createdAt: LONG_AGO, value: 'hunter2' });
  }
  return world;
}

describe('an account is read whole (G21: nothing unseen)', () => {
  test('every kind of credential, IAM by ARN and id, then secrets by Region', async () => {
    const { credentials, summary } = await readWorld(await company(), { allRegions: true });
    expect(credentials.map(({ kind, region, name }) => `${kind} ${region} ${name}`)).toEqual([
      'root-access-key global <root_account>/slot-1',
      'console-password global <root_account>',
      'access-key global AKIAEXAMPLEDEPLOYER1',
      'access-key global AKIAEXAMPLEDEPLOYER2',
      'console-password global ana',
      expect.stringMatching(/^service-specific-credential global ACCA/),
      'signing-certificate global ana/slot-1',
      'secret eu-central-1 prod/db',
      'secret eu-central-1 prod/api',
      'secret us-east-1 prod/db',
      'secret us-east-1 prod/api',
    ]);
    expect(summary).toMatchObject({
      complete: true,
      problems: [],
      notes: [],
      notCovered: [],
      usersRead: 2,
      fullRead: true,
    });
    expect(summary.regions).toHaveLength(17);
    expect(summary.evidenceAt).toBe(NOW);
  });

  test('every credential is what the domain calls one', async () => {
    const { credentials } = await readWorld(await company());
    for (const credential of credentials) expect(credentialSchema.parse(credential)).toEqual(credential);
  });

  test('an access key with its user, its slot as alias, and where each fact comes from (G6)', async () => {
    const { of } = await readWorld(await company());
    expect(of('AKIAEXAMPLEDEPLOYER1')).toEqual({
      id: `arn:aws:iam::${ACCOUNT}:user/ci/deployer/access-key/AKIAEXAMPLEDEPLOYER1`,
      kind: 'access-key',
      accountId: ACCOUNT,
      region: 'global',
      name: 'AKIAEXAMPLEDEPLOYER1',
      alias: `arn:aws:iam::${ACCOUNT}:user/ci/deployer/access-key/slot-1`,
      principal: {
        arn: `arn:aws:iam::${ACCOUNT}:user/ci/deployer`,
        userName: 'deployer',
        userId: expect.stringMatching(/^AIDA/),
        path: '/ci/',
        groups: [],
      },
      facts: {
        status: { value: 'active', asOf: NOW, source: 'iam:ListAccessKeys' },
        createdAt: { value: '2025-02-01T00:00:00.000Z', asOf: NOW, source: 'iam:ListAccessKeys' },
        accessKeyId: { value: 'AKIAEXAMPLEDEPLOYER1', asOf: NOW, source: 'iam:ListAccessKeys' },
        lastUsedAt: { value: '2026-09-01T10:00:00.000Z', asOf: NOW, source: 'iam:GetCredentialReport' },
        tags: { value: {}, asOf: NOW, source: 'iam:GetAccountAuthorizationDetails' },
      },
    });
  });

  test('a password with its MFA, a service-specific credential with its end, tags and groups of the user', async () => {
    const { of, credentials } = await readWorld(await company());
    expect(of('ana/console-password')).toMatchObject({
      principal: { path: '/people/', groups: ['engineers'] },
      facts: {
        status: { value: 'active' },
        lastUsedAt: { value: '2026-10-14T08:00:00.000Z' },
        mfaActive: { value: true },
        tags: { value: { owner: 'ana@example.com' } },
      },
    });
    expect(credentials.find((each) => each.kind === 'service-specific-credential')).toMatchObject({
      facts: {
        expiresAt: { value: '2027-01-01T00:00:00.000Z' },
        service: { value: 'bedrock.amazonaws.com' },
      },
    });
  });

  test('facts of a cached report are as old as the report', async () => {
    const world = await company();
    await readWorld(world);
    world.aws.clock.advance(3 * 3_600_000);
    const { of, summary } = await readWorld(world, { readAllKeyIds: false });
    expect(summary.evidenceAt).toBe(NOW);
    expect(of('deployer/access-key/slot-1').facts.lastUsedAt).toMatchObject({
      asOf: NOW,
      source: 'iam:GetCredentialReport',
    });
    expect(of('deployer/access-key/slot-1').facts.tags).toMatchObject({ asOf: '2026-10-15T12:00:00.000Z' });
  });

  test('secret values are never asked for and appear nowhere', async () => {
    const { credentials, summary, calls } = await readWorld(await company(), {
      allRegions: true,
      restsOnDisuse: () => true,
    });
    expect(JSON.stringify({ credentials, summary })).not.toContain('hunter2');
    expect(Object.keys(calls).filter((name) => /Value/.test(name))).toEqual([]);
  });
});

describe('the answer does not depend on how it was read', () => {
  /** Everything but the instants of reading, which move with the calls. */
  const essence = ({ credentials, summary }: ReadResult) => JSON.stringify({ credentials, summary });

  test('pages of any size, throttling at any call, and any order of answers give the same inventory', async () => {
    const regions = ['us-east-1', 'eu-central-1'];
    const plain = essence(await readWorld(await company(), { regions }));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }),
        async (pageSize, throttledCalls) => {
          const world = await company({ pageSize });
          for (const nth of throttledCalls) world.aws.faults.add({ match: { nth }, effect: 'throttle' });
          expect(essence(await readWorld(world, { regions }))).toBe(plain);
        },
      ),
      { numRuns: 25, seed: 15 },
    );
  });
});

describe('an inventory is read once and then speaks of itself', () => {
  async function inventory() {
    const { clients, aws } = await company();
    return readInventory({
      clients,
      accountId: ACCOUNT,
      partition: 'aws',
      clock: { now: () => aws.clock.now().toISOString() },
      regions: [],
      remembered: new Map(),
      readAllKeyIds: false,
      worthReading: () => false,
      restsOnDisuse: () => false,
    });
  }

  test('no summary before the end', async () => {
    const reading = await inventory();
    expect(() => reading.summary()).toThrow(expect.objectContaining({ code: 'inventory-unread' }));
    await reading.credentials().next();
    expect(() => reading.summary()).toThrow(expect.objectContaining({ code: 'inventory-unread' }));
  });

  test('no second reading', async () => {
    const reading = await inventory();
    for await (const _each of reading.credentials());
    await expect(reading.credentials().next()).rejects.toMatchObject({ code: 'inventory-read-twice' });
  });
});

test('progress is told for users and secrets', async () => {
  const seen: string[] = [];
  await readWorld(await company(), {
    onProgress: ({ phase, done, total, region }) => seen.push([phase, done, total, region].join(' ').trim()),
  });
  expect(seen).toContain('users 2 2');
  expect(seen).toContain('secrets 2  eu-central-1');
});
