import type { HttpHandler } from '@smithy/core/protocols';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { type AwsService, resolveEndpoint, type ServiceEndpoint } from './endpoint.ts';
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

/** Milliseconds until a connection, and until a whole answer; an act's outcome is then unknown and read back. */
export const CONNECT_TIMEOUT_MS = 5_000;
export const READ_TIMEOUT_MS = 60_000;
export const ACT_TIMEOUT_MS = 20_000;

/** Changes are attempted once; reads retry. */
export type Purpose = 'read' | 'act';

/** Where a service's requests go. Throws `endpoint-invalid`. */
export async function endpointOf(service: AwsService, options: AwsClientOptions): Promise<ServiceEndpoint> {
  return options.requestHandler?.(service) === undefined
    ? resolveEndpoint(service, options)
    : { service, origin: 'embedded' };
}

/** What the constructor of a service's client is given. */
export function clientConfig(
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
