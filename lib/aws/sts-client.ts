import { STSClient } from '@aws-sdk/client-sts';
import { type AwsClientOptions, clientConfig, endpointOf } from './client-config.ts';
import { resolveRegion } from './region.ts';

/**
 * STS alone, configured as by `createAwsClients`: who only asks whose credentials it has needs no other client in its
 * bundle. Throws `endpoint-invalid` and `region-invalid`.
 */
export async function createStsClient(options: AwsClientOptions): Promise<STSClient> {
  const region = await resolveRegion(options);
  return new STSClient(clientConfig(options, await endpointOf('sts', options), 'read', region));
}
