import { jsonService } from '../json-protocol.ts';
import type { Service } from '../service.ts';
import { LOOKUP_EVENTS } from './lookup.ts';

const TARGET = 'CloudTrail_20131101.';

/** AWS CloudTrail (JSON 1.1), as far as looking up the events of the last 90 days. */
export const CLOUDTRAIL_SERVICE: Service = jsonService({
  name: 'cloudtrail',
  operations: { LookupEvents: LOOKUP_EVENTS },
  operationOf: ({ headers }) => {
    const target = headers['x-amz-target'] ?? '';
    return target.startsWith(TARGET) ? target.slice(TARGET.length) : target;
  },
  rate: (operation) => ({ bucket: operation, rate: { perSecond: 2, burst: 2 } }),
  resourceOf: () => '*',
});
