import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { expect } from 'vitest';
import * as z from 'zod';
import document from '../../docs/openapi.json' with { type: 'json' };
import type { ApiHandler } from '../../lib/api/index.ts';
import { fitting, mapOf, mutated, type Plausible } from './arbitrary-input.ts';
import { gatewayEvent, type Sent, seen } from './gateway.ts';

/** What is fuzzed: a handler over some service, and what may have been stored by it. */
export interface Subject {
  readonly handler: ApiHandler;
  readonly plausible: Plausible;
  /** Callers as the gateway names them. */
  readonly identities: readonly unknown[];
  /** What is stored: a refusal may not make it more. */
  readonly stored: () => number;
  /** Operation and code, or 200, of every answer so far. */
  readonly answered: Set<string>;
}

interface Described {
  readonly path: string;
  readonly method: string;
  readonly operation: Readonly<Record<string, unknown>>;
}

export const OPERATIONS: readonly Described[] = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    path,
    method: method.toUpperCase(),
    operation: mapOf(operation),
  })),
);

const listOf = (value: unknown) => (Array.isArray(value) ? value.map(mapOf) : []);

/** Calls of an operation: such as fit its description, and such as fit it but for one thing. */
export function calls({ path, method, operation }: Described, subject: Subject): fc.Arbitrary<Sent> {
  const parameters = listOf(operation.parameters).map(({ in: where, name, schema }) => ({
    where,
    name: String(name),
    value: fitting(
      document,
      { type: 'object', properties: { [String(name)]: schema }, required: [name] },
      subject.plausible,
    ).map((made) => String(mapOf(made)[String(name)])),
  }));
  const inPath = parameters.filter(({ where }) => where === 'path');
  const inQuery = parameters.filter(({ where }) => where === 'query');
  const schema = mapOf(mapOf(mapOf(operation.requestBody).content)['application/json']).schema;
  const body = schema === undefined ? undefined : fitting(document, schema, subject.plausible);
  return fc.record({
    method: fc.constant(method),
    path: fc
      .record(Object.fromEntries(inPath.map(({ name, value }) => [name, value])))
      .map((made) => path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => String(made[name]))),
    query: fc
      .record(Object.fromEntries(inQuery.map(({ name, value }) => [name, value])), {
        requiredKeys: inQuery
          .filter(({ name }) => name === 'id' || name === 'accountId')
          .map(({ name }) => name),
      })
      .map((made) =>
        Object.fromEntries(Object.entries(made).map(([name, value]) => [name, [String(value)]])),
      ),
    identity: fc.constantFrom(...subject.identities),
    body:
      body === undefined
        ? fc.constant(null)
        : fc.oneof(body, mutated(body)).map((value) => JSON.stringify(value) ?? ''),
  });
}

const HEADERS = ['content-type', 'content-encoding', 'x-amz-security-token', '__proto__', 'authorization'];
const TYPES = [
  'application/json',
  'text/plain',
  'application/json; charset=utf-8',
  '',
  'application/x-amz-json-1.1',
];

/** Anything at all at any path. */
export function anything(subject: Subject): fc.Arbitrary<Sent> {
  const paths = OPERATIONS.map(({ path }) => path.replaceAll(/\{\w+\}/g, 'aaaaaaaa'));
  return fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'),
    path: fc.oneof(
      fc.constantFrom(...paths),
      fc.webPath().map((path) => `/v1${path}`),
      fc.string().map((text) => `/${text}`),
    ),
    query: fc.dictionary(
      fc.string({ maxLength: 10 }),
      fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
      {
        maxKeys: 3,
      },
    ),
    headers: fc.dictionary(fc.constantFrom(...HEADERS), fc.oneof(fc.constantFrom(...TYPES), fc.string())),
    identity: fc.oneof(fc.constantFrom(...subject.identities), fc.jsonValue()),
    body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    isBase64Encoded: fc.boolean(),
  });
}

/** Sends it, and holds the answer against the document. */
export async function expectDocumented(subject: Subject, sent: Sent): Promise<void> {
  const before = subject.stored();
  const answer = await subject.handler(gatewayEvent(sent), {} as Context);
  const { status, headers, body } = seen(answer);
  expect(status, JSON.stringify(body)).toBeLessThan(500);
  const operation = OPERATIONS.find(
    (each) => each.method === sent.method && isAt(each.path, sent.path ?? ''),
  )?.operation;
  if (operation === undefined) {
    expect([404, 405]).toContain(status);
    expect(subject.stored()).toBe(before);
    return;
  }
  if (status === 404 && body.code === 'route-not-found') return;
  expect(Object.keys(mapOf(operation.responses)), JSON.stringify(body)).toContain(String(status));
  subject.answered.add(`${operation.operationId} ${body.code ?? status}`);
  if (status === 200) {
    expect(validatorOf(operation).safeParse(body).error).toBeUndefined();
    return;
  }
  expect(headers['content-type']).toBe('application/problem+json');
  expect(PROBLEM.safeParse(body).error).toBeUndefined();
  expect(operation['x-problem-codes'], JSON.stringify(body)).toContain(body.code);
  if (!isRecordedDenial(operation, status, body.code))
    expect(subject.stored(), JSON.stringify(body)).toBe(before);
}

/** What the policy refuses whoever wants a grant. */
const GRANT_REFUSALS = [
  'role-unknown',
  'account-not-covered',
  'not-a-person',
  'not-eligible',
  'not-on-call',
  'on-call-unknown',
  'reason-too-short',
  'secret-shaped',
  'ticket-malformed',
  'duration-too-short',
  'duration-too-long',
];

/** What the policy denies is recorded: a refusal must be as explainable as a grant. */
function isRecordedDenial({ operationId }: Described['operation'], status: number, code: unknown): boolean {
  if (operationId === 'startGrant' || operationId === 'drill') return GRANT_REFUSALS.includes(String(code));
  const codes = ['request-denied', 'delegation-refused', 'caller-unresolved', 'caller-refused'];
  return operationId === 'submitRequest' && status === 403 && codes.includes(String(code));
}

function isAt(template: string, path: string): boolean {
  return new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);
}

const definitions = JSON.parse(
  JSON.stringify(document.components.schemas).replaceAll('#/components/schemas/', '#/$defs/'),
);
const validators = new Map<unknown, z.ZodType>();

function validatorOf({ operationId, responses }: Described['operation']): z.ZodType {
  const { schema } = mapOf(mapOf(mapOf(mapOf(responses)['200']).content)['application/json']);
  const made = validators.get(operationId) ?? schemaOf(schema);
  validators.set(operationId, made);
  return made;
}

function schemaOf(schema: unknown): z.ZodType {
  const text = JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/');
  return z.fromJSONSchema({ ...JSON.parse(text), $defs: definitions });
}

const PROBLEM = schemaOf({ $ref: '#/components/schemas/Problem' });
