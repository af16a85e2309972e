import type { JanitorError } from '../domain/error.ts';

/** What a composition may know and do of the process it runs in. */
export interface Surroundings {
  readonly cwd: string;
  /** As somebody who waits for our lock reads it, for example `janitor sweep`. */
  readonly command: string;
  /** Something a person should know, on stderr. */
  readonly note: (text: string) => Promise<void>;
  /** The lock on the state folder was lost: nothing more may be written. */
  readonly onLockLost: (error: JanitorError) => void;
}
