import type { AwsClients } from '../../aws/index.ts';

/** Clients of the account whose keys are rotated: reads, single-attempt changes, and STS as another key. */
export type RotationClients = Pick<AwsClients, 'iam' | 'secretsManager' | 'acting' | 'stsAs'>;
