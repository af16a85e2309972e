import type { AwsClients } from '../aws/index.ts';
import type { Credential } from '../domain/credential.ts';
import type { Clock } from '../domain/time.ts';
import type { Resumption } from './position.ts';
import type { RememberedKeys } from './user-reader.ts';

/** How far a reading is; `total` is absent while it is not known. */
export interface ReadingProgress {
  readonly phase: 'account' | 'users' | 'secrets';
  readonly done: number;
  readonly total?: number;
  readonly region?: string;
}

export interface InventoryOptions {
  readonly clients: AwsClients;
  readonly accountId: string;
  readonly partition: string;
  readonly clock: Clock;
  /** Waits for the credential report, in milliseconds; default the clients' own. */
  readonly pause?: (millis: number) => Promise<void>;
  /** Default: all Regions that are enabled in the account. */
  readonly regions?: readonly string[];
  /** Key ids learnt by earlier readings. */
  readonly remembered: RememberedKeys;
  /** Lists the keys of every user that has some: the first recorded run and the periodic full one. */
  readonly readAllKeyIds: boolean;
  /** Whether a user's keys could lead to a step, so that their ids are worth a call. Pure. */
  readonly worthReading: (credentialsOfUser: readonly Credential[]) => boolean;
  /** Whether a step rests on this credential not having been used, so that a confirmation is worth a call. Pure. */
  readonly restsOnDisuse: (credential: Credential) => boolean;
  readonly onProgress?: (progress: ReadingProgress) => void;
  /** Goes on where another reading of this account stopped. */
  readonly resume?: Resumption;
}
