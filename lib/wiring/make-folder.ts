import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder and those above it, as `mkdir -p` does; one that exists is fine. Node's own recursive mkdir never
 * returns where the file system answers ENOENT below a folder that exists, as /proc does. Throws what mkdir throws.
 */
export async function makeFolder(dir: string, mode = 0o777): Promise<void> {
  const error = await failureToMake(dir, mode);
  if (error === undefined || (codeOf(error) === 'EEXIST' && (await isFolder(dir)))) return;
  const above = path.dirname(dir);
  if (codeOf(error) !== 'ENOENT' || above === dir || (await isFolder(above))) throw error;
  await makeFolder(above, mode);
  const again = await failureToMake(dir, mode);
  if (again !== undefined && codeOf(again) !== 'EEXIST') throw again;
}

async function failureToMake(dir: string, mode: number): Promise<unknown> {
  try {
    await mkdir(dir, { mode });
    return undefined;
  } catch (error) {
    return error;
  }
}

async function isFolder(dir: string): Promise<boolean> {
  const found = await stat(dir).catch(() => undefined);
  return found?.isDirectory() === true;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
