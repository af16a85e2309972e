import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GenerateCredentialReportCommand,
  GetAccessKeyLastUsedCommand,
  GetCredentialReportCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { errorName, NOW, oneAccount, reportRows } from './one-account.ts';

const HOUR_MS = 3_600_000;

describe('the credential report is made slowly and kept for four hours', () => {
  it('says STARTED, INPROGRESS, COMPLETE; asked for too early it is not ready', async () => {
    const { iam } = oneAccount({ report: { polls: 2 } });
    const states = [(await iam.send(new GenerateCredentialReportCommand({}))).State];
    expect(await errorName(iam.send(new GetCredentialReportCommand({})))).toBe(
      'CredentialReportNotReadyException',
    );
    for (let poll = 0; poll < 2; poll++)
      states.push((await iam.send(new GenerateCredentialReportCommand({}))).State);
    expect(states).toEqual(['STARTED', 'INPROGRESS', 'COMPLETE']);
  });

  it('is complete after a few seconds even when nobody polls', async () => {
    const { aws, iam } = oneAccount({ report: { polls: 99 } });
    await iam.send(new GenerateCredentialReportCommand({}));
    aws.clock.advance(5000);
    expect((await iam.send(new GenerateCredentialReportCommand({}))).State).toBe('COMPLETE');
  });

  it('shows the account as it was when generated, for four hours, and then expires', async () => {
    const { aws, account, iam } = oneAccount();
    await reportRows(iam);
    account.addUser({ name: 'later' });
    aws.clock.advance(4 * HOUR_MS - 1);
    expect(Object.keys(await reportRows(iam))).toEqual(['<root_account>']);
    const { GeneratedTime } = await iam.send(new GetCredentialReportCommand({}));
    expect(GeneratedTime?.toISOString()).toBe(NOW);
    aws.clock.advance(1);
    expect(await errorName(iam.send(new GetCredentialReportCommand({})))).toBe(
      'CredentialReportExpiredException',
    );
    expect(Object.keys(await reportRows(iam))).toEqual(['<root_account>', 'later']);
  });
});

it('a report of the future, from before somebody set the clock back, is made anew', async () => {
  const { aws, account, iam } = oneAccount();
  aws.clock.set('9999-12-31T00:00:00.000Z');
  await reportRows(iam);
  aws.clock.set(NOW);
  account.addUser({ name: 'later' });
  expect(Object.keys(await reportRows(iam))).toEqual(['<root_account>', 'later']);
  expect((await iam.send(new GetCredentialReportCommand({}))).GeneratedTime?.toISOString()).toBe(NOW);
});

describe('the credential report has two slots and no key ids', () => {
  it('keeps a key in its slot when another goes, and fills the free slot first', async () => {
    const { aws, account, iam } = oneAccount();
    account.addUser({ name: 'ann' });
    const first = account.addAccessKey('ann', { createdAt: '2025-01-01T00:00:00Z' });
    account.addAccessKey('ann', { createdAt: '2025-02-02T00:00:00Z' });
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: first.id }));
    const alone = (await reportRows(iam)).ann;
    expect(alone).toMatchObject({
      access_key_1_active: 'false',
      access_key_1_last_rotated: 'N/A',
      access_key_2_active: 'true',
    });
    await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
    aws.clock.advance(4 * HOUR_MS);
    expect((await reportRows(iam)).ann).toMatchObject({
      access_key_1_last_rotated: '2026-03-01T09:00:00+00:00',
      access_key_2_last_rotated: '2025-02-02T00:00:00+00:00',
    });
  });

  it('does not show a third key (G21), only that there is one', async () => {
    const { account, iam } = oneAccount();
    account.addUser({ name: 'ann' });
    for (const day of ['01', '02', '03'])
      account.addAccessKey('ann', { createdAt: `2025-01-${day}T00:00:00Z` });
    const row = (await reportRows(iam)).ann;
    expect(JSON.stringify(row)).not.toContain('2025-01-03');
    expect(row?.additional_credentials_info).toMatch(/1 additional access key/);
  });

  it('may lack the newest column', async () => {
    const { iam } = oneAccount({ report: { additionalInfoColumn: false } });
    expect(Object.keys((await reportRows(iam))['<root_account>'] ?? {})).toHaveLength(22);
  });

  it.each([
    ['date', '2025-01-01T00:00:00+00:00'],
    ['N/A', 'N/A'],
  ] as const)('an inactive key was last rotated: %s', async (inactiveLastRotated, expected) => {
    const { account, iam } = oneAccount({ report: { inactiveLastRotated } });
    account.addUser({ name: 'ann' });
    account.addAccessKey('ann', { createdAt: '2025-01-01T00:00:00Z', status: 'Inactive' });
    expect((await reportRows(iam)).ann).toMatchObject({
      access_key_1_active: 'false',
      access_key_1_last_rotated: expected,
    });
  });
});

