import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  paginateListSecrets,
  type SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import { refusal } from './refusal.ts';
import { ACCOUNT_ID, type ContractCase, REGION } from './target.ts';

async function add(secrets: SecretsManagerClient, name = 'db/password'): Promise<string> {
  const { ARN } = await secrets.send(new CreateSecretCommand({ Name: name, SecretString: 'planted' }));
  return ARN ?? '';
}

async function names(
  secrets: SecretsManagerClient,
  IncludePlannedDeletion = false,
): Promise<(string | undefined)[]> {
  const { SecretList } = await secrets.send(new ListSecretsCommand({ IncludePlannedDeletion }));
  return (SecretList ?? []).map((secret) => secret.Name);
}

export const SECRET_CASES: readonly ContractCase[] = [
  {
    name: 'secrets: created, described, listed and read by name or ARN',
    async run(world) {
      const { secrets } = world.clients();
      const arn = await add(secrets);
      expect(arn).toMatch(
        new RegExp(`^arn:aws:secretsmanager:${REGION}:${ACCOUNT_ID}:secret:db/password-[A-Za-z0-9]{6}$`),
      );
      const described = await secrets.send(new DescribeSecretCommand({ SecretId: 'db/password' }));
      expect(described).toMatchObject({ ARN: arn, Name: 'db/password', CreatedDate: expect.any(Date) });
      expect(Object.values(described.VersionIdsToStages ?? {})).toEqual([['AWSCURRENT']]);
      for (const SecretId of ['db/password', arn, arn.slice(0, -7)]) {
        const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
        expect(SecretString).toBe('planted');
      }
      expect(await names(secrets)).toEqual(['db/password']);
    },
  },
  {
    name: 'secrets: an unknown one is ResourceNotFound',
    async run(world) {
      const call = world.clients().secrets.send(new DescribeSecretCommand({ SecretId: 'ghost' }));
      expect(await refusal(call)).toMatchObject({ name: 'ResourceNotFoundException', status: 400 });
    },
  },
  {
    name: 'CreateSecret: a name is taken once',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      expect(await refusal(add(secrets))).toMatchObject({ name: 'ResourceExistsException', status: 400 });
    },
  },
  {
    name: 'ListSecrets: MaxResults cuts the list and a token continues it',
    async run(world) {
      const { secrets } = world.clients();
      for (let index = 0; index < 5; index++) await add(secrets, `secret-${index}`);
      const pages: number[] = [];
      for await (const page of paginateListSecrets({ client: secrets, pageSize: 2 }, {})) {
        pages.push(page.SecretList?.length ?? 0);
      }
      expect(pages).toEqual([2, 2, 1]);
    },
  },
  {
    name: 'ListSecrets: more than 100 at once is refused',
    async run(world) {
      const call = world.clients().secrets.send(new ListSecretsCommand({ MaxResults: 101 }));
      expect(await refusal(call)).toMatchObject({ status: 400 });
    },
  },
  {
    name: 'ListSecrets: a token nobody issued is refused',
    async run(world) {
      const call = world.clients().secrets.send(new ListSecretsCommand({ NextToken: 'made-up' }));
      expect(await refusal(call)).toMatchObject({ name: 'InvalidNextTokenException', status: 400 });
    },
  },
  {
    name: 'ListSecrets: filters by name prefix and tag key',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets, 'app/a');
      await secrets.send(new CreateSecretCommand({ Name: 'b', Tags: [{ Key: 'team', Value: 'x' }] }));
      const byName = await secrets.send(
        new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['app/'] }] }),
      );
      const byTag = await secrets.send(
        new ListSecretsCommand({ Filters: [{ Key: 'tag-key', Values: ['team'] }] }),
      );
      expect([byName, byTag].map(({ SecretList }) => SecretList?.map((secret) => secret.Name))).toEqual([
        ['app/a'],
        ['b'],
      ]);
    },
  },
  {
    name: 'GetSecretValue: the access shows as a day in DescribeSecret',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      await secrets.send(new GetSecretValueCommand({ SecretId: 'db/password' }));
      const { LastAccessedDate } = await secrets.send(new DescribeSecretCommand({ SecretId: 'db/password' }));
      expect(LastAccessedDate).toBeInstanceOf(Date);
      expect(LastAccessedDate?.toISOString()).toMatch(/T00:00:00.000Z$/);
    },
  },
  {
    name: 'DescribeSecret: never accessed has no date',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      const { LastAccessedDate } = await secrets.send(new DescribeSecretCommand({ SecretId: 'db/password' }));
      expect(LastAccessedDate).toBeUndefined();
    },
  },
  {
    name: 'GetSecretValue: the access shows in ListSecrets',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      await secrets.send(new GetSecretValueCommand({ SecretId: 'db/password' }));
      const { SecretList } = await secrets.send(new ListSecretsCommand({}));
      expect(SecretList?.[0]?.LastAccessedDate).toBeInstanceOf(Date);
    },
  },
  {
    name: 'TagResource: keys differ by case, UntagResource removes',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      const SecretId = 'db/password';
      await secrets.send(
        new TagResourceCommand({
          SecretId,
          Tags: [
            { Key: 'Owner', Value: '1' },
            { Key: 'owner', Value: '2' },
          ],
        }),
      );
      await secrets.send(new UntagResourceCommand({ SecretId, TagKeys: ['Owner'] }));
      const { Tags } = await secrets.send(new DescribeSecretCommand({ SecretId }));
      expect(Tags).toEqual([{ Key: 'owner', Value: '2' }]);
    },
  },
];
