// Must be refused: a use case that imports CDK, and the infrastructure.
export type { IConstruct } from 'constructs';
export type { FunctionName } from '../../../../../lib/infrastructure/names.ts';
