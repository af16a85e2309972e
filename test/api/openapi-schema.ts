import * as z from 'zod';

/**
 * OpenAPI 3.1.0 as far as the document uses it, strictly: a field that the specification does not have at a place is
 * refused, extensions (`x-`) apart. https://spec.openapis.org/oas/v3.1.0
 */
const extensible = <T extends z.ZodRawShape>(shape: T) =>
  z.looseObject(shape).superRefine((value, context) => {
    for (const key of Object.keys(value)) {
      if (key in shape || key.startsWith('x-')) continue;
      context.addIssue({ code: 'custom', message: `OpenAPI has no field ${key} here` });
    }
  });

const reference = z.strictObject({ $ref: z.string().startsWith('#/components/') });
const text = z.string().min(1);
const count = z.number().int().nonnegative();

/** JSON Schema 2020-12, by the keywords of its vocabularies that may occur. */
export const schemaObject: z.ZodType = z.lazy(() =>
  z.strictObject({
    $ref: z.string().startsWith('#/components/schemas/').optional(),
    type: z.enum(['object', 'array', 'string', 'integer', 'number', 'boolean', 'null']).optional(),
    properties: z.record(z.string(), schemaObject).optional(),
    required: z.array(text).optional(),
    additionalProperties: z.union([z.boolean(), schemaObject]).optional(),
    propertyNames: schemaObject.optional(),
    items: schemaObject.optional(),
    oneOf: z.array(schemaObject).min(1).optional(),
    anyOf: z.array(schemaObject).min(1).optional(),
    allOf: z.array(schemaObject).min(1).optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).min(1).optional(),
    default: z.unknown().optional(),
    pattern: z.string().refine(isPattern, 'is no regular expression').optional(),
    format: z.enum(['date-time']).optional(),
    minLength: count.optional(),
    maxLength: count.optional(),
    minItems: count.optional(),
    maxItems: count.optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    description: text.optional(),
  }),
);

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').source !== '';
  } catch {
    return false;
  }
}

const content = z.record(z.string().regex(/^[a-z]+\/[a-z+]+$/), extensible({ schema: schemaObject }));
const response = extensible({
  description: text,
  headers: z.record(z.string(), extensible({ description: text, schema: schemaObject })).optional(),
  content: content.optional(),
});

const parameter = extensible({
  name: text,
  in: z.enum(['path', 'query']),
  description: text.optional(),
  required: z.boolean().optional(),
  schema: schemaObject,
});

const operation = extensible({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  summary: text,
  description: text.optional(),
  parameters: z.array(parameter).optional(),
  requestBody: extensible({ required: z.literal(true), content }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), z.union([reference, response])),
});
export type Operation = z.output<typeof operation>;

const securityScheme = extensible({
  type: z.literal('apiKey'),
  name: text,
  in: z.literal('header'),
  description: text,
});

export const openApiSchema = extensible({
  openapi: z.literal('3.1.0'),
  info: extensible({
    title: text,
    version: text,
    description: text,
    license: z.strictObject({ name: text, identifier: text }),
  }),
  servers: z.array(extensible({ url: text })).min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))).min(1),
  paths: z.record(
    z.string().startsWith('/'),
    extensible({ get: operation.optional(), post: operation.optional() }),
  ),
  components: extensible({
    schemas: z.record(z.string().regex(/^[A-Za-z0-9._-]+$/), schemaObject),
    responses: z.record(z.string(), response),
    securitySchemes: z.record(z.string(), securityScheme),
  }),
});
