import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Credential } from '../../lib/domain/credential.ts';
import { type ActingWorld, REGION } from './acting-world.ts';

export const READERS = {
  Sid: 'Readers',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::444455556666:root' },
  Action: 'secretsmanager:GetSecretValue',
  Resource: '*',
};
export const OTHERS = { ...READERS, Sid: 'Others', Principal: { AWS: 'arn:aws:iam::777788889999:root' } };
export const POLICY = { Version: '2012-10-17', Id: 'team', Statement: [READERS] };

/** What the owner does meanwhile, past us. */
export function owner({ clients }: ActingWorld, { id }: Credential) {
  const client = clients.secretsManager(REGION);
  return {
    policy: async () => {
      const { ResourcePolicy } = await client.send(new GetResourcePolicyCommand({ SecretId: id }));
      return ResourcePolicy === undefined ? undefined : JSON.parse(ResourcePolicy);
    },
    put: (policy: unknown) =>
      client.send(new PutResourcePolicyCommand({ SecretId: id, ResourcePolicy: JSON.stringify(policy) })),
    remove: () => client.send(new DeleteResourcePolicyCommand({ SecretId: id })),
    read: () => client.send(new GetSecretValueCommand({ SecretId: id })),
  };
}
