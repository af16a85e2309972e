import { CreateAccessKeyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { RotationFunction } from '../../lib/embedded-aws/index.ts';
import { type Ground, REGION, USER } from './ground.ts';

/**
 * What a rotator looks like that only works when nobody looks: it hands the new key out before AWS knows it everywhere,
 * and disables the old one while consumers still have it in their caches. Kept so that the harness can be seen to see.
 */
export function naiveRotator(ground: Ground): RotationFunction {
  return async ({ Step, SecretId }) => {
    if (Step !== 'finishSecret') return;
    const { iam, secretsManager } = await ground.clients('naive');
    const secrets = secretsManager(REGION);
    const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    const { accessKeyId: old } = JSON.parse(SecretString);
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: USER }));
    const value = {
      accessKeyId: AccessKey?.AccessKeyId,
      secretAccessKey: AccessKey?.SecretAccessKey,
      userName: USER,
    };
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(value) }));
    await iam.send(new UpdateAccessKeyCommand({ UserName: USER, AccessKeyId: old, Status: 'Inactive' }));
  };
}
