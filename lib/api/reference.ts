import { openApiDocument } from './openapi.ts';
import { PROBLEM_CODES } from './problem-codes.ts';
import { API_TEXT, PROBLEMS_TEXT } from './reference-text.ts';
import type { Operation } from './route.ts';
import { OPENAPI_PATH, OPERATIONS } from './routes.ts';
import { type Document, type Field, fieldsOf, mapOf } from './schema-fields.ts';

/** The reference of the API as markdown, made of the routes and their schemas: docs/api.md. */
export function renderApiReference(): string {
  const document = mapOf(openApiDocument());
  const operations = Object.entries(OPERATIONS);
  return [
    API_TEXT,
    '## Operations',
    table(
      ['call', 'operation', 'what it does'],
      [
        ...operations.map(([name, { method, path, summary }]) => [
          `\`${method} ${path}\``,
          `[${name}](#${name.toLowerCase()})`,
          summary,
        ]),
        [`\`GET ${OPENAPI_PATH}\``, 'describe', 'The OpenAPI 3.1 document of all this.'],
      ],
    ),
    ...operations.map(([name, route]) => operationText(document, name, route)),
    '## Problems',
    PROBLEMS_TEXT,
    table(
      ['status', 'code', 'meaning'],
      Object.entries(PROBLEM_CODES).map(([code, { status, meaning }]) => [
        String(status),
        `\`${code}\``,
        meaning,
      ]),
    ),
    '',
  ].join('\n\n');
}

function operationText(document: Document, name: string, route: Operation): string {
  const operation = mapOf(mapOf(mapOf(document.paths)[route.path])[route.method.toLowerCase()]);
  const parameters = Array.isArray(operation.parameters) ? operation.parameters.map(mapOf) : [];
  const asked = parameters.map((each) => {
    const [field] = fieldsOf(document, { properties: { [String(each.name)]: each.schema } });
    const required = each.required === true ? `${field?.value}, required` : (field?.value ?? '');
    return { name: `${each.in} \`${each.name}\``, value: required, meaning: field?.meaning ?? '' };
  });
  const sent = fieldsOf(document, schemaIn(mapOf(operation.requestBody))).map(rowOf('body'));
  const answered = fieldsOf(document, schemaIn(mapOf(mapOf(operation.responses)['200'])), 1);
  return [
    `### ${name}`,
    `\`${route.method} ${route.path}\`: ${route.summary}.`,
    ...(route.description === undefined ? [] : [route.description]),
    ...(asked.length + sent.length === 0
      ? []
      : [
          table(
            ['field', 'value', 'meaning'],
            [...asked, ...sent].map(({ name: field, value, meaning }) => [field, value, meaning]),
          ),
        ]),
    ...(answered.length === 0 ? [] : [`Answers ${answered.map((each) => `\`${each.name}\``).join(', ')}.`]),
    ...(route.problems.length === 0
      ? []
      : [`Problems: ${route.problems.map((code) => `\`${code}\``).join(', ')}.`]),
  ].join('\n\n');
}

function rowOf(part: string) {
  return ({ name, value, meaning }: Field) => ({ name: `${part} \`${name}\``, value, meaning });
}

function schemaIn(holder: Document): Document {
  return mapOf(mapOf(mapOf(holder.content)['application/json']).schema);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
