import type { Credential } from '../domain/credential.ts';
import type { DeliveryReaders } from '../domain/delivery.ts';
import type { Scope } from '../domain/event.ts';
import type { ChangeKind } from '../domain/event-data.ts';
import type { Instant } from '../domain/time.ts';
import type { ActingClients, AttemptOptions, Rejected } from './attempt.ts';

/** The secret that the successor of an access key is delivered in, and who may read it. */
export interface Delivery extends DeliveryReaders {
  readonly region: string;
}

/** A change somebody wants. The reverses carry the scope of what they undo, as the ledger stored it. */
export type ChangeRequest =
  | {
      readonly change: 'tag';
      readonly credential: Credential;
      /** Tags that the credential's holder shall carry, `janitor:` keys only. */
      readonly labels: Readonly<Record<string, string>>;
      /** Keys of tags to remove: on users only `janitor:<access key id>`. */
      readonly obsolete: readonly string[];
      /** A tag change to undo: refused when somebody changed one of its tags since. */
      readonly undoes?: Scope;
    }
  | {
      readonly change: 'rotate';
      readonly credential: Credential;
      /** The id that the new version of the secret gets: a UUID. */
      readonly rotationId: string;
      /** ARN of the secret that holds an access key; undefined: none is known. */
      readonly secretId?: string | undefined;
    }
  | { readonly change: 'deliver'; readonly credential: Credential; readonly delivery: Delivery }
  | { readonly change: 'disable'; readonly credential: Credential }
  | { readonly change: 'delete'; readonly credential: Credential; readonly recoveryWindowDays?: number }
  | { readonly change: 'enable'; readonly credential: Credential; readonly quarantine: Scope }
  | { readonly change: 'undelete'; readonly credential: Credential; readonly deletion: Scope };

/** The exact change, or why it is not to be made: a stable code and a sentence. */
export type Prepared =
  | { readonly ok: true; readonly scope: Scope }
  | { readonly ok: false; readonly code: string; readonly reason: string };

export type Performed =
  | {
      readonly outcome: 'accepted';
      readonly requestIds: readonly string[];
      /** Until when AWS keeps what was deleted. */
      readonly recoverableUntil?: Instant;
    }
  | Rejected
  | { readonly outcome: 'unknown'; readonly reason: string };

export interface ReadBack {
  /** `other`: neither what was before nor what shall be; somebody else changed it. */
  readonly state: 'applied' | 'not-applied' | 'other' | 'unreadable';
  readonly observed: Record<string, unknown>;
  readonly recoverableUntil?: Instant;
}

/** A scope of the ledger, understood. */
export interface Change {
  readonly perform: (clients: ActingClients, options: AttemptOptions) => Promise<Performed>;
  readonly readBack: (clients: ActingClients) => Promise<ReadBack>;
  /** One sentence for people, without the full stop. */
  readonly describe: () => string;
}

/** Understands the scopes of one kind of change and leaves others alone. */
export type ChangeReader = (scope: Scope) => Change | undefined;

/** The reverse of each change, where there is one; a deleted access key is gone for good. */
export const REVERSE: Readonly<Record<ChangeKind, ChangeKind | null>> = {
  tag: 'tag',
  rotate: null,
  deliver: null,
  disable: 'enable',
  enable: null,
  delete: 'undelete',
  undelete: null,
};

export function refused(code: string, reason: string): Extract<Prepared, { ok: false }> {
  return { ok: false, code, reason };
}
