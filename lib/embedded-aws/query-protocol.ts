import type { Call, Invocation, Refusals, Service } from './service.ts';
import { ServiceError } from './service-error.ts';
import type { WireRequest, WireResponse } from './wire.ts';
import type { Rate } from './world/throttle.ts';
import { type XmlValue, xmlContent, xmlElement } from './xml.ts';

/** The parameters of a Query request. */
export class QueryInput {
  readonly #parameters: ReadonlyMap<string, string>;

  constructor(parameters: ReadonlyMap<string, string>) {
    this.#parameters = parameters;
  }

  optional(name: string): string | undefined {
    return this.#parameters.get(name);
  }

  /** Throws ValidationError when absent, worded as AWS does. */
  required(name: string): string {
    const value = this.#parameters.get(name);
    if (value !== undefined && value !== '') return value;
    const member = name.charAt(0).toLowerCase() + name.slice(1);
    throw validationError(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }

  /** An integer within bounds; throws ValidationError. */
  integer(name: string, least: number, most: number): number | undefined {
    const text = this.#parameters.get(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
    const member = name.charAt(0).toLowerCase() + name.slice(1);
    const bound =
      value < least
        ? `Member must have value greater than or equal to ${least}`
        : `Member must have value less than or equal to ${most}`;
    throw validationError(
      `1 validation error detected: Value '${text}' at '${member}' failed to satisfy constraint: ${bound}`,
    );
  }

  flag(name: string): boolean {
    return this.#parameters.get(name) === 'true';
  }

  /** `Filter.member.1`, `Filter.member.2`, ... */
  list(name: string): string[] {
    const values: string[] = [];
    for (let index = 1; ; index++) {
      const value = this.#parameters.get(`${name}.member.${index}`);
      if (value === undefined) return values;
      values.push(value);
    }
  }

  /** `Tags.member.1.Key` and `Tags.member.1.Value`, ... as pairs. */
  tags(name: string): { key: string; value: string }[] {
    const values: { key: string; value: string }[] = [];
    for (let index = 1; ; index++) {
      const key = this.#parameters.get(`${name}.member.${index}.Key`);
      if (key === undefined) return values;
      values.push({ key, value: this.#parameters.get(`${name}.member.${index}.Value`) ?? '' });
    }
  }
}

/** Answers with the children of `<XResult>`; undefined: the operation has no result element. Throws ServiceError. */
export type QueryOperation = (call: Call, input: QueryInput) => XmlValue;

export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', 400, message);
}

const REFUSALS: Omit<Refusals, 'unknownOperation'> = {
  missingToken: new ServiceError(
    'MissingAuthenticationToken',
    403,
    'Request is missing Authentication Token',
  ),
  unknownToken: new ServiceError(
    'InvalidClientTokenId',
    403,
    'The security token included in the request is invalid.',
  ),
  expiredToken: new ServiceError(
    'ExpiredToken',
    403,
    'The security token included in the request is expired',
  ),
  badSignature: new ServiceError(
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  ),
  throttled: new ServiceError('Throttling', 400, 'Rate exceeded'),
  accessDenied: (message) => new ServiceError('AccessDenied', 403, message),
};

export interface QueryServiceDefinition {
  readonly name: string;
  readonly namespace: string;
  readonly version: string;
  readonly operations: Readonly<Record<string, QueryOperation>>;
  rate(operation: string): { readonly bucket: string; readonly rate: Rate };
}

/** A service on the AWS Query protocol (form in, XML out). */
export function queryService(definition: QueryServiceDefinition): Service {
  const { name, namespace, version } = definition;
  const operations = new Map(Object.entries(definition.operations));
  return {
    name,
    rate: definition.rate,
    refusals: {
      ...REFUSALS,
      unknownOperation: (operation) =>
        new ServiceError(
          'InvalidAction',
          400,
          `Could not find operation ${operation} for version ${version}`,
        ),
    },
    accept(request): Invocation {
      const parameters = formParameters(request);
      const input = new QueryInput(parameters);
      const operation = parameters.get('Action') ?? '';
      const implementation = operations.get(operation);
      return {
        operation,
        known: implementation !== undefined,
        resource: resourceOf(parameters),
        run: (call) => answer(namespace, operation, call.requestId, implementation?.(call, input)),
      };
    },
    refuse: (error, requestId) => refusal(namespace, error, requestId),
  };
}

function resourceOf(parameters: ReadonlyMap<string, string>): string {
  const user = parameters.get('UserName');
  if (user !== undefined) return `user ${user}`;
  return parameters.get('RoleArn') ?? parameters.get('PolicyArn') ?? '*';
}

function formParameters(request: WireRequest): ReadonlyMap<string, string> {
  return new Map([...Object.entries(request.query), ...new URLSearchParams(request.body)]);
}

function answer(namespace: string, operation: string, requestId: string, result: XmlValue): WireResponse {
  const body =
    `<${operation}Response xmlns="${namespace}">${result === undefined ? '' : `<${operation}Result>${xmlContent(result)}</${operation}Result>`}` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`;
  return { statusCode: 200, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}

function refusal(namespace: string, error: ServiceError, requestId: string): WireResponse {
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  const detail = xmlElement('Error', { Type: type, Code: error.code, Message: error.message });
  return {
    statusCode: error.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<ErrorResponse xmlns="${namespace}">${detail}<RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}

/** An instant as Query answers write it: whole seconds, UTC. */
export function xmlTime(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}Z`;
}
