import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  GenerateCredentialReportCommand,
  GetAccessKeyLastUsedCommand,
  GetCredentialReportCommand,
  type IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { refusal } from './refusal.ts';
import type { ContractCase, Credentials } from './target.ts';

/** The first 22 columns; newer accounts have one more. */
export const REPORT_COLUMNS =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,' +
  'access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,' +
  'access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,' +
  'cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated';

async function userWithKey(iam: IAMClient, name = 'ann'): Promise<Credentials> {
  await iam.send(new CreateUserCommand({ UserName: name }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

/** Generates until complete and returns the rows by user, columns by name. */
async function report(iam: IAMClient): Promise<Map<string, Record<string, string>>> {
  let state: string | undefined;
  for (let poll = 0; poll < 5 && state !== 'COMPLETE'; poll++) {
    state = (await iam.send(new GenerateCredentialReportCommand({}))).State;
  }
  const { Content } = await iam.send(new GetCredentialReportCommand({}));
  const [header = '', ...lines] = new TextDecoder().decode(Content).trim().split('\n');
  const columns = header.split(',');
  const rows = lines.map((line) =>
    Object.fromEntries(line.split(',').map((value, index) => [columns[index], value])),
  );
  return new Map(rows.map((row) => [row.user ?? '', row]));
}

export const IAM_KEY_CASES: readonly ContractCase[] = [
  {
    name: 'CreateAccessKey: an active key with its secret, listed without it',
    async run(world) {
      const { iam } = world.clients();
      const key = await userWithKey(iam);
      expect(key.accessKeyId).toMatch(/^AKIA[A-Z0-9]{16}$/);
      expect(key.secretAccessKey).toHaveLength(40);
      const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'ann' }));
      expect(AccessKeyMetadata).toMatchObject([
        { UserName: 'ann', AccessKeyId: key.accessKeyId, Status: 'Active' },
      ]);
      expect(JSON.stringify(AccessKeyMetadata)).not.toContain(key.secretAccessKey);
    },
  },
  {
    name: 'CreateAccessKey: a third key is refused, inactive ones count',
    async run(world) {
      const { iam } = world.clients();
      const { accessKeyId } = await userWithKey(iam);
      await iam.send(
        new UpdateAccessKeyCommand({ UserName: 'ann', AccessKeyId: accessKeyId, Status: 'Inactive' }),
      );
      await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
      const call = iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
      expect(await refusal(call)).toMatchObject({ name: 'LimitExceededException', status: 409 });
    },
  },
  {
    name: 'UpdateAccessKey: disables and enables again',
    async run(world) {
      const { iam } = world.clients();
      const { accessKeyId } = await userWithKey(iam);
      const statuses: (string | undefined)[] = [];
      for (const Status of ['Inactive', 'Active'] as const) {
        await iam.send(new UpdateAccessKeyCommand({ UserName: 'ann', AccessKeyId: accessKeyId, Status }));
        const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'ann' }));
        statuses.push(AccessKeyMetadata?.[0]?.Status);
      }
      expect(statuses).toEqual(['Inactive', 'Active']);
    },
  },
  {
    name: 'UpdateAccessKey and DeleteAccessKey: a key of somebody else is NoSuchEntity',
    async run(world) {
      const { iam } = world.clients();
      const { accessKeyId } = await userWithKey(iam);
      await iam.send(new CreateUserCommand({ UserName: 'bob' }));
      const update = new UpdateAccessKeyCommand({
        UserName: 'bob',
        AccessKeyId: accessKeyId,
        Status: 'Inactive',
      });
      expect(await refusal(iam.send(update))).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
      const remove = new DeleteAccessKeyCommand({ UserName: 'bob', AccessKeyId: accessKeyId });
      expect(await refusal(iam.send(remove))).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
    },
  },
  {
    name: 'DeleteAccessKey: an active key goes too, and is gone',
    async run(world) {
      const { iam } = world.clients();
      const { accessKeyId } = await userWithKey(iam);
      await iam.send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: accessKeyId }));
      const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'ann' }));
      expect(AccessKeyMetadata).toEqual([]);
    },
  },
  {
    name: 'GetAccessKeyLastUsed: a key never used has no date',
    async run(world) {
      const { iam } = world.clients();
      const { accessKeyId } = await userWithKey(iam);
      const answer = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId }));
      expect(answer.UserName).toBe('ann');
      expect(answer.AccessKeyLastUsed).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
    },
  },
  {
    name: 'GetAccessKeyLastUsed: signing a request is a use',
    async run(world) {
      const { iam } = world.clients();
      const key = await userWithKey(iam);
      await world.clients(key).sts.send(new GetCallerIdentityCommand({}));
      const { AccessKeyLastUsed } = await iam.send(
        new GetAccessKeyLastUsedCommand({ AccessKeyId: key.accessKeyId }),
      );
      expect(AccessKeyLastUsed).toMatchObject({ ServiceName: 'sts', LastUsedDate: expect.any(Date) });
    },
  },
  {
    name: 'GetAccessKeyLastUsed: a key that is not there is refused',
    async run(world) {
      const call = world
        .clients()
        .iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: 'AKIAQQQQQQQQQQQQQQQQ' }));
      expect((await refusal(call)).name).toMatch(/^(AccessDenied|NoSuchEntity)/);
    },
  },
  {
    name: 'UpdateAccessKey: a disabled key signs nothing',
    async run(world) {
      const { iam } = world.clients();
      const key = await userWithKey(iam);
      await iam.send(
        new UpdateAccessKeyCommand({ UserName: 'ann', AccessKeyId: key.accessKeyId, Status: 'Inactive' }),
      );
      const call = world.clients(key).sts.send(new GetCallerIdentityCommand({}));
      expect(await refusal(call)).toMatchObject({ name: 'InvalidClientTokenId', status: 403 });
    },
  },
  {
    name: 'credential report: absent until generated',
    async run(world) {
      const call = world.clients().iam.send(new GetCredentialReportCommand({}));
      expect(await refusal(call)).toMatchObject({ name: 'CredentialReportNotPresentException', status: 410 });
    },
  },
  {
    name: 'credential report: STARTED first, then COMPLETE',
    async run(world) {
      const { iam } = world.clients();
      const first = await iam.send(new GenerateCredentialReportCommand({}));
      expect(first.State).toBe('STARTED');
      expect(first.Description).toMatch(/No report exists/);
      await report(iam);
      expect((await iam.send(new GenerateCredentialReportCommand({}))).State).toBe('COMPLETE');
    },
  },
  {
    name: 'credential report: its columns, in their order',
    async run(world) {
      const { iam } = world.clients();
      await userWithKey(iam);
      const rows = await report(iam);
      const columns = Object.keys([...rows.values()][0] ?? {}).join(',');
      expect(columns.startsWith(REPORT_COLUMNS)).toBe(true);
    },
  },
  {
    name: 'credential report: the root account comes first and cannot say everything',
    async run(world) {
      const { iam } = world.clients();
      await userWithKey(iam);
      const rows = await report(iam);
      expect([...rows.keys()]).toEqual(['<root_account>', 'ann']);
      expect(rows.get('<root_account>')).toMatchObject({
        password_last_changed: 'not_supported',
        access_key_1_active: 'false',
        access_key_1_last_rotated: 'N/A',
      });
    },
  },
  {
    name: 'credential report: a user with one key never used and no password',
    async run(world) {
      const { iam } = world.clients();
      await userWithKey(iam);
      const row = (await report(iam)).get('ann');
      expect(row).toMatchObject({
        password_enabled: 'false',
        mfa_active: 'false',
        access_key_1_active: 'true',
        access_key_1_last_used_date: 'N/A',
        access_key_2_active: 'false',
        access_key_2_last_rotated: 'N/A',
        cert_1_active: 'false',
      });
      expect(row?.access_key_1_last_rotated).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
      expect(JSON.stringify(row)).not.toMatch(/AKIA/);
    },
  },
  {
    name: 'credential report: a key never used has neither Region nor service',
    async run(world) {
      const { iam } = world.clients();
      await userWithKey(iam);
      expect((await report(iam)).get('ann')).toMatchObject({
        access_key_1_last_used_region: 'N/A',
        access_key_1_last_used_service: 'N/A',
      });
    },
  },
  {
    name: 'credential report: dates of an old key and of its last use',
    async run(world) {
      await world.seedKey({
        userName: 'old',
        createdAt: '2024-02-03T04:05:06Z',
        lastUsedAt: '2024-08-09T10:00:00Z',
      });
      const row = (await report(world.clients().iam)).get('old');
      expect(row?.access_key_1_last_rotated).toMatch(/^2024-02-03T04:05:06/);
      expect(row?.access_key_1_last_used_date).toMatch(/^2024-08-09T10:00:00/);
    },
  },
  {
    name: 'credential report: no password is N/A, not "no information"',
    async run(world) {
      const { iam } = world.clients();
      await userWithKey(iam);
      expect((await report(iam)).get('ann')).toMatchObject({
        password_last_used: 'N/A',
        password_last_changed: 'N/A',
        password_next_rotation: 'N/A',
      });
    },
  },
  {
    name: 'credential report: cached, so that a later user is not in it',
    async run(world) {
      const { iam } = world.clients();
      await report(iam);
      await userWithKey(iam, 'later');
      expect((await report(iam)).has('later')).toBe(false);
    },
  },
];
