import { setTimeout as sleep } from 'node:timers/promises';
import { AccountClient } from '@aws-sdk/client-account';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import type { HttpHandler } from '@smithy/core/protocols';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { lazily } from '../domain/lazily.ts';
import { AWS_SERVICES, type AwsService, resolveEndpoint, type ServiceEndpoint } from './endpoint.ts';
import { AdaptiveLimiter } from './limiter.ts';
import { iamRegion, partitionOfRegion } from './partition.ts';
import { CallRecorder, recordCalls } from './recorder.ts';
import { resolveRegion } from './region.ts';
import { ACT_ATTEMPTS, ReadRetryStrategy, type RetryDelays } from './retry.ts';

export interface AwsClientOptions {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** One endpoint for every service; default what the SDKs' environment says, else AWS. */
  readonly endpoint?: string | undefined;
  /** Default: the SDK's own chain (environment, profile, sign-in, instance, container). */
  readonly credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider | undefined;
  /** Answers a service in this process; undefined leaves the service to the network. */
  readonly requestHandler?: ((service: AwsService) => HttpHandler | undefined) | undefined;
  /** `none` retries without sleeping, for embedded clocks; default `aws`. */
  readonly retryDelays?: RetryDelays | undefined;
}

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

/** Milliseconds until a connection, and until a whole answer; an act's outcome is then unknown and read back. */
export const CONNECT_TIMEOUT_MS = 5_000;
export const READ_TIMEOUT_MS = 60_000;
export const ACT_TIMEOUT_MS = 20_000;

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
    service: AwsService,
    client: C,
  ): C => {
    recordCalls(client, service, recorder, limiter);
    open.push(client);
    return client;
  };
  const configure = (service: AwsService, purpose: Purpose, where: string) =>
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
      secretsManager: cached((where) =>
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

type Purpose = 'read' | 'act';

async function resolveEndpoints(options: AwsClientOptions): Promise<Record<AwsService, ServiceEndpoint>> {
  const of = async (service: AwsService): Promise<ServiceEndpoint> =>
    options.requestHandler?.(service) === undefined
      ? resolveEndpoint(service, options)
      : { service, origin: 'embedded' };
  return {
    iam: await of('iam'),
    sts: await of('sts'),
    account: await of('account'),
    secretsmanager: await of('secretsmanager'),
  };
}

function clientConfig(
  options: AwsClientOptions,
  endpoint: ServiceEndpoint,
  purpose: Purpose,
  region: string,
) {
  const handler = options.requestHandler?.(endpoint.service);
  return {
    region,
    ignoreConfiguredEndpointUrls: true,
    customUserAgent: 'credential-janitor',
    requestHandler: handler ?? {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: purpose === 'act' ? ACT_TIMEOUT_MS : READ_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    ...(endpoint.origin === 'configured' ? { endpoint: endpoint.url } : {}),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    ...(purpose === 'act'
      ? { maxAttempts: ACT_ATTEMPTS }
      : { retryStrategy: new ReadRetryStrategy(options.retryDelays ?? 'aws', endpoint.origin === 'aws') }),
  };
}

function cached<T>(create: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const existing = known.get(key);
    if (existing !== undefined) return existing;
    const created = create(key);
    known.set(key, created);
    return created;
  };
}
