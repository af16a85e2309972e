import { JSON_REFUSALS, jsonRefusal } from '../json-protocol.ts';
import type { Service } from '../service.ts';
import type { EmbeddedDynamo } from './embedded-dynamo.ts';
import { DYNALITE_OPERATIONS } from './operations.ts';
import { DYNAMO_THROTTLED } from './throttled.ts';

/** DynamoDB behind the same authentication, denials and faults as the other services. Its tables are shared by all accounts. */
export function dynamoService(dynamo: EmbeddedDynamo): Service {
  return {
    name: 'dynamodb',
    refusals: { ...JSON_REFUSALS, throttled: DYNAMO_THROTTLED },
    rate: (operation) => ({ bucket: operation, rate: { perSecond: 1000, burst: 1000 } }),
    accept(request) {
      const operation = (request.headers['x-amz-target'] ?? '').split('.').at(-1) ?? '';
      return {
        operation,
        known: DYNALITE_OPERATIONS.has(operation),
        resource: '*',
        async run(call) {
          const response = await dynamo.serve(request);
          return { ...response, headers: { ...response.headers, 'x-amzn-requestid': call.requestId } };
        },
      };
    },
    refuse: jsonRefusal,
  };
}
