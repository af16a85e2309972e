import { DeleteAccessKeyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { isKnown } from '../../lib/domain/fact.ts';
import { ACCOUNT, deployerWorld, NEW_KEY, NOW, OLD_KEY, readWorld, testWorld } from './world.ts';

const USER_ARN = `arn:aws:iam::${ACCOUNT}:user/ci/deployer`;
const confirms = (calls: Readonly<Record<string, number>>) => calls['iam:GetAccessKeyLastUsed'] ?? 0;

describe('keys that the report cannot tell apart are asked about one by one', () => {
  test('a third key', async () => {
    const made = await deployerWorld({ report: { additionalInfoColumn: false } });
    made.account.addAccessKey('deployer', {
      id: 'AKIAEXAMPLE0000000A3',
      createdAt: '2025-04-01T00:00:00Z',
      lastUsed: { at: '2026-10-01T00:00:00Z' },
    });
    const { of, calls } = await readWorld(made);
    expect(confirms(calls)).toBe(1);
    expect(of('AKIAEXAMPLE0000000A3')).not.toHaveProperty('alias');
    expect(of('AKIAEXAMPLE0000000A3').facts.lastUsedAt).toMatchObject({
      value: '2026-10-01T00:00:00.000Z',
      source: 'iam:GetAccessKeyLastUsed',
    });
  });

  test('two keys created in the same second (Guardian refuses, rightly): the right key stays the right key', async () => {
    const made = await testWorld();
    made.account.addUser({ name: 'twin' });
    made.account.addAccessKey('twin', {
      id: OLD_KEY,
      createdAt: '2025-02-01T00:00:00.100Z',
      lastUsed: { at: '2026-10-14T00:00:00Z' },
    });
    made.account.addAccessKey('twin', { id: NEW_KEY, createdAt: '2025-02-01T00:00:00.900Z' });
    const { of, calls } = await readWorld(made);
    expect(confirms(calls)).toBe(2);
    expect(of(OLD_KEY).facts.lastUsedAt).toMatchObject({ value: '2026-10-14T00:00:00.000Z' });
    expect(of(NEW_KEY).facts.lastUsedAt).toMatchObject({ value: null, source: 'iam:GetAccessKeyLastUsed' });
  });

  test('a report whose dates match nothing', async () => {
    const made = await deployerWorld({ report: { statusChangeRotates: true } });
    const { of, calls } = await readWorld(made);
    expect(of(OLD_KEY).facts.lastUsedAt).toMatchObject({ value: '2026-06-01T10:00:00.000Z' });
    expect(confirms(calls)).toBeLessThanOrEqual(2);
  });

  test('a key deleted since the report is gone, one disabled since is inactive: the listing is newer', async () => {
    const made = await deployerWorld();
    await readWorld(made);
    made.aws.clock.advance(60_000);
    await made.clients.iam.send(new DeleteAccessKeyCommand({ UserName: 'deployer', AccessKeyId: NEW_KEY }));
    await made.clients.iam.send(
      new UpdateAccessKeyCommand({ UserName: 'deployer', AccessKeyId: OLD_KEY, Status: 'Inactive' }),
    );
    const { keys } = await readWorld(made);
    expect(keys.map(({ name }) => name)).toEqual([OLD_KEY]);
    expect(keys[0]?.facts.status).toMatchObject({ value: 'inactive', source: 'iam:ListAccessKeys' });
  });
});

describe('before a step may rest on disuse, IAM is asked about that very key', () => {
  test('only active keys, only those in question, and the later use counts', async () => {
    const made = await deployerWorld();
    await readWorld(made);
    made.aws.clock.advance(3_600_000);
    made.account.recordUse(OLD_KEY, { at: '2026-10-15T09:30:00Z' });
    const asked: string[] = [];
    const { of, calls } = await readWorld(made, {
      restsOnDisuse: (credential) => {
        asked.push(credential.name);
        return true;
      },
    });
    expect(asked).toEqual([OLD_KEY]);
    expect(confirms(calls)).toBe(1);
    expect(of(OLD_KEY).facts.lastUsedAt).toEqual({
      value: '2026-10-15T09:30:00.000Z',
      asOf: '2026-10-15T10:00:00.000Z',
      source: 'iam:GetAccessKeyLastUsed',
    });
  });

  test('a confirmation that lags behind the report does not take a use away', async () => {
    const made = await testWorld({
      script: {
        GetAccessKeyLastUsed: () =>
          '<UserName>deployer</UserName><AccessKeyLastUsed><Region>N/A</Region><ServiceName>N/A</ServiceName></AccessKeyLastUsed>',
      },
    });
    made.account.addUser({ name: 'deployer' });
    made.account.addAccessKey('deployer', {
      id: OLD_KEY,
      createdAt: '2025-02-01T00:00:00Z',
      lastUsed: { at: '2026-06-01T10:00:00Z' },
    });
    const { of } = await readWorld(made, { restsOnDisuse: () => true });
    expect(of(OLD_KEY).facts.lastUsedAt).toEqual({
      value: '2026-06-01T10:00:00.000Z',
      asOf: NOW,
      source: 'iam:GetCredentialReport',
    });
  });

  test.each([
    [
      'another user',
      '<UserName>somebody</UserName><AccessKeyLastUsed><Region>N/A</Region><ServiceName>N/A</ServiceName></AccessKeyLastUsed>',
      /somebody/,
    ],
    [
      'no date but a service',
      '<UserName>deployer</UserName><AccessKeyLastUsed><Region>N/A</Region><ServiceName>s3</ServiceName></AccessKeyLastUsed>',
      /s3/,
    ],
    [
      'no date but a Region',
      '<UserName>deployer</UserName><AccessKeyLastUsed><Region>eu-west-1</Region><ServiceName>N/A</ServiceName></AccessKeyLastUsed>',
      /eu-west-1/,
    ],
    ['nothing', '<UserName>deployer</UserName>', /nothing/],
  ])('an answer that names %s is unknown, never "never used"', async (_what, result, reason) => {
    const made = await testWorld({ script: { GetAccessKeyLastUsed: () => result } });
    made.account.addUser({ name: 'deployer' });
    made.account.addAccessKey('deployer', { id: OLD_KEY, createdAt: '2025-02-01T00:00:00Z' });
    const { of } = await readWorld(made, { restsOnDisuse: () => true });
    expect(of(OLD_KEY).facts.lastUsedAt).toEqual({ unknown: expect.stringMatching(reason) });
  });
});

describe('what is denied is unknown and named', () => {
  test('ListAccessKeys: keys stay visible as slots, whatever was asked for', async () => {
    const made = await deployerWorld();
    made.account.addUser({ name: 'another' });
    made.account.addAccessKey('another', { createdAt: '2025-02-01T00:00:00Z' });
    made.account.deny('*', ['iam:ListAccessKeys']);
    const { keys, summary } = await readWorld(made);
    expect(keys).toHaveLength(3);
    expect(keys.every(({ facts }) => facts.accessKeyId !== undefined && !isKnown(facts.accessKeyId))).toBe(
      true,
    );
    expect(summary).toMatchObject({ complete: false, fullRead: false });
    expect(summary.problems).toEqual([
      {
        code: 'access-keys-unread',
        message: expect.stringMatching(
          /^Could not read access keys of user another and 1 more: iam:ListAccessKeys was denied/,
        ),
        permission: 'iam:ListAccessKeys',
        affects: ['access-key'],
      },
    ]);
  });

  test('authorization details: tags are unknown, the path comes from the report', async () => {
    const made = await deployerWorld();
    made.account.deny('*', ['iam:GetAccountAuthorizationDetails']);
    const { of, summary } = await readWorld(made);
    expect(of(OLD_KEY)).toMatchObject({
      principal: { arn: USER_ARN, path: '/ci/', groups: [] },
      facts: { tags: { unknown: expect.stringContaining('AccessDenied') } },
    });
    expect(of(OLD_KEY).principal).not.toHaveProperty('userId');
    expect(summary.problems).toMatchObject([
      { code: 'user-details-unread', permission: 'iam:GetAccountAuthorizationDetails' },
    ]);
  });

  test('service-specific credentials', async () => {
    const made = await deployerWorld();
    made.account.deny('*', ['iam:ListServiceSpecificCredentials']);
    const { summary } = await readWorld(made);
    expect(summary.problems).toMatchObject([
      {
        code: 'service-specific-credentials-unread',
        permission: 'iam:ListServiceSpecificCredentials',
        affects: ['service-specific-credential'],
      },
    ]);
  });
});
