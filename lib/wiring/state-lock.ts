import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type LockOptions, lock } from 'proper-lockfile';
import { JanitorError, messageOf } from '../domain/error.ts';
import * as z from '../domain/zod.ts';
import { makeFolder } from './make-folder.ts';

/** Who uses a state folder, as written beside its lock. */
const holderSchema = z.strictObject({
  pid: z.int().check(z.positive()),
  host: z.string(),
  since: z.string(),
  command: z.string(),
});
export type LockHolder = z.infer<typeof holderSchema>;

export interface StateLock {
  release(): Promise<void>;
}

export interface StateLockOptions {
  /** Told when the lock was lost while held, for example after the machine slept: nothing more may be written. */
  readonly onLost: (error: JanitorError) => void;
  /** Whether a process of this host lives. */
  readonly isAlive: (pid: number) => boolean;
  /** A lock not renewed for so long has lapsed, in milliseconds; default 10 seconds, at least 2. */
  readonly staleAfter?: number;
}

const STALE_MS = 10_000;

/**
 * One process at a time on a state folder. A lock whose holder has died on this host is waited for until it
 * lapses; any other lock is refused at once. Throws `state-dir-locked` (system) or `state-dir-unusable` (user).
 */
export async function lockStateDir(
  dir: string,
  self: LockHolder,
  options: StateLockOptions,
): Promise<StateLock> {
  await prepared(dir);
  const holderFile = path.join(dir, 'lock-holder.json');
  const lockOptions = optionsFor(dir, options);
  try {
    return await acquired(dir, holderFile, self, lockOptions);
  } catch (error) {
    if (!isLocked(error)) throw unusable(dir, error);
  }
  const holder = await readHolder(holderFile);
  const died = holder !== undefined && holder.host === self.host && !options.isAlive(holder.pid);
  if (!died) throw lockedBy(dir, holder);
  const tries = Math.ceil((lockOptions.stale ?? STALE_MS) / 500) + 2;
  const patience = { retries: tries, minTimeout: 500, maxTimeout: 500 };
  try {
    return await acquired(dir, holderFile, self, { ...lockOptions, retries: patience });
  } catch {
    throw lockedBy(dir, await readHolder(holderFile));
  }
}

async function prepared(dir: string): Promise<void> {
  try {
    await makeFolder(dir, 0o700);
  } catch (cause) {
    throw unusable(dir, cause);
  }
}

async function acquired(
  dir: string,
  holderFile: string,
  self: LockHolder,
  options: LockOptions,
): Promise<StateLock> {
  const release = await lock(dir, options);
  await writeFile(holderFile, `${JSON.stringify(self)}\n`, { mode: 0o600 });
  return { release };
}

function optionsFor(dir: string, { onLost, staleAfter }: StateLockOptions): LockOptions {
  return {
    lockfilePath: path.join(dir, 'lock'),
    stale: staleAfter ?? STALE_MS,
    update: 2_000,
    retries: 0,
    onCompromised: (cause) =>
      onLost(
        new JanitorError(`the lock on the state folder ${dir} was lost while it was in use`, {
          code: 'state-lock-lost',
          source: 'system',
          hint: 'Run the command again: it takes up what was under way.',
          cause,
        }),
      ),
  };
}

async function readHolder(file: string): Promise<LockHolder | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOCKED';
}

function lockedBy(dir: string, holder: LockHolder | undefined): JanitorError {
  const who =
    holder === undefined
      ? 'another process'
      : `process ${holder.pid} on ${holder.host} (${holder.command}) since ${holder.since}`;
  return new JanitorError(`the state folder ${dir} is in use by ${who}`, {
    code: 'state-dir-locked',
    source: 'system',
    hint: 'Wait until it has finished, or use another folder with --state-dir.',
    details: { stateDir: dir, ...(holder === undefined ? {} : { holder }) },
  });
}

function unusable(dir: string, cause: unknown): JanitorError {
  return new JanitorError(`the state folder ${dir} cannot be used: ${messageOf(cause)}`, {
    code: 'state-dir-unusable',
    source: 'user',
    hint: 'Name a folder that you can write to with --state-dir.',
    cause,
  });
}