describe('last use', () => {
  it('is precise to 15 minutes in the report: of several uses only the first shows', async () => {
    const { aws, account, iam, as } = oneAccount();
    account.addUser({ name: 'ann' });
    const { id, secretAccessKey } = account.addAccessKey('ann');
    const { sts } = as({ credentials: { accessKeyId: id, secretAccessKey } });
    await sts.send(new GetCallerIdentityCommand({}));
    aws.clock.advance(14 * 60_000);
    await sts.send(new GetCallerIdentityCommand({}));
    expect((await reportRows(iam)).ann).toMatchObject({
      access_key_1_last_used_date: '2026-03-01T09:00:00+00:00',
      access_key_1_last_used_service: 'sts',
      access_key_1_last_used_region: 'eu-central-1',
    });
    const { AccessKeyLastUsed } = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }));
    expect(AccessKeyLastUsed?.LastUsedDate?.toISOString()).toBe('2026-03-01T09:14:00.000Z');
  });

  it('is seen only after its lag', async () => {
    const { aws, account, iam } = oneAccount({ lastUsedLagMs: HOUR_MS });
    account.addUser({ name: 'ann' });
    const { id } = account.addAccessKey('ann');
    account.recordUse(id, { service: 'dynamodb', region: 'eu-west-1' });
    const read = async () =>
      (await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }))).AccessKeyLastUsed;
    expect(await read()).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
    aws.clock.advance(HOUR_MS);
    expect(await read()).toMatchObject({ ServiceName: 'dynamodb', Region: 'eu-west-1' });
  });

  it('is not set back by an earlier use reported late', async () => {
    const { account, iam } = oneAccount();
    account.addUser({ name: 'ann' });
    const { id } = account.addAccessKey('ann', { lastUsed: { at: '2026-02-01T00:00:00Z' } });
    account.recordUse(id, { at: '2026-01-01T00:00:00Z' });
    const { AccessKeyLastUsed } = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }));
    expect(AccessKeyLastUsed?.LastUsedDate?.toISOString()).toBe('2026-02-01T00:00:00.000Z');
  });
});

describe('what the report says of the root account and of passwords', () => {
  it('shows root keys, which nothing else shows', async () => {
    const { account, iam } = oneAccount();
    account.setRoot({
      mfa: false,
      passwordLastUsed: '2026-02-01T00:00:00Z',
      keys: [{ createdAt: '2020-01-01T00:00:00Z', lastUsed: { at: '2021-01-01T00:00:00Z', service: 'ec2' } }],
    });
    expect((await reportRows(iam))['<root_account>']).toMatchObject({
      mfa_active: 'false',
      password_enabled: 'not_supported',
      password_last_used: '2026-02-01T00:00:00+00:00',
      access_key_1_active: 'true',
      access_key_1_last_used_service: 'ec2',
      access_key_2_active: 'false',
    });
  });

  it.each([
    [
      'no password',
      {},
      { password_enabled: 'false', password_last_used: 'N/A', password_last_changed: 'N/A' },
    ],
    [
      'a password never used',
      { password: {} },
      { password_enabled: 'true', password_last_used: 'no_information' },
    ],
    [
      'a password used',
      { password: { lastUsed: '2026-02-02T00:00:00Z' } },
      { password_enabled: 'true', password_last_used: '2026-02-02T00:00:00+00:00' },
    ],
  ])('%s', async (_name, seed, expected) => {
    const { account, iam } = oneAccount();
    account.addUser({ name: 'ann', ...seed });
    expect((await reportRows(iam)).ann).toMatchObject(expected);
  });
});
