/** One call as it arrived. Holds no request or response content. */
export interface CallRecord {
  /** 1-based, over all processes. */
  readonly n: number;
  readonly process: string;
  readonly service: string;
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  readonly principalArn: string;
  readonly accessKeyId: string;
  /** ISO instant of the world's clock. */
  readonly at: string;
  readonly requestId: string;
  /** `ok`, the error code answered, or `timeout`, `answer-lost`, `crash`, `crash-after`. */
  readonly outcome: string;
}

/** Every call of a world, in order. */
export class CallLog {
  readonly #records: CallRecord[] = [];

  get all(): readonly CallRecord[] {
    return this.#records;
  }

  get size(): number {
    return this.#records.length;
  }

  add(record: Omit<CallRecord, 'n'>): void {
    this.#records.push({ n: this.#records.length + 1, ...record });
  }

  /** Calls by `service:Operation`, sorted by name; `since` leaves out the first that many calls. */
  counts(since = 0): Record<string, number> {
    const counts = new Map<string, number>();
    for (const { service, operation } of this.#records.slice(since)) {
      const name = `${service}:${operation}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  clear(): void {
    this.#records.length = 0;
  }
}

/** What a state change may say: never a secret value. */
export type Description =
  | string
  | number
  | boolean
  | null
  | readonly Description[]
  | { readonly [name: string]: Description };

/** One change of state, by a call or by time. */
export interface ChangeRecord {
  /** ISO instant of the world's clock. */
  readonly at: string;
  readonly service: string;
  readonly operation: string;
  readonly accountId: string;
  readonly principalArn: string;
  /** A user's name, `user/key id`, a role's name or a secret's ARN. */
  readonly target: string;
  readonly before: Description;
  readonly after: Description;
}

/** Every state change of a world, in order; seeding is not one. */
export class ChangeLog {
  readonly #records: ChangeRecord[] = [];

  get all(): readonly ChangeRecord[] {
    return this.#records;
  }

  add(record: ChangeRecord): void {
    this.#records.push(record);
  }

  /** Changes of one target, oldest first. */
  of(target: string): readonly ChangeRecord[] {
    return this.#records.filter((record) => record.target === target);
  }

  clear(): void {
    this.#records.length = 0;
  }
}
