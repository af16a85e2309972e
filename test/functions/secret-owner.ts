import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { RotationFunctionEvent } from '../../lib/embedded-aws/index.ts';
import { type HubWorld, PLANTED } from './hub-world.ts';

/** Somebody of its account has a secret rotated. */
export function startRotation(world: HubWorld, SecretId: string): Promise<void> {
  return asOwner(world, SecretId, (client) => client.send(new RotateSecretCommand({ SecretId })));
}

/** A rotation function of the owner's own: any other value will do. */
export function rotateAnyhow(world: HubWorld, event: RotationFunctionEvent): Promise<void> {
  const { SecretId, ClientRequestToken } = event;
  const value = { SecretString: `${PLANTED}-anew`, VersionStages: ['AWSPENDING'] };
  return asOwner(world, SecretId, async (client) => {
    if (event.Step === 'createSecret')
      await client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken, ...value }));
    if (event.Step === 'finishSecret') await promote(client, SecretId, ClientRequestToken);
  });
}

async function promote(client: SecretsManagerClient, SecretId: string, MoveToVersionId: string) {
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
  const versions = Object.entries(VersionIdsToStages);
  const RemoveFromVersionId = versions.find(([, stages]) => stages.includes('AWSCURRENT'))?.[0];
  const move = { SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId, RemoveFromVersionId };
  await client.send(new UpdateSecretVersionStageCommand(move));
}

async function asOwner(
  world: HubWorld,
  secretArn: string,
  work: (client: SecretsManagerClient) => Promise<unknown>,
): Promise<void> {
  const [, , , region = '', accountId = ''] = secretArn.split(':');
  const { aws } = world.services;
  const credentials = aws.account(accountId).credentials();
  const client = new SecretsManagerClient({ region, credentials, requestHandler: aws.requestHandler() });
  await work(client);
  client.destroy();
}
