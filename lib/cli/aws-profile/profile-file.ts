import { chmod, mkdir, open, readFile, realpath, rename, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { lock } from 'proper-lockfile';
import { JanitorError, messageOf } from '../../domain/error.ts';
import type { Terminal } from '../terminal.ts';

/** The AWS configuration file, as the SDKs find it. */
export function configFile({ env, cwd }: Pick<Terminal, 'env' | 'cwd'>): string {
  const named = env.AWS_CONFIG_FILE ?? '';
  if (named !== '') return path.resolve(cwd, named);
  const home = [env.HOME, env.USERPROFILE].find((folder) => (folder ?? '') !== '') ?? os.homedir();
  return path.join(home, '.aws', 'config');
}

/** The text of the file; empty where there is none. Throws `aws-config-unusable`. */
export async function readConfig(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw unusable(file, error);
  }
}

/**
 * Replaces what the file holds, whole or not at all; its mode stays, a new one is for its owner alone. One at a time by a
 * lock beside it. Writes nothing where nothing changes. Throws `aws-config-unusable`, and what `change` throws.
 */
export async function changeConfig(file: string, change: (text: string) => string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    // A link, as people with dotfiles have it, stays one.
    const target = await realpath(file).catch(() => file);
    await alone(target, async () => {
      const before = await readConfig(target);
      const after = change(before);
      if (after !== before) await replaced(target, after);
    });
  } catch (error) {
    throw error instanceof JanitorError ? error : unusable(file, error);
  }
}

async function replaced(target: string, text: string): Promise<void> {
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => 0o600,
  );
  const draft = `${target}.janitor-draft`;
  const written = await open(draft, 'w', 0o600);
  try {
    await written.writeFile(text);
    await written.sync();
  } finally {
    await written.close();
  }
  await chmod(draft, mode);
  await rename(draft, target);
}

/** Nobody writes it for longer; a lock that is older was left behind. */
const STALE_MS = 5_000;
const PATIENCE = { retries: 70, minTimeout: 100, maxTimeout: 100 };

async function alone(target: string, work: () => Promise<void>): Promise<void> {
  const release = await lock(target, { realpath: false, stale: STALE_MS, retries: PATIENCE });
  try {
    await work();
  } finally {
    await release();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function unusable(file: string, cause: unknown): JanitorError {
  return new JanitorError(`the AWS configuration file ${file} cannot be used: ${messageOf(cause)}`, {
    code: 'aws-config-unusable',
    source: 'user',
    hint: 'Mend it or name another with AWS_CONFIG_FILE, or leave out --format profile and take exports.',
    cause,
  });
}
