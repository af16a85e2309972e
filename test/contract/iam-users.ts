import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserCommand,
  GetAccountAuthorizationDetailsCommand,
  GetAccountSummaryCommand,
  GetLoginProfileCommand,
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
  ListAccountAliasesCommand,
  ListRolesCommand,
  ListServiceSpecificCredentialsCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  paginateGetAccountAuthorizationDetails,
  paginateListUsers,
  TagUserCommand,
  UntagUserCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { refusal } from './refusal.ts';
import { ACCOUNT_ID, type ContractCase } from './target.ts';

async function addUsers(iam: IAMClient, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await iam.send(new CreateUserCommand({ UserName: `user-${index}` }));
  }
}

function tags(count: number): { Key: string; Value: string }[] {
  return Array.from({ length: count }, (_, index) => ({ Key: `key-${index}`, Value: `${index}` }));
}

const ANY_TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:root` }, Action: 'sts:AssumeRole' },
  ],
});

export const IAM_USER_CASES: readonly ContractCase[] = [
  {
    name: 'GetUser: path, ARN and tags of a created user',
    async run(world) {
      const { iam } = world.clients();
      await iam.send(
        new CreateUserCommand({ UserName: 'deployer', Path: '/ci/', Tags: [{ Key: 'owner', Value: 'ann' }] }),
      );
      const { User } = await iam.send(new GetUserCommand({ UserName: 'deployer' }));
      expect(User).toMatchObject({
        UserName: 'deployer',
        Path: '/ci/',
        Arn: `arn:aws:iam::${ACCOUNT_ID}:user/ci/deployer`,
        Tags: [{ Key: 'owner', Value: 'ann' }],
      });
      expect(User?.CreateDate).toBeInstanceOf(Date);
    },
  },
  {
    name: "GetUser: a user's id begins with AIDA",
    async run(world) {
      const { User } = await world.clients().iam.send(new CreateUserCommand({ UserName: 'ann' }));
      expect(User?.UserId).toMatch(/^AIDA[A-Z0-9]{16}$/);
    },
  },
  {
    name: 'ListUsers: no tags, filtered by path',
    async run(world) {
      const { iam } = world.clients();
      await iam.send(
        new CreateUserCommand({ UserName: 'a', Path: '/ci/', Tags: [{ Key: 'k', Value: 'v' }] }),
      );
      await iam.send(new CreateUserCommand({ UserName: 'b' }));
      const { Users } = await iam.send(new ListUsersCommand({ PathPrefix: '/ci/' }));
      expect(Users?.map((user) => [user.UserName, user.Tags])).toEqual([['a', undefined]]);
    },
  },
  {
    name: 'ListUsers: MaxItems cuts the list and a marker continues it',
    async run(world) {
      const { iam } = world.clients();
      await addUsers(iam, 5);
      const pages: number[] = [];
      for await (const page of paginateListUsers({ client: iam, pageSize: 2 }, {}))
        pages.push(page.Users?.length ?? 0);
      expect(pages).toEqual([2, 2, 1]);
    },
  },
  {
    name: 'ListUsers: a marker nobody issued is refused',
    async run(world) {
      const call = world.clients().iam.send(new ListUsersCommand({ Marker: 'made-up' }));
      expect(await refusal(call)).toMatchObject({ name: 'ValidationError', status: 400 });
    },
  },
  {
    name: 'CreateUser: a name is taken once',
    async run(world) {
      const { iam } = world.clients();
      await iam.send(new CreateUserCommand({ UserName: 'ann' }));
      const call = iam.send(new CreateUserCommand({ UserName: 'ann' }));
      expect(await refusal(call)).toMatchObject({ name: 'EntityAlreadyExistsException', status: 409 });
    },
  },
  {
    name: 'CreateUser: names are compared without regard to case',
    async run(world) {
      const { iam } = world.clients();
      await iam.send(new CreateUserCommand({ UserName: 'ann' }));
      const call = iam.send(new CreateUserCommand({ UserName: 'ANN' }));
      expect(await refusal(call)).toMatchObject({ name: 'EntityAlreadyExistsException' });
    },
  },
  {
    name: 'GetUser: an unknown user is NoSuchEntity',
    async run(world) {
      const call = world.clients().iam.send(new GetUserCommand({ UserName: 'ghost' }));
      expect(await refusal(call)).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
    },
  },
  {
    name: 'DeleteUser: refused while there are keys',
    async run(world) {
      const { iam } = world.clients();
      await iam.send(new CreateUserCommand({ UserName: 'ann' }));
      await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
      const call = iam.send(new DeleteUserCommand({ UserName: 'ann' }));
      expect(await refusal(call)).toMatchObject({ name: 'DeleteConflictException', status: 409 });
    },
  },
  {
    name: 'TagUser: adds, replaces, and UntagUser removes',
    async run(world) {
      const { iam } = world.clients();
      await iam.send(new CreateUserCommand({ UserName: 'ann', Tags: [{ Key: 'a', Value: '1' }] }));
      await iam.send(
        new TagUserCommand({
          UserName: 'ann',
          Tags: [
            { Key: 'a', Value: '2' },
            { Key: 'b', Value: '' },
          ],
        }),
      );
      await iam.send(new UntagUserCommand({ UserName: 'ann', TagKeys: ['b', 'never-there'] }));
      const { Tags } = await iam.send(new ListUserTagsCommand({ UserName: 'ann' }));
      expect(Tags).toEqual([{ Key: 'a', Value: '2' }]);
    },
  },
  {
    name: 'TagUser: keys are compared without regard to case',
    async run(world) {
      const { iam } = world.clients();
      await iam.send(new CreateUserCommand({ UserName: 'ann', Tags: [{ Key: 'Owner', Value: '1' }] }));
      await iam.send(new TagUserCommand({ UserName: 'ann', Tags: [{ Key: 'owner', Value: '2' }] }));
      const { Tags } = await iam.send(new ListUserTagsCommand({ UserName: 'ann' }));
      expect(Tags?.map((tag) => tag.Value)).toEqual(['2']);
    },
  },
  {
    name: 'TagUser: a 51st tag is refused',
    async run(world) {
      const { iam } = world.clients();
      await iam.send(new CreateUserCommand({ UserName: 'ann', Tags: tags(50) }));
      const call = iam.send(new TagUserCommand({ UserName: 'ann', Tags: [{ Key: 'one-more', Value: '' }] }));
      expect(await refusal(call)).toMatchObject({ name: 'LimitExceededException', status: 409 });
    },
  },
  ...['semi;colon', 'star*', 'line\nbreak'].map((key) => ({
    name: `TagUser: the key ${JSON.stringify(key)} is refused`,
    async run(world: Parameters<ContractCase['run']>[0]) {
      const { iam } = world.clients();
      await iam.send(new CreateUserCommand({ UserName: 'ann' }));
      const call = iam.send(new TagUserCommand({ UserName: 'ann', Tags: [{ Key: key, Value: '' }] }));
      expect(await refusal(call)).toMatchObject({ name: 'ValidationError', status: 400 });
    },
  })),
  {
    name: 'TagUser: the prefix aws: is reserved',
    async run(world) {
      const { iam } = world.clients();
      await iam.send(new CreateUserCommand({ UserName: 'ann' }));
      const call = iam.send(
        new TagUserCommand({ UserName: 'ann', Tags: [{ Key: 'aws:owner', Value: 'x' }] }),
      );
      expect(await refusal(call)).toMatchObject({ status: 400 });
    },
  },
  {
    name: 'GetAccountAuthorizationDetails: users with tags and groups',
    async run(world) {
      const { iam } = world.clients();
      await iam.send(new CreateUserCommand({ UserName: 'ann', Tags: [{ Key: 'owner', Value: 'ann' }] }));
      await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: ANY_TRUST }));
      const details = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User'] }));
      expect(details.UserDetailList).toMatchObject([
        { UserName: 'ann', Path: '/', GroupList: [], Tags: [{ Key: 'owner', Value: 'ann' }] },
      ]);
      expect(details.RoleDetailList).toEqual([]);
    },
  },
  {
    name: 'GetAccountAuthorizationDetails: MaxItems cuts the list and a marker continues it',
    async run(world) {
      const { iam } = world.clients();
      await addUsers(iam, 5);
      const names: (string | undefined)[] = [];
      let pages = 0;
      const config = { client: iam, pageSize: 2 };
      for await (const page of paginateGetAccountAuthorizationDetails(config, { Filter: ['User'] })) {
        pages += 1;
        names.push(...(page.UserDetailList ?? []).map((user) => user.UserName));
      }
      expect(new Set(names).size).toBe(5);
      expect(pages).toBeGreaterThanOrEqual(3);
    },
  },
  {
    name: 'roles: created, got with their trust policy, listed',
    async run(world) {
      const { iam } = world.clients();
      await iam.send(
        new CreateRoleCommand({ RoleName: 'auditor', Path: '/x/', AssumeRolePolicyDocument: ANY_TRUST }),
      );
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'auditor' }));
      expect(Role?.Arn).toBe(`arn:aws:iam::${ACCOUNT_ID}:role/x/auditor`);
      expect(Role?.RoleId).toMatch(/^AROA/);
      expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''))).toEqual(
        JSON.parse(ANY_TRUST),
      );
      const { Roles } = await iam.send(new ListRolesCommand({ PathPrefix: '/x/' }));
      expect(Roles?.map((role) => role.RoleName)).toEqual(['auditor']);
    },
  },
  {
    name: 'GetRole: an unknown role is NoSuchEntity',
    async run(world) {
      const call = world.clients().iam.send(new GetRoleCommand({ RoleName: 'ghost' }));
      expect(await refusal(call)).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
    },
  },
  {
    name: 'login profiles: created once, absent is NoSuchEntity',
    async run(world) {
      const { iam } = world.clients();
      await iam.send(new CreateUserCommand({ UserName: 'ann' }));
      expect(await refusal(iam.send(new GetLoginProfileCommand({ UserName: 'ann' })))).toMatchObject({
        name: 'NoSuchEntityException',
      });
      await iam.send(new CreateLoginProfileCommand({ UserName: 'ann', Password: 'Not-a-real-1' }));
      const { LoginProfile } = await iam.send(new GetLoginProfileCommand({ UserName: 'ann' }));
      expect(LoginProfile?.UserName).toBe('ann');
    },
  },
  {
    name: 'ListServiceSpecificCredentials: the whole account in one listing',
    async run(world) {
      const answer = await world
        .clients()
        .iam.send(new ListServiceSpecificCredentialsCommand({ AllUsers: true }));
      expect(answer).toMatchObject({ ServiceSpecificCredentials: [], IsTruncated: false });
    },
  },
  {
    name: 'GetAccountSummary and ListAccountAliases of a new account',
    async run(world) {
      const { iam } = world.clients();
      await iam.send(new CreateUserCommand({ UserName: 'ann' }));
      const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
      expect(SummaryMap).toMatchObject({ Users: 1, AccessKeysPerUserQuota: 2 });
      const { AccountAliases } = await iam.send(new ListAccountAliasesCommand({}));
      expect(AccountAliases).toEqual([]);
    },
  },
];
