import { ROTATION_CALLS } from './calls.ts';

/** One rotation of one key: the user it belongs to, and the secret that gets the new one. */
export interface KeyRotationScope {
  readonly userArn: string;
  /** ARN of the secret. */
  readonly secretId: string;
}

/**
 * Narrows the role that rotates to this user and this secret, whoever walks the steps: the janitor itself, or the
 * secret's own function, which only those may set off who may invoke it.
 */
export function keyRotationSessionPolicy({ userArn, secretId }: KeyRotationScope): object {
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: [...ROTATION_CALLS.user], Resource: userArn },
      { Effect: 'Allow', Action: [...ROTATION_CALLS.store], Resource: secretId },
      openValuesOf(secretId),
      ...startRotationOf(secretId),
    ],
  };
}

/** RotateSecret on one secret, and the functions beside it: the secret says which one is its own. */
export function secretRotationSessionPolicy(secretId: string): object {
  return { Version: '2012-10-17', Statement: startRotationOf(secretId) };
}

function startRotationOf(secretId: string): object[] {
  const [, partition, , region, account] = secretId.split(':');
  return [
    {
      Effect: 'Allow',
      Action: ['secretsmanager:DescribeSecret', 'secretsmanager:RotateSecret'],
      Resource: secretId,
    },
    {
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: `arn:${partition}:lambda:${region}:${account}:function:*`,
    },
  ];
}

/** A value under a key of the customer is opened by KMS in the session's name, for this secret alone. */
function openValuesOf(secretId: string): object {
  return {
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: '*',
    Condition: { StringEquals: { 'kms:EncryptionContext:SecretARN': secretId } },
  };
}
