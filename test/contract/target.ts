import type { AccountClient } from '@aws-sdk/client-account';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { STSClient } from '@aws-sdk/client-sts';

export const ACCOUNT_ID = '123456789012';
export const REGION = 'eu-central-1';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Unmodified SDK clients, one attempt each, so that a refusal is seen at once. */
export interface Clients {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly secrets: SecretsManagerClient;
  readonly account: AccountClient;
}

/** A fresh, empty account on some implementation of AWS. */
export interface ContractWorld {
  /** Clients of the account's administrator, or of the credentials given. */
  clients(credentials?: Credentials): Clients;
  /** A user with one key that was made and last used on the given days; returns the key's id. */
  seedKey(seed: { userName: string; createdAt: string; lastUsedAt: string }): Promise<string>;
  close(): Promise<void>;
}

/** A case this target is known to fail, why, and how it fails: if it stops failing so, the entry must go. */
export interface KnownDifference {
  readonly reason: string;
  readonly failsWith: RegExp;
}

/** An implementation of AWS the contract is held against. */
export interface ContractTarget {
  readonly name: string;
  open(): Promise<ContractWorld>;
  knows(caseName: string): KnownDifference | undefined;
}

/** One behaviour of AWS that the janitor rests on. */
export interface ContractCase {
  readonly name: string;
  run(world: ContractWorld): Promise<void>;
}
