import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { mapAwsError } from '../../aws/index.ts';
import type { RotationClients } from './clients.ts';
import { secretlessError } from './secretless.ts';
import type { NewKey } from './user-keys.ts';

/** What STS says to a request signed with a key. */
export type KeyIdentity =
  | { readonly outcome: 'works'; readonly arn: string }
  /** STS does not know the key: it has not heard of it yet, or the key is inactive or gone. */
  | { readonly outcome: 'unknown-key' }
  /** STS knows the key, and the secret is not its own. */
  | { readonly outcome: 'wrong-secret' };

const ACTION = 'sts:GetCallerIdentity';

/** Signs one request with a key. Throws the `aws-` codes for what says nothing about the key, such as throttling. */
export async function identityOfKey(
  clients: RotationClients,
  { accessKeyId, secretAccessKey }: NewKey,
): Promise<KeyIdentity> {
  const sts = clients.stsAs({ accessKeyId, secretAccessKey: secretAccessKey.reveal() });
  try {
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    return { outcome: 'works', arn: Arn ?? '' };
  } catch (error) {
    const { code } = mapAwsError(error, ACTION);
    if (code === 'InvalidClientTokenId' || code === 'UnrecognizedClient') return { outcome: 'unknown-key' };
    if (code === 'SignatureDoesNotMatch' || code === 'InvalidSignature') return { outcome: 'wrong-secret' };
    throw secretlessError(error, ACTION, accessKeyId);
  } finally {
    sts.destroy();
  }
}
