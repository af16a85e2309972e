interface Entry<T> {
  readonly seq: number;
  readonly value: T;
}

/** One page of a listing; `next` is the position after the last value, absent at the end. */
export interface Slice<T> {
  readonly values: T[];
  readonly next: number | undefined;
}

/**
 * A keyed collection in order of creation with stable positions, so that a page costs what the page holds
 * and a marker survives deletions. Values must not be undefined.
 */
export class Sequence<T> {
  readonly #byKey = new Map<string, Entry<T>>();
  readonly #entries: Entry<T>[] = [];
  #lastSeq = 0;

  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key)?.value;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  add(key: string, value: T): void {
    this.#lastSeq += 1;
    const entry = { seq: this.#lastSeq, value };
    this.#byKey.set(key, entry);
    this.#entries.push(entry);
  }

  delete(key: string): void {
    const entry = this.#byKey.get(key);
    if (entry === undefined) return;
    this.#byKey.delete(key);
    this.#entries.splice(this.#firstAfter(entry.seq - 1), 1);
  }

  *values(): Iterable<T> {
    for (const entry of this.#entries) yield entry.value;
  }

  /** At most `limit` values behind position `after` that pass `keep`. */
  slice(after: number, limit: number, keep?: (value: T) => boolean): Slice<T> {
    const values: T[] = [];
    let last = after;
    for (let index = this.#firstAfter(after); index < this.#entries.length; index++) {
      const entry = this.#entries[index];
      if (entry === undefined || (keep !== undefined && !keep(entry.value))) continue;
      if (values.length === limit) return { values, next: last };
      values.push(entry.value);
      last = entry.seq;
    }
    return { values, next: undefined };
  }

  #firstAfter(seq: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
