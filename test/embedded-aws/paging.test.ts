import {
  CreateUserCommand,
  DeleteUserCommand,
  ListServiceSpecificCredentialsCommand,
  ListUsersCommand,
  paginateGetAccountAuthorizationDetails,
} from '@aws-sdk/client-iam';
import { ListSecretsCommand, paginateListSecrets } from '@aws-sdk/client-secrets-manager';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sequence } from '../../lib/embedded-aws/world/sequence.ts';
import { errorName, oneAccount } from './one-account.ts';

describe('pages', () => {
  it('are short when AWS likes, whatever was asked', async () => {
    const { account, iam } = oneAccount({ pageSize: 3 });
    for (let index = 0; index < 7; index++) account.addUser({ name: `u${index}` });
    const { Users, IsTruncated } = await iam.send(new ListUsersCommand({ MaxItems: 1000 }));
    expect([Users?.length, IsTruncated]).toEqual([3, true]);
  });

  it('of authorization details hold one kind each: users, groups, roles', async () => {
    const { account, iam } = oneAccount();
    account.addUser({
      name: 'ann',
      groups: ['admins'],
      inlinePolicies: { p: { Statement: [] } },
      attachedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
    });
    account.addRole({ name: 'r', trust: { Version: '2012-10-17', Statement: [] } });
    const kinds: string[][] = [];
    for await (const page of paginateGetAccountAuthorizationDetails({ client: iam }, {})) {
      kinds.push(
        Object.entries({ user: page.UserDetailList, group: page.GroupDetailList, role: page.RoleDetailList })
          .filter(([, list]) => (list ?? []).length > 0)
          .map(([kind]) => kind),
      );
      if (page.UserDetailList?.[0] !== undefined) {
        expect(page.UserDetailList[0]).toMatchObject({
          GroupList: ['admins'],
          UserPolicyList: [{ PolicyName: 'p', PolicyDocument: encodeURIComponent('{"Statement":[]}') }],
          AttachedManagedPolicies: [{ PolicyName: 'ReadOnlyAccess' }],
        });
      }
    }
    expect(kinds).toEqual([['user'], ['group'], ['role']]);
  });

  it('of service-specific credentials go over all users', async () => {
    const { account, iam } = oneAccount({ pageSize: 2 });
    for (const name of ['ann', 'bob', 'eve']) {
      account.addUser({ name });
      account.addServiceSpecificCredential(name, {
        serviceName: 'bedrock.amazonaws.com',
        expiresAt: '2027-01-01T00:00:00Z',
      });
    }
    account.addServiceSpecificCredential('eve', { serviceName: 'codecommit.amazonaws.com' });
    const found: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await iam.send(new ListServiceSpecificCredentialsCommand({ AllUsers: true, Marker }));
      for (const each of page.ServiceSpecificCredentials ?? []) {
        found.push(
          `${each.UserName} ${each.ServiceName} ${each.ExpirationDate?.getUTCFullYear() ?? 'never'}`,
        );
      }
      Marker = page.Marker;
    } while (Marker !== undefined);
    expect(found).toEqual([
      'ann bedrock.amazonaws.com 2027',
      'bob bedrock.amazonaws.com 2027',
      'eve bedrock.amazonaws.com 2027',
      'eve codecommit.amazonaws.com never',
    ]);
  });

  it('survive deletions and additions in between: nothing is skipped, nothing comes twice', async () => {
    const { iam, account } = oneAccount();
    for (let index = 0; index < 4; index++) account.addUser({ name: `u${index}` });
    const first = await iam.send(new ListUsersCommand({ MaxItems: 2 }));
    await iam.send(new DeleteUserCommand({ UserName: 'u0' }));
    await iam.send(new CreateUserCommand({ UserName: 'u4' }));
    const second = await iam.send(new ListUsersCommand({ Marker: first.Marker }));
    expect(second.Users?.map((user) => user.UserName)).toEqual(['u2', 'u3', 'u4']);
  });

  it('are continued only by the listing that began them', async () => {
    const { account, secrets, as } = oneAccount();
    for (const region of ['eu-central-1', 'eu-west-1']) {
      for (const name of ['a', 'b']) account.addSecret(region, { name });
    }
    const { NextToken } = await secrets.send(new ListSecretsCommand({ MaxResults: 1 }));
    const elsewhere = as({ region: 'eu-west-1' }).secrets;
    expect(await errorName(elsewhere.send(new ListSecretsCommand({ NextToken })))).toBe(
      'InvalidNextTokenException',
    );
  });

  it('of ten thousand secrets hold each exactly once', async () => {
    const { account, secrets } = oneAccount();
    for (let index = 0; index < 10_000; index++) account.addSecret('eu-central-1', { name: `s${index}` });
    const seen = new Set<string | undefined>();
    let pages = 0;
    for await (const page of paginateListSecrets({ client: secrets, pageSize: 100 }, {})) {
      pages += 1;
      for (const secret of page.SecretList ?? []) seen.add(secret.Name);
    }
    expect([pages, seen.size]).toEqual([100, 10_000]);
  });
});

describe('a sequence', () => {
  it('pages over exactly the values that remain and pass, in order, after any additions and deletions', () => {
    const step = fc.record({ key: fc.nat({ max: 20 }).map(String), remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 1, max: 5 }), (steps, limit) => {
        const sequence = new Sequence<string>();
        let expected: string[] = [];
        for (const { key, remove } of steps) {
          if (remove) {
            sequence.delete(key);
            expected = expected.filter((each) => each !== key);
          } else if (!sequence.has(key)) {
            sequence.add(key, key);
            expected.push(key);
          }
        }
        const isEven = (value: string) => Number(value) % 2 === 0;
        const found: string[] = [];
        let after: number | undefined = 0;
        while (after !== undefined) {
          const page: ReturnType<typeof sequence.slice> = sequence.slice(after, limit, isEven);
          found.push(...page.values);
          after = page.next;
        }
        expect(found).toEqual(expected.filter(isEven));
        expect(sequence.size).toBe(expected.length);
      }),
    );
  });
});
