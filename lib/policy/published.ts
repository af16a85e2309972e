import { policyJsonSchemas } from './json-schemas.ts';
import { renderPolicyReference } from './reference.ts';

const LINE_WIDTH = 110;

/** What is generated and kept in the repository: path from its root, and content. */
export function publishedFiles(): Readonly<Record<string, string>> {
  const { janitor, directory, cases } = policyJsonSchemas();
  return {
    'policy/schemas/janitor.schema.json': printJson(janitor),
    'policy/schemas/directory.schema.json': printJson(directory),
    'policy/schemas/cases.schema.json': printJson(cases),
    'docs/policy-reference.md': renderPolicyReference(),
  };
}

/** JSON as the formatter of this repository leaves it: lists of plain values on one line where they fit. */
function printJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  const short = text.replace(
    /^( *)(.*)\[\n((?: *[^[\]{}\n]+\n)+) *\](,?)$/gm,
    (whole, indent, key, items, comma) => {
      const line = `${indent}${key}[${joined(String(items))}]${comma}`;
      return line.length <= LINE_WIDTH ? line : whole;
    },
  );
  return `${short}\n`;
}

function joined(items: string): string {
  return items
    .trim()
    .split('\n')
    .map((item) => item.trim())
    .join(' ');
}
