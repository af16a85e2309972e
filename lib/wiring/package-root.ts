import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { JanitorError } from '../domain/error.ts';
import * as z from '../domain/zod.ts';

const manifestSchema = z.object({ name: z.string() });

/** The folder this program was installed or cloned into: the nearest one above this file with our package.json. */
export function packageRoot(): string {
  return rootAbove(path.dirname(fileURLToPath(import.meta.url)));
}

function rootAbove(folder: string): string {
  const file = path.join(folder, 'package.json');
  if (existsSync(file)) {
    const manifest = manifestSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (manifest.success && manifest.data.name === 'credential-janitor') return folder;
  }
  const above = path.dirname(folder);
  if (above !== folder) return rootAbove(above);
  throw new JanitorError('the installed package has lost its package.json', {
    code: 'package-incomplete',
    source: 'system',
    hint: 'Install credential-janitor again.',
  });
}
