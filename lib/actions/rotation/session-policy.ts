import { ROTATION_CALLS } from './calls.ts';

/** One rotation of one key: the user it belongs to, and the secret that gets the new one. */
export interface KeyRotationScope {
  readonly userArn: string;
  /** ARN of the secret; the pattern of all of an account (`...:secret:*`) while it is looked for. */
  readonly secretId: string;
}

/**
 * Narrows the role that rotates to this user and this secret, whoever walks the steps: the janitor itself, or the
 * secret's own function, which only those may set off who may invoke it.
 */
export function keyRotationSessionPolicy({ userArn, secretId }: KeyRotationScope): object {
  if (secretId.endsWith(':secret:*')) return lookingSessionPolicy(secretId);
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: [...ROTATION_CALLS.user], Resource: userArn },
      { Effect: 'Allow', Action: [...ROTATION_CALLS.store, ROTATE], Resource: secretId },
      openValuesOf(secretId),
      callFunctionsBeside(secretId),
    ],
  };
}

/** Looking into values for the one that holds a key, and nothing else. */
function lookingSessionPolicy(secrets: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secrets },
      openValuesOf(secrets, ['kms:Decrypt']),
    ],
  };
}

/** RotateSecret on one secret, and the functions beside it: the secret says which one is its own. */
export function secretRotationSessionPolicy(secretId: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['secretsmanager:DescribeSecret', ROTATE], Resource: secretId },
      callFunctionsBeside(secretId),
    ],
  };
}

const ROTATE = 'secretsmanager:RotateSecret';

function callFunctionsBeside(secretId: string): object {
  const [, partition, , region, account] = secretId.split(':');
  return {
    Effect: 'Allow',
    Action: 'lambda:InvokeFunction',
    Resource: `arn:${partition}:lambda:${region}:${account}:function:*`,
  };
}

/** A value under a key of the customer is opened by KMS in the session's name, for this secret alone. */
function openValuesOf(secretId: string, actions = ['kms:Decrypt', 'kms:GenerateDataKey']): object {
  return {
    Effect: 'Allow',
    Action: actions,
    Resource: '*',
    Condition: { StringLike: { 'kms:EncryptionContext:SecretARN': secretId } },
  };
}
