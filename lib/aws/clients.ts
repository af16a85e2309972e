import { setTimeout as sleep } from 'node:timers/promises';
import { AccountClient } from '@aws-sdk/client-account';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import { lazily } from '../domain/lazily.ts';
import { type AwsClientOptions, clientConfig, endpointOf, type Purpose } from './client-config.ts';
import { type AccountService, AWS_SERVICES, type ServiceEndpoint } from './endpoint.ts';
import { AdaptiveLimiter } from './limiter.ts';
import { iamRegion, partitionOfRegion } from './partition.ts';
import { perRegion } from './per-region.ts';
import { CallRecorder, recordCalls } from './recorder.ts';
import { resolveRegion } from './region.ts';

/** Clients that attempt each call once: for changes, whose outcome is read back and never repeated blindly. */
export interface ActingAwsClients {
  readonly iam: IAMClient;
  /** Cached per Region. */
  secretsManager(region: string): SecretsManagerClient;
}

/** Everything that talks to one account. Reads retry and adapt to throttling; `acting` does not. */
export interface AwsClients extends ActingAwsClients {
  /** Of STS and of everything without a Region of its own. */
  readonly region: string;
  /** From the Region; `callerIdentity` confirms it by the caller's ARN. */
  readonly partition: string;
  readonly sts: STSClient;
  readonly account: AccountClient;
  /** STS as somebody else, to find out whether other credentials work. Whoever asks for it closes it. */
  stsAs(credentials: AwsCredentialIdentity): STSClient;
  readonly acting: ActingAwsClients;
  readonly recorder: CallRecorder;
  readonly limiter: AdaptiveLimiter;
  /** Where each service's requests go; see `isLocal`. */
  endpoints(): readonly ServiceEndpoint[];
  /** Waits so many milliseconds; not at all with retry delays `none`. */
  pause(millis: number): Promise<void>;
  /** Closes sockets. */
  close(): void;
}

type Closable = { destroy(): void };

/**
 * Clients for one account, each made when it is first asked for. Reads the environment and the shared configuration
 * files, calls nothing.
 * Throws `endpoint-invalid` and `region-invalid`.
 */
export async function createAwsClients(options: AwsClientOptions = {}): Promise<AwsClients> {
  const region = await resolveRegion(options);
  const endpoints = await resolveEndpoints(options);
  const partition = partitionOfRegion(region);
  const recorder = new CallRecorder();
  const limiter = new AdaptiveLimiter();
  const open: Closable[] = [];
  const watch = <C extends Closable & Parameters<typeof recordCalls>[0]>(
    service: AccountService,
    client: C,
  ): C => {
    recordCalls(client, service, recorder, limiter);
    open.push(client);
    return client;
  };
  const configure = (service: AccountService, purpose: Purpose, where: string) =>
    clientConfig(options, endpoints[service], purpose, where);

  const sts = watch('sts', new STSClient(configure('sts', 'read', region)));
  // One chain for all: a profile that assumes a role or signs in is asked once, not once per Region.
  const credentials = sts.config.credentials;
  const group = (purpose: Purpose): ActingAwsClients => {
    const iam = lazily(() =>
      watch(
        'iam',
        new IAMClient({ ...configure('iam', purpose, iamRegion(partition, region)), credentials }),
      ),
    );
    return {
      get iam() {
        return iam();
      },
      secretsManager: perRegion((where) =>
        watch(
          'secretsmanager',
          new SecretsManagerClient({ ...configure('secretsmanager', purpose, where), credentials }),
        ),
      ),
    };
  };
  const reading = group('read');
  const account = lazily(() =>
    watch('account', new AccountClient({ ...configure('account', 'read', region), credentials })),
  );
  return {
    region,
    partition,
    get iam() {
      return reading.iam;
    },
    secretsManager: reading.secretsManager,
    acting: group('act'),
    sts,
    get account() {
      return account();
    },
    stsAs: (others) => {
      const client = new STSClient({ ...configure('sts', 'read', region), credentials: others });
      recordCalls(client, 'sts', recorder, limiter);
      return client;
    },
    recorder,
    limiter,
    endpoints: () => AWS_SERVICES.map((service) => endpoints[service]),
    pause: async (millis) => {
      if (options.retryDelays !== 'none') await sleep(millis);
    },
    close: () => {
      for (const client of open) client.destroy();
    },
  };
}

async function resolveEndpoints(options: AwsClientOptions): Promise<Record<AccountService, ServiceEndpoint>> {
  return {
    iam: await endpointOf('iam', options),
    sts: await endpointOf('sts', options),
    account: await endpointOf('account', options),
    secretsmanager: await endpointOf('secretsmanager', options),
  };
}
