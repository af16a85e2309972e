// Must be refused: a use case that imports CDK, and the infrastructure.
export type { Stack } from 'aws-cdk-lib';
export type { BuildOptions } from '../../../../../lib/infrastructure/index.ts';
