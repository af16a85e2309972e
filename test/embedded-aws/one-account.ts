import { AccountClient } from '@aws-sdk/client-account';
import {
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  IAMClient,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { type EmbeddedAccount, EmbeddedAws, type EmbeddedAwsOptions } from '../../lib/embedded-aws/index.ts';

export const ACCOUNT_ID = '111122223333';
export const NOW = '2026-03-01T09:00:00.000Z';
export const REGION = 'eu-central-1';

/** What clients are made with, if not as the administrator of the account in the process `main`. */
export interface ClientOptions {
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  readonly process?: string;
  readonly maxAttempts?: number;
  readonly region?: string;
}

export interface Clients {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly secrets: SecretsManagerClient;
  readonly regions: AccountClient;
}

export interface OneAccount extends Clients {
  readonly aws: EmbeddedAws;
  readonly account: EmbeddedAccount;
  as(options: ClientOptions): Clients;
}

/** An embedded AWS with one empty account, its clock at NOW, and clients of its administrator. */
export function oneAccount(options: EmbeddedAwsOptions = {}): OneAccount {
  const aws = new EmbeddedAws({ now: NOW, ...options });
  const account = aws.account(ACCOUNT_ID);
  const as = ({ process = 'main', maxAttempts = 1, ...config }: ClientOptions): Clients => {
    const common = {
      region: REGION,
      credentials: account.credentials(),
      retryStrategy: new ConfiguredRetryStrategy(maxAttempts, 0),
      requestHandler: aws.requestHandler({ process }),
      ...config,
    };
    return {
      iam: new IAMClient(common),
      sts: new STSClient(common),
      secrets: new SecretsManagerClient(common),
      regions: new AccountClient(common),
    };
  };
  return { aws, account, as, ...as({}) };
}

/** Access key ids of a user and their status, as a read sees them. */
export async function listedKeys(iam: IAMClient, UserName: string): Promise<Record<string, string>> {
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
  return Object.fromEntries(AccessKeyMetadata.map((key) => [key.AccessKeyId, key.Status]));
}

/** Generates the credential report and returns its rows by user, columns by name. */
export async function reportRows(iam: IAMClient): Promise<Record<string, Record<string, string>>> {
  while ((await iam.send(new GenerateCredentialReportCommand({}))).State !== 'COMPLETE');
  const { Content } = await iam.send(new GetCredentialReportCommand({}));
  const [header = '', ...lines] = new TextDecoder().decode(Content).split('\n');
  const columns = header.split(',');
  return Object.fromEntries(
    lines.map((line) => {
      const values = line.split(',');
      return [values[0], Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']))];
    }),
  );
}

/** The name of the error a call is refused with; fails when it is answered. */
export async function errorName(call: Promise<unknown>): Promise<string> {
  return (await thrown(call)).name;
}

/** The error a call ends in; fails when it is answered. */
export async function thrown(call: Promise<unknown>): Promise<Error> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('the call was answered');
}
