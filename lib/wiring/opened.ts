import type { CallerIdentity } from '../identity/index.ts';

/** A composition for one command. `close` gives back sockets, files and locks, also after an error. */
export interface Opened<Context> {
  readonly context: Context;
  readonly caller: CallerIdentity;
  close(): Promise<void>;
}
