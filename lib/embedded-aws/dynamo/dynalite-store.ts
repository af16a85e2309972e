/** What dynalite throws, or passes to `done`. */
export interface DynaliteFailure extends Error {
  /** HTTP status; absent when the storage failed, not the request. */
  statusCode?: number;
  /** What DynamoDB would answer. */
  body?: unknown;
}

export interface DynaliteStore {
  readonly db: { open(): Promise<void>; close(): Promise<void> };
  getTable(name: string, done: (failure: DynaliteFailure | null) => void): void;
}

export type DynaliteAction = (
  store: DynaliteStore,
  data: unknown,
  done: (failure: DynaliteFailure | null, answer?: unknown) => void,
) => void;
