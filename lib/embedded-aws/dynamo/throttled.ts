import { ServiceError } from '../service-error.ts';

/** DynamoDB's throttling error. */
export const DYNAMO_THROTTLED = new ServiceError(
  'ProvisionedThroughputExceededException',
  400,
  'The level of configured provisioned throughput for the table was exceeded.',
);
