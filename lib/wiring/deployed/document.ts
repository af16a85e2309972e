import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { once } from './lambda.ts';

/** The API's own description, which lies beside the code of the function that answers with it; read once. */
export const deployedDocument = once(async (): Promise<object> => {
  const file = path.join(path.dirname(fileURLToPath(import.meta.url)), 'openapi.json');
  return JSON.parse(await readFile(file, 'utf8'));
});
