import { printedJson } from '../domain/printed-json.ts';
import { openApiDocument } from './openapi.ts';
import { renderApiReference } from './reference.ts';

/** What is generated and kept in the repository: path from its root, and content. */
export function publishedFiles(): Readonly<Record<string, string>> {
  return {
    'docs/openapi.json': printedJson(openApiDocument()),
    'docs/api.md': renderApiReference(),
  };
}
