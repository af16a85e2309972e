import { CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { refusal } from './refusal.ts';
import { ACCOUNT_ID, type Clients, type ContractCase, type Credentials } from './target.ts';

const ROLE_ARN = `arn:aws:iam::${ACCOUNT_ID}:role/auditor`;

async function addRole(
  { iam }: Clients,
  principal: string,
  condition?: Record<string, Record<string, string>>,
) {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: principal },
    Action: 'sts:AssumeRole',
    ...(condition === undefined ? {} : { Condition: condition }),
  };
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.send(
    new CreateRoleCommand({
      RoleName: 'auditor',
      AssumeRolePolicyDocument: policy,
      MaxSessionDuration: 7200,
    }),
  );
}

async function keyOf({ iam }: Clients, name: string): Promise<Credentials> {
  await iam.send(new CreateUserCommand({ UserName: name }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

function assume(clients: Clients, extra: { DurationSeconds?: number; ExternalId?: string } = {}) {
  return clients.sts.send(new AssumeRoleCommand({ RoleArn: ROLE_ARN, RoleSessionName: 'sweep-1', ...extra }));
}

export const STS_CASES: readonly ContractCase[] = [
  {
    name: "GetCallerIdentity: a user's key acts as the user",
    async run(world) {
      const key = await keyOf(world.clients(), 'ann');
      const identity = await world.clients(key).sts.send(new GetCallerIdentityCommand({}));
      expect(identity).toMatchObject({ Account: ACCOUNT_ID, Arn: `arn:aws:iam::${ACCOUNT_ID}:user/ann` });
    },
  },
  {
    name: 'GetCallerIdentity: an unknown key is refused',
    async run(world) {
      const key = { accessKeyId: 'AKIAQQQQQQQQQQQQQQQQ', secretAccessKey: 'x'.repeat(40) };
      const call = world.clients(key).sts.send(new GetCallerIdentityCommand({}));
      expect(await refusal(call)).toMatchObject({ name: 'InvalidClientTokenId', status: 403 });
    },
  },
  {
    name: 'AssumeRole: the session acts as the role and ends when asked',
    async run(world) {
      await addRole(world.clients(), `arn:aws:iam::${ACCOUNT_ID}:root`);
      const { Credentials, AssumedRoleUser } = await assume(world.clients(), { DurationSeconds: 900 });
      expect(Credentials?.AccessKeyId).toMatch(/^ASIA/);
      expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${ACCOUNT_ID}:assumed-role/auditor/sweep-1`);
      const session = world.clients({
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      });
      const identity = await session.sts.send(new GetCallerIdentityCommand({}));
      expect(identity.Arn).toBe(`arn:aws:sts::${ACCOUNT_ID}:assumed-role/auditor/sweep-1`);
      expect(identity.UserId).toMatch(/^AROA\w+:sweep-1$/);
    },
  },
  {
    name: 'AssumeRole: less than 900 seconds is refused',
    async run(world) {
      await addRole(world.clients(), `arn:aws:iam::${ACCOUNT_ID}:root`);
      expect(await refusal(assume(world.clients(), { DurationSeconds: 899 }))).toMatchObject({
        name: 'ValidationError',
        status: 400,
      });
    },
  },
  {
    name: "AssumeRole: more than the role's own maximum is refused",
    async run(world) {
      await addRole(world.clients(), `arn:aws:iam::${ACCOUNT_ID}:root`);
      expect(await refusal(assume(world.clients(), { DurationSeconds: 7201 }))).toMatchObject({
        name: 'ValidationError',
        status: 400,
      });
    },
  },
  {
    name: 'AssumeRole: whom the trust policy does not name is refused',
    async run(world) {
      const bob = await keyOf(world.clients(), 'bob');
      await addRole(world.clients(), `arn:aws:iam::${ACCOUNT_ID}:user/somebody-else`);
      expect(await refusal(assume(world.clients(bob)))).toMatchObject({ name: 'AccessDenied', status: 403 });
    },
  },
  {
    name: 'AssumeRole: a missing external id is refused',
    async run(world) {
      await addRole(world.clients(), `arn:aws:iam::${ACCOUNT_ID}:root`, {
        StringEquals: { 'sts:ExternalId': 'right' },
      });
      expect(await refusal(assume(world.clients(), { ExternalId: 'wrong' }))).toMatchObject({
        name: 'AccessDenied',
      });
      expect((await assume(world.clients(), { ExternalId: 'right' })).Credentials?.AccessKeyId).toMatch(
        /^ASIA/,
      );
    },
  },
  {
    name: 'AssumeRole: a role that is not there is refused',
    async run(world) {
      expect(await refusal(assume(world.clients()))).toMatchObject({ name: 'AccessDenied', status: 403 });
    },
  },
];
