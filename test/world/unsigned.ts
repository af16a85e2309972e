import type { RequestSigner } from '@smithy/types';
import type { ActingAwsClients, AwsClients } from '../../lib/aws/index.ts';

interface Signing {
  readonly config: { signer: () => Promise<RequestSigner> };
}

/**
 * The same clients, whose requests say who sends them and are not signed: the world's AWS checks no signature, and
 * making them takes a noticeable part of a history. test/contract and test/embedded-aws sign and check.
 */
export function unsigned(clients: AwsClients, accessKeyId: string): AwsClients {
  const claiming = <C extends Signing>(client: C, region: string, service: string): C => {
    const signer = claim(`${accessKeyId}/20260101/${region}/${service}`);
    client.config.signer = async () => signer;
    return client;
  };
  const group = ({ iam, secretsManager }: ActingAwsClients): ActingAwsClients => ({
    iam: claiming(iam, 'us-east-1', 'iam'),
    secretsManager: (region) => claiming(secretsManager(region), region, 'secretsmanager'),
  });
  const { region, sts, account, acting } = clients;
  return {
    ...clients,
    ...group(clients),
    sts: claiming(sts, region, 'sts'),
    account: claiming(account, region, 'account'),
    acting: group(acting),
  };
}

function claim(scope: string): RequestSigner {
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}/aws4_request, SignedHeaders=host, Signature=0`;
  return {
    async sign(request) {
      request.headers.authorization = authorization;
      return request;
    },
  };
}
