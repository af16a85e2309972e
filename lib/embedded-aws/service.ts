import type { AccountState } from './account-state.ts';
import type { Principal } from './principal.ts';
import type { ServiceError } from './service-error.ts';
import type { WireRequest, WireResponse } from './wire.ts';
import type { Description } from './world/logs.ts';
import type { Rate } from './world/throttle.ts';
import type { World } from './world/world.ts';

/** One authenticated call in progress. */
export interface Call {
  readonly world: World;
  readonly account: AccountState;
  readonly principal: Principal;
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly requestId: string;
  /** Milliseconds since the epoch, the same throughout the call. */
  readonly now: number;
  readonly request: WireRequest;
}

/** A request understood as an operation of a service. */
export interface Invocation {
  readonly operation: string;
  /** False: there is no such operation. */
  readonly known: boolean;
  /** As AccessDenied messages name it: `user alice`, an ARN or `*`. */
  readonly resource: string;
  /** Throws ServiceError. */
  run(call: Call): WireResponse | Promise<WireResponse>;
}

/** How a protocol words the refusals all services share. */
export interface Refusals {
  readonly missingToken: ServiceError;
  readonly unknownToken: ServiceError;
  readonly expiredToken: ServiceError;
  readonly badSignature: ServiceError;
  readonly throttled: ServiceError;
  unknownOperation(operation: string): ServiceError;
  accessDenied(message: string): ServiceError;
}

export interface Service {
  readonly name: string;
  readonly refusals: Refusals;
  /** The token bucket an operation draws from, and its rate. */
  rate(operation: string): { readonly bucket: string; readonly rate: Rate };
  accept(request: WireRequest): Invocation;
  refuse(error: ServiceError, requestId: string): WireResponse;
}

/** Records a state change made by this call. */
export function recordChange(call: Call, target: string, before: Description, after: Description): void {
  call.world.changes.add({
    at: new Date(call.now).toISOString(),
    service: call.service,
    operation: call.operation,
    accountId: call.account.id,
    principalArn: call.principal.arn,
    target,
    before,
    after,
  });
}
