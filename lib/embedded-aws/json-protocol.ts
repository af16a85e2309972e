import type * as z from 'zod';
import type { Call, Invocation, Refusals, Service } from './service.ts';
import { ServiceError } from './service-error.ts';
import type { WireRequest, WireResponse } from './wire.ts';
import type { Rate } from './world/throttle.ts';

/** What a JSON answer can hold; undefined members are left out. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** One operation of a JSON service: its input is parsed before it runs. */
export interface JsonOperation {
  /** Throws ServiceError. */
  run(call: Call, input: unknown): JsonValue;
}

/** Binds an operation to the schema of its input. Unknown members are ignored, as the services do. */
export function jsonOperation<S extends z.ZodType>(
  schema: S,
  run: (call: Call, input: z.infer<S>) => JsonValue,
): JsonOperation {
  return {
    run(call, input) {
      const parsed = schema.safeParse(input);
      if (parsed.success) return run(call, parsed.data);
      throw invalidInput(parsed.error);
    },
  };
}

function invalidInput(error: z.ZodError): ServiceError {
  const details = error.issues.map(({ path, message }) => {
    const member = path.map(String).join('.');
    return `Value at '${member.charAt(0).toLowerCase()}${member.slice(1)}' failed to satisfy constraint: ${message}`;
  });
  const count = details.length === 1 ? '1 validation error' : `${details.length} validation errors`;
  return new ServiceError('ValidationException', 400, `${count} detected: ${details.join('; ')}`);
}

/** How JSON services word the refusals they share. */
export const JSON_REFUSALS: Refusals = {
  missingToken: new ServiceError(
    'MissingAuthenticationTokenException',
    400,
    'Request is missing Authentication Token',
  ),
  unknownToken: new ServiceError(
    'UnrecognizedClientException',
    400,
    'The security token included in the request is invalid.',
  ),
  expiredToken: new ServiceError(
    'ExpiredTokenException',
    400,
    'The security token included in the request is expired',
  ),
  badSignature: new ServiceError(
    'InvalidSignatureException',
    400,
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  ),
  throttled: new ServiceError('ThrottlingException', 400, 'Rate exceeded'),
  unknownOperation: () => new ServiceError('UnknownOperationException', 400, ''),
  accessDenied: (message) => new ServiceError('AccessDeniedException', 400, message),
};

export interface JsonServiceDefinition {
  readonly name: string;
  readonly operations: Readonly<Record<string, JsonOperation>>;
  readonly refusals?: Partial<Refusals>;
  /** Which operation a request asks for. */
  operationOf(request: WireRequest): string;
  rate(operation: string): { readonly bucket: string; readonly rate: Rate };
  /** What the request is about, for AccessDenied messages. */
  resourceOf(input: unknown): string;
}

/** A service that speaks JSON: `x-amz-target` or REST, as `operationOf` decides. */
export function jsonService(definition: JsonServiceDefinition): Service {
  const operations = new Map(Object.entries(definition.operations));
  return {
    name: definition.name,
    rate: definition.rate,
    refusals: { ...JSON_REFUSALS, ...definition.refusals },
    accept(request): Invocation {
      const operation = definition.operationOf(request);
      const implementation = operations.get(operation);
      const input = jsonBody(request);
      return {
        operation,
        known: implementation !== undefined,
        resource: definition.resourceOf(input),
        run: (call) => answer(implementation?.run(call, input), call.requestId),
      };
    },
    refuse: jsonRefusal,
  };
}

/** The parsed body; undefined when it is no JSON, which no operation's schema accepts. */
function jsonBody(request: WireRequest): unknown {
  if (request.body === '') return {};
  try {
    return JSON.parse(request.body);
  } catch {
    return undefined;
  }
}

function answer(value: JsonValue, requestId: string): WireResponse {
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
    body: JSON.stringify(value ?? {}),
  };
}

export function jsonRefusal(error: ServiceError, requestId: string): WireResponse {
  return {
    statusCode: error.status,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
    },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}

/** An instant as JSON services write it: seconds since the epoch. */
export function jsonTime(millis: number): number {
  return millis / 1000;
}
