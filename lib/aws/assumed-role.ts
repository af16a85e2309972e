import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import { awsError } from './failure.ts';

export interface RoleToAssume {
  readonly roleArn: string;
  /** Shows in CloudTrail: 2 to 64 letters, digits and `_+=,.@-`. */
  readonly sessionName: string;
  /** Narrows the role further; at most 2,048 characters. */
  readonly sessionPolicy?: object;
}

/** Seconds; a role assumed by a role lasts an hour at most, and a function fifteen minutes. */
const DURATION = 3_600;
/** Credentials are renewed this long before their end, in milliseconds. */
const MARGIN_MS = 5 * 60_000;

/**
 * Credentials of a role, assumed when first needed and again before they end; however many clients ask, STS is asked
 * once. `now` in milliseconds since the epoch. Throws `aws-access-denied` and the other `aws-` codes.
 */
export function assumedRole(
  sts: STSClient,
  role: RoleToAssume,
  now: () => number,
): () => Promise<AwsCredentialIdentity> {
  let current: Promise<AwsCredentialIdentity> | undefined;
  let until = 0;
  return async () => {
    if (current !== undefined && now() < until) return current;
    const asked = assume(sts, role);
    current = asked;
    until = Number.POSITIVE_INFINITY;
    try {
      const credentials = await asked;
      until = (credentials.expiration?.getTime() ?? 0) - MARGIN_MS;
      return credentials;
    } catch (error) {
      current = undefined;
      throw error;
    }
  };
}

async function assume(sts: STSClient, { roleArn, sessionName, sessionPolicy }: RoleToAssume) {
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        DurationSeconds: DURATION,
        ...(sessionPolicy === undefined ? {} : { Policy: JSON.stringify(sessionPolicy) }),
      }),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken, Expiration } = Credentials ?? {};
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
      ...(Expiration === undefined ? {} : { expiration: Expiration }),
    };
  } catch (error) {
    throw awsError(error, `sts:AssumeRole of ${roleArn}`);
  }
}
