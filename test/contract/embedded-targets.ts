import { AccountClient } from '@aws-sdk/client-account';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import type { HttpHandler } from '@smithy/core/protocols';
import { EmbeddedAws, startEmbeddedServer } from '../../lib/embedded-aws/index.ts';
import {
  ACCOUNT_ID,
  type Clients,
  type ContractTarget,
  type ContractWorld,
  type Credentials,
  REGION,
} from './target.ts';

/** Where clients send their requests: to a URL, or to a handler in this process. */
type Destination = { readonly endpoint: string } | { readonly requestHandler: HttpHandler };

export function clientsOf(credentials: Credentials, destination: Destination): Clients {
  const config = { region: REGION, credentials, maxAttempts: 1, ...destination };
  return {
    iam: new IAMClient(config),
    sts: new STSClient(config),
    secrets: new SecretsManagerClient(config),
    account: new AccountClient(config),
  };
}

function worldOn(aws: EmbeddedAws, destination: Destination, close: () => Promise<void>): ContractWorld {
  const account = aws.account(ACCOUNT_ID);
  return {
    clients: (credentials = account.credentials()) => clientsOf(credentials, destination),
    async seedKey({ userName, createdAt, lastUsedAt }) {
      account.addUser({ name: userName, createdAt });
      return account.addAccessKey(userName, { createdAt, lastUsed: { at: lastUsedAt } }).id;
    },
    close,
  };
}

export const inProcessTarget: ContractTarget = {
  name: 'the embedded AWS, in process',
  async open() {
    const aws = new EmbeddedAws({ verifySignatures: true });
    return worldOn(aws, { requestHandler: aws.requestHandler() }, async () => {});
  },
  knows: () => undefined,
};

export const serverTarget: ContractTarget = {
  name: 'the embedded AWS, over HTTP',
  async open() {
    const aws = new EmbeddedAws();
    const server = await startEmbeddedServer(aws, { port: 0 });
    return worldOn(aws, { endpoint: server.url }, () => server.close());
  },
  knows: () => undefined,
};
