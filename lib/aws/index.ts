export { assumedRole } from './assumed-role.ts';
export type { AwsClientOptions } from './client-config.ts';
export { type ActingAwsClients, type AwsClients, createAwsClients } from './clients.ts';
export { AWS_SERVICES, endpointUrl, isLocal, type ServiceEndpoint } from './endpoint.ts';
export { createEvidenceClients, type EvidenceClients } from './evidence-clients.ts';
export { type AwsFailure, awsError, credentialReportState, mapAwsError } from './failure.ts';
export { isLoopback } from './loopback.ts';
export { partitionOfArn } from './partition.ts';
export { createStsClient } from './sts-client.ts';
