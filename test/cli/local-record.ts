import path from 'node:path';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { daysAfterStart, janitor, type ServedAccount, serveAccount } from '../builders/command-line.ts';
import { errorSchema, sweepSchema } from './contract.ts';

/** The policy of these tests. */
export const POLICY = path.join(import.meta.dirname, 'policy');

/** The flags of a command on a local record, so many days after the start. */
export function flagsAt(stateDir: string, days: number, format?: 'json' | 'table'): string[] {
  const flags = ['--policy', POLICY, '--state-dir', stateDir, '--now', daysAfterStart(days)];
  return format === undefined ? flags : [...flags, '--format', format];
}

/** A sweep that acts, so many days after the start. */
export async function sweepAt(stateDir: string, days: number, ...more: readonly string[]) {
  const argv = ['sweep', ...flagsAt(stateDir, days, 'json'), '--enforce', '--yes', ...more];
  const answer = await janitor(argv);
  return { ...answer, result: sweepSchema.parse(JSON.parse(answer.out)) };
}

/** The code of the error that a command wrote as JSON. */
export function codeOf(err: string): string {
  return errorSchema.parse(JSON.parse(err)).error.code;
}

/** Serves an account for the tests of a file, each of which begins as somebody. */
export function servedFor(who: Parameters<ServedAccount['actAs']>[0]): { readonly account: ServedAccount } {
  let served: ServedAccount | undefined;
  beforeAll(async () => {
    served = await serveAccount();
  });
  afterAll(async () => {
    await served?.close();
    vi.unstubAllEnvs();
  });
  beforeEach(() => served?.actAs(who));
  return {
    get account() {
      if (served === undefined) throw new Error('nothing is served before the tests begin');
      return served;
    },
  };
}
