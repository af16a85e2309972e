import { setTimeout as sleep } from 'node:timers/promises';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type AwsClientOptions, clientConfig, endpointOf } from './client-config.ts';
import { AdaptiveLimiter } from './limiter.ts';
import { perRegion } from './per-region.ts';
import { CallRecorder, recordCalls } from './recorder.ts';

/** What shows what somebody did in an account, and ends the shells he left open; clients are cached per Region. */
export interface EvidenceClients {
  cloudTrail(region: string): CloudTrailClient;
  ssm(region: string): SSMClient;
  readonly recorder: CallRecorder;
  /** Waits so many milliseconds; not at all with retry delays `none`. */
  pause(millis: number): Promise<void>;
  /** Closes sockets. */
  close(): void;
}

/**
 * Configured as by `createAwsClients`, and apart from it: who sweeps an account has neither in its bundle. Calls nothing.
 * Throws `endpoint-invalid`.
 */
export async function createEvidenceClients(options: AwsClientOptions): Promise<EvidenceClients> {
  const trail = await endpointOf('cloudtrail', options);
  const shells = await endpointOf('ssm', options);
  const recorder = new CallRecorder();
  const limiter = new AdaptiveLimiter();
  const open: { destroy(): void }[] = [];
  return {
    cloudTrail: perRegion((region) => {
      const client = new CloudTrailClient(clientConfig(options, trail, 'read', region));
      recordCalls(client, 'cloudtrail', recorder, limiter);
      open.push(client);
      return client;
    }),
    ssm: perRegion((region) => {
      const client = new SSMClient(clientConfig(options, shells, 'read', region));
      recordCalls(client, 'ssm', recorder, limiter);
      open.push(client);
      return client;
    }),
    recorder,
    pause: async (millis) => {
      if (options.retryDelays !== 'none') await sleep(millis);
    },
    close: () => {
      for (const client of open) client.destroy();
    },
  };
}
