export {
  ACT_TIMEOUT_MS,
  type ActingAwsClients,
  type AwsClientOptions,
  type AwsClients,
  createAwsClients,
} from './clients.ts';
export { AWS_SERVICES, type AwsService, isLocal, resolveEndpoint, type ServiceEndpoint } from './endpoint.ts';
export { type AwsFailure, awsError, credentialReportState, mapAwsError } from './failure.ts';
export type { AwsFailureKind } from './failure-names.ts';
export { AdaptiveLimiter } from './limiter.ts';
export { isLoopback } from './loopback.ts';
export { partitionOfArn } from './partition.ts';
export type { CallRecorder } from './recorder.ts';
