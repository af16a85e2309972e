import type { AskedService } from './api-client/asked-service.ts';
import type { RecordingFlags } from './flags.ts';

export interface DeskFlags extends RecordingFlags {
  /** Address of an API; without it and without `stack` the record of the state folder is written. */
  readonly api?: string | undefined;
  /** What is asked changes the account at once: refused before any call where that is not for the command line. */
  readonly enforce?: boolean;
}

/**
 * Where people ask and decide: the record in a local folder, or a janitor behind an API. Errors are those of the
 * service, whichever side they come from.
 */
export interface Desk {
  readonly service: AskedService;
  /** The whole id behind what was typed: a credential id, a bare access key id or a secret's name. */
  credentialId(typed: string): Promise<string>;
  close(): Promise<void>;
}
