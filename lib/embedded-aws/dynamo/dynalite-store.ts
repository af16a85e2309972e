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

export interface DynaliteOptions {
  path?: string;
  createTableMs?: number;
  deleteTableMs?: number;
  updateTableMs?: number;
}

export interface DynaliteDatabase {
  create(options: DynaliteOptions): DynaliteStore;
}

export interface DynaliteValidations {
  checkTypes(data: unknown, types: unknown): unknown;
  checkValidations(data: unknown, types: unknown, custom: unknown, store: DynaliteStore): void;
}

export interface DynaliteInput {
  readonly types: unknown;
  readonly custom?: unknown;
}

export type DynaliteAction = (
  store: DynaliteStore,
  data: unknown,
  done: (failure: DynaliteFailure | null, answer?: unknown) => void,
) => void;
