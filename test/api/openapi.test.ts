import { describe, expect, it } from 'vitest';
import document from '../../docs/openapi.json' with { type: 'json' };
import { OPERATIONS, problemsOf } from '../../lib/api/routes.ts';
import { type Operation, openApiSchema } from './openapi-schema.ts';

const { paths, components } = openApiSchema.parse(document);
const operations: { path: string; method: string; operation: Operation }[] = Object.entries(paths).flatMap(
  ([path, item]) =>
    [
      { path, method: 'GET', operation: item.get },
      { path, method: 'POST', operation: item.post },
    ].flatMap(({ operation, ...at }) => (operation === undefined ? [] : [{ ...at, operation }])),
);

/** Every value of a key, at any depth. */
function all(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.entries(value).flatMap(([name, inner]) => (name === key ? [inner] : []));
  return [...own, ...Object.values(value).flatMap((inner) => all(inner, key))];
}

describe('docs/openapi.json is OpenAPI 3.1', () => {
  it('has no field that OpenAPI does not have, and schemas in JSON Schema 2020-12', () => {
    expect(openApiSchema.safeParse(document).error).toBeUndefined();
  });

  it('the check itself refuses a field that OpenAPI does not have', () => {
    const wrong = structuredClone(document);
    Object.assign(wrong.paths['/v1/halts'].post, { body: {} });
    expect(openApiSchema.safeParse(wrong).success).toBe(false);
    const unclear = structuredClone(document);
    Object.assign(unclear.components.schemas.Actor, { type: 'text' });
    expect(openApiSchema.safeParse(unclear).success).toBe(false);
  });

  it('every reference leads somewhere, and every component is used', () => {
    const references = new Set(all(document, '$ref'));
    const places = [
      ...Object.keys(components.schemas).map((name) => `#/components/schemas/${name}`),
      ...Object.keys(components.responses).map((name) => `#/components/responses/${name}`),
    ];
    expect([...references].filter((reference) => !places.includes(String(reference)))).toEqual([]);
    expect(places.filter((place) => !references.has(place))).toEqual([]);
  });

  it('operation ids are unique, and what a path names in braces is a required parameter', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name)).toEqual(named);
      expect(declared.every(({ required }) => required === true)).toBe(true);
    }
  });

  it('required fields are described, and only known schemes secure', () => {
    for (const schema of [...all(document, 'schema'), ...Object.values(components.schemas)]) {
      const { required = [], properties = {} } = schema as { required?: string[]; properties?: object };
      expect(required.filter((name) => !(name in properties))).toEqual([]);
    }
    expect(Object.keys(components.securitySchemes)).toEqual(['sigv4']);
  });
});

describe('it says what the routes say', () => {
  it.each(Object.entries(OPERATIONS))('%s', (name, route) => {
    const found = operations.find(({ operation }) => operation.operationId === name);
    expect(found).toMatchObject({ path: route.path, method: route.method });
    expect(found?.operation['x-problem-codes']).toEqual(problemsOf(route));
    expect(found?.operation.requestBody !== undefined).toBe(route.hasBody);
  });

  it('and beside them only itself', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.filter((id) => !(id in OPERATIONS))).toEqual(['describe']);
  });

  it('what is sent is closed to unknown fields', () => {
    for (const { operation } of operations) {
      const [body] = all(operation.requestBody, 'schema');
      if (body !== undefined) expect(body).toMatchObject({ type: 'object', additionalProperties: false });
    }
  });
});
