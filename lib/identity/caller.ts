import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type AwsClients, awsError, partitionOfArn } from '../aws/index.ts';
import { JanitorError } from '../domain/error.ts';

/** Whose credentials the clients sign with, as AWS itself says. */
export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
  /** `AIDA...` of a user, `AROA...:<session name>` of a role session, the account id of root. */
  readonly userId: string;
  readonly partition: string;
}

/**
 * Asks STS. Throws `aws-no-credentials`, `aws-expired-credentials`, `aws-unreachable` and the other `aws-`
 * codes, each with a way out; `caller-unrecognised` for an answer that is none.
 */
export async function callerIdentity(clients: Pick<AwsClients, 'sts'>): Promise<CallerIdentity> {
  const { Account, Arn, UserId } = await ask(clients);
  const partition = partitionOfArn(Arn ?? '');
  if (
    Arn === undefined ||
    UserId === undefined ||
    partition === undefined ||
    !/^\d{12}$/.test(Account ?? '')
  ) {
    throw new JanitorError(`The answer of sts:GetCallerIdentity names no caller (${Arn ?? 'no ARN'})`, {
      code: 'caller-unrecognised',
      source: 'system',
      hint: 'Check AWS_ENDPOINT_URL: what answers there does not behave like AWS.',
    });
  }
  return { accountId: Account ?? '', arn: Arn, userId: UserId, partition };
}

async function ask(clients: Pick<AwsClients, 'sts'>) {
  try {
    return await clients.sts.send(new GetCallerIdentityCommand({}));
  } catch (error) {
    throw awsError(error, 'sts:GetCallerIdentity');
  }
}
