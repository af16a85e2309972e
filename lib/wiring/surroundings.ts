import type { AwsClientOptions } from '../aws/index.ts';
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
  /** Which AWS it is and who we are there; default what flags and the SDK's environment say. */
  readonly aws?: Pick<AwsClientOptions, 'endpoint' | 'credentials' | 'region'>;
}
