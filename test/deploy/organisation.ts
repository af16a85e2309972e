import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, type Tag } from '@aws-sdk/client-iam';
import {
  CloseAccountCommand,
  CreateAccountCommand,
  DescribeOrganizationCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { MiniStack } from './ministack-server.ts';

export const HUB = '111111111111';

export interface Organisation {
  readonly id: string;
  /** Lets the janitor in. */
  readonly member: string;
  /** Active, without the janitor's roles. */
  readonly stranger: string;
  /** Closed: its state in the organisation is SUSPENDED. */
  readonly suspended: string;
}

/** An organisation of the hub and three more accounts. */
export async function makeOrganisation(ministack: MiniStack): Promise<Organisation> {
  const client = new OrganizationsClient(ministack.configuration(HUB));
  const { Organization } = await client.send(new DescribeOrganizationCommand({}));
  const account = async (AccountName: string) => {
    const command = new CreateAccountCommand({ AccountName, Email: `${AccountName}@example.com` });
    const { CreateAccountStatus } = await client.send(command);
    return present(CreateAccountStatus?.AccountId, 'account id');
  };
  const member = await account('member');
  const stranger = await account('stranger');
  const suspended = await account('suspended');
  await client.send(new CloseAccountCommand({ AccountId: suspended }));
  return { id: present(Organization?.Id, 'organisation id'), member, stranger, suspended };
}

export interface UserSeed {
  readonly name: string;
  readonly path?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly createdAt?: string;
}

export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A user with one access key. */
export async function seedUser(ministack: MiniStack, accountId: string, seed: UserSeed): Promise<Key> {
  const iam = new IAMClient(ministack.configuration(accountId));
  const Tags: Tag[] = Object.entries(seed.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  await iam.send(new CreateUserCommand({ UserName: seed.name, Path: seed.path ?? '/', Tags }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: seed.name }));
  const accessKeyId = present(AccessKey?.AccessKeyId, 'access key id');
  if (seed.createdAt !== undefined) await ministack.backdateKey(accountId, accessKeyId, seed.createdAt);
  return { accessKeyId, secretAccessKey: present(AccessKey?.SecretAccessKey, 'secret access key') };
}

/** A secret whose value is `value`; returns its ARN. */
export async function seedSecret(
  ministack: MiniStack,
  accountId: string,
  { name, value, createdAt }: { readonly name: string; readonly value: string; readonly createdAt: string },
): Promise<string> {
  const secrets = new SecretsManagerClient(ministack.configuration(accountId));
  const { ARN } = await secrets.send(
    new CreateSecretCommand({ Name: name, SecretString: value, Tags: [{ Key: 'owner', Value: 'ana' }] }),
  );
  const arn = present(ARN, 'ARN of a secret');
  await ministack.backdateSecret(accountId, arn, createdAt);
  return arn;
}

export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the emulator answered without ${what}`);
  return value;
}
