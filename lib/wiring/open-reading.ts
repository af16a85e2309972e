import type { ReadingContext } from '../sweep/index.ts';
import { reachAccount, travel } from './account.ts';
import type { ReadingFlags } from './flags.ts';
import type { Opened } from './opened.ts';
import { readingContext } from './reading-context.ts';
import { openStackReading } from './stack/open-stack-reading.ts';
import type { Surroundings } from './surroundings.ts';

/** Everything `scan` needs. Records nothing, so `--now` is free. With `--stack`, judged by the policy it runs. */
export async function openReading(
  flags: ReadingFlags,
  surroundings: Surroundings,
): Promise<Opened<ReadingContext>> {
  if (flags.stack !== undefined) return openStackReading(flags.stack, flags, surroundings);
  const account = await reachAccount(flags, surroundings, () => {});
  const close = async () => account.clients.close();
  try {
    await travel(account, flags, surroundings);
    return { context: readingContext(account), caller: account.caller, close };
  } catch (error) {
    await close();
    throw error;
  }
}
