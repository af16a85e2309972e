import type { CallerIdentity } from '../identity/index.ts';
import { compilePolicy } from '../policy/index.ts';
import type { ReadingContext } from '../sweep/index.ts';
import { type OpenAccount, reachAccount, travel } from './account.ts';
import type { ReadingFlags } from './flags.ts';
import type { Surroundings } from './surroundings.ts';

/** A composition for one command. `close` gives back sockets, files and locks, also after an error. */
export interface Opened<Context> {
  readonly context: Context;
  readonly caller: CallerIdentity;
  close(): Promise<void>;
}

/** Everything `scan` needs. Records nothing, so `--now` is free. */
export async function openReading(
  flags: ReadingFlags,
  surroundings: Surroundings,
): Promise<Opened<ReadingContext>> {
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

export function readingContext({ clock, policy, clients, caller, pause }: OpenAccount): ReadingContext {
  return {
    clock,
    policy,
    judge: compilePolicy(policy),
    accountId: caller.accountId,
    partition: caller.partition,
    clients,
    pause,
  };
}
