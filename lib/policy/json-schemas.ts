import * as z from '../domain/zod.ts';
import { casesSchema } from './case-schema.ts';
import { directorySchema } from './directory-schema.ts';
import { janitorSchema } from './janitor-schema.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schemas of the three kinds of policy files, for editors. Draft 7, which every YAML editor understands.
 * They say less than `janitor policy check`: order of steps and references between files need the program.
 */
export function policyJsonSchemas(): {
  readonly janitor: JsonSchema;
  readonly directory: JsonSchema;
  readonly cases: JsonSchema;
} {
  return {
    janitor: jsonSchema(janitorSchema, 'Credential Janitor: rules and limits'),
    directory: jsonSchema(directorySchema, 'Credential Janitor: people, groups, outside parties, accounts'),
    cases: jsonSchema(casesSchema, 'Credential Janitor: cases of rules'),
  };
}

function jsonSchema(schema: z.ZodMiniType, title: string): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  return { $schema, title, ...rest };
}
