import { STSClient } from '@aws-sdk/client-sts';
import { type AwsClientOptions, clientConfig, endpointOf } from './client-config.ts';
import { resolveRegion } from './region.ts';

/**
 * STS alone, configured as by `createAwsClients`: who only asks whose credentials it has needs no other client in its
 * bundle. With `answerMs` each call is attempted once and its answer waited for so many milliseconds, for whoever decides
 * about both. Throws `endpoint-invalid` and `region-invalid`.
 */
export async function createStsClient(
  options: AwsClientOptions,
  { answerMs }: { readonly answerMs?: number } = {},
): Promise<STSClient> {
  const region = await resolveRegion(options);
  const endpoint = await endpointOf('sts', options);
  if (answerMs === undefined) return new STSClient(clientConfig(options, endpoint, 'read', region));
  const config = clientConfig(options, endpoint, 'act', region);
  const waiting = { connectionTimeout: answerMs, requestTimeout: answerMs, throwOnRequestTimeout: true };
  const isInProcess = options.requestHandler?.('sts') !== undefined;
  return new STSClient({ ...config, ...(isInProcess ? {} : { requestHandler: waiting }) });
}
