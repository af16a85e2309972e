import { printedJson } from '../domain/printed-json.ts';
import { policyJsonSchemas } from './json-schemas.ts';
import { renderPolicyReference } from './reference.ts';

/** What is generated and kept in the repository: path from its root, and content. */
export function publishedFiles(): Readonly<Record<string, string>> {
  const { janitor, directory, cases } = policyJsonSchemas();
  return {
    'policy/schemas/janitor.schema.json': printedJson(janitor),
    'policy/schemas/directory.schema.json': printedJson(directory),
    'policy/schemas/cases.schema.json': printedJson(cases),
    'docs/policy-reference.md': renderPolicyReference(),
  };
}
