import * as z from 'zod';
import { type JsonValue, jsonOperation, jsonService } from '../json-protocol.ts';
import { pageLimit, pageToken, tokenPosition } from '../paging.ts';
import type { Call, Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';

const STATUSES = ['ENABLED', 'ENABLING', 'DISABLING', 'DISABLED', 'ENABLED_BY_DEFAULT'] as const;

const listRegionsInput = z.object({
  AccountId: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  MaxResults: z.int().min(1).max(50).optional(),
  NextToken: z.string().optional(),
  RegionOptStatusContains: z.array(z.enum(STATUSES)).optional(),
});

function listRegions(call: Call, input: z.infer<typeof listRegionsInput>): JsonValue {
  const account = input.AccountId === undefined ? call.account : call.world.accounts.get(input.AccountId);
  if (account === undefined || account.organizationId !== call.account.organizationId) {
    throw new ServiceError(
      'AccessDeniedException',
      403,
      `User: ${call.principal.arn} is not authorized to perform: account:ListRegions`,
    );
  }
  const wanted = input.RegionOptStatusContains ?? [];
  const regions = [...account.regions]
    .filter(([, status]) => wanted.length === 0 || wanted.includes(status))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const start = input.NextToken === undefined ? 0 : position(call, input.NextToken);
  const end = start + pageLimit(call, input.MaxResults, 20);
  return {
    Regions: regions
      .slice(start, end)
      .map(([RegionName, RegionOptStatus]) => ({ RegionName, RegionOptStatus })),
    NextToken: end < regions.length ? pageToken(call, end) : undefined,
  };
}

function position(call: Call, token: string): number {
  const found = tokenPosition(call, token);
  if (found !== undefined) return found;
  throw new ServiceError('ValidationException', 400, 'The provided NextToken is not valid');
}

/** AWS Account Management (REST JSON), as far as listing Regions. */
export const ACCOUNT_SERVICE: Service = jsonService({
  name: 'account',
  operations: { ListRegions: jsonOperation(listRegionsInput, listRegions) },
  refusals: {
    throttled: new ServiceError('TooManyRequestsException', 429, 'Rate exceeded'),
    accessDenied: (message) => new ServiceError('AccessDeniedException', 403, message),
    unknownToken: new ServiceError(
      'UnrecognizedClientException',
      403,
      'The security token included in the request is invalid.',
    ),
  },
  operationOf: ({ path }) => path.charAt(1).toUpperCase() + path.slice(2),
  rate: (operation) => ({ bucket: operation, rate: { perSecond: 5, burst: 10 } }),
  resourceOf: () => '*',
});
