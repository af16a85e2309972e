import type { CallerIdentity } from '../identity/index.ts';
import { compilePolicy } from '../policy/index.ts';
import type { ReadingContext } from '../sweep/index.ts';
import { type OpenAccount, openAccount } from './account.ts';
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
  const account = await openAccount(flags, surroundings, () => {});
  return {
    context: readingContext(account),
    caller: account.caller,
    close: async () => account.clients.close(),
  };
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
