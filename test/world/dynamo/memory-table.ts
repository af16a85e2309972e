import { type Attribute, compare, type Item } from './expression.ts';

export interface Keys {
  readonly hash: string;
  readonly range: string;
}

export interface Index {
  readonly keys: Keys;
  readonly keysOnly: boolean;
}

/** One table in memory: items by their two keys, both texts. */
export class MemoryTable {
  readonly keys: Keys;
  readonly indexes: ReadonlyMap<string, Index>;
  /** By hash key, then by range key. */
  readonly #partitions = new Map<string, Map<string, Item>>();

  constructor(keys: Keys, indexes: ReadonlyMap<string, Index>) {
    this.keys = keys;
    this.indexes = indexes;
  }

  /** A table of its own with the same items; items are never changed, only put anew. */
  copy(): MemoryTable {
    const copied = new MemoryTable(this.keys, this.indexes);
    for (const [hash, partition] of this.#partitions) copied.#partitions.set(hash, new Map(partition));
    return copied;
  }

  get(key: Item): Item | undefined {
    return this.#partitions.get(text(key, this.keys.hash))?.get(text(key, this.keys.range));
  }

  put(item: Item): void {
    const hash = text(item, this.keys.hash);
    const partition = this.#partitions.get(hash) ?? new Map<string, Item>();
    this.#partitions.set(hash, partition);
    partition.set(text(item, this.keys.range), item);
  }

  delete(key: Item): void {
    this.#partitions.get(text(key, this.keys.hash))?.delete(text(key, this.keys.range));
  }

  /** Items of one partition in the order of the range key. */
  partition(hash: string): Item[] {
    return this.#sorted([...(this.#partitions.get(hash)?.values() ?? [])], this.keys);
  }

  /** Items of one partition of an index, in its order; items without its keys are not in it. */
  indexPartition({ keys, keysOnly }: Index, hash: Attribute): Item[] {
    const found = this.all().filter((item) => {
      const own = item[keys.hash];
      return own !== undefined && item[keys.range] !== undefined && compare(own, hash) === 0;
    });
    const shown = keysOnly ? found.map((item) => this.#keysOf(item, keys)) : found;
    return this.#sorted(shown, keys);
  }

  all(): Item[] {
    return [...this.#partitions.values()].flatMap((partition) => [...partition.values()]);
  }

  #keysOf(item: Item, keys: Keys): Item {
    const wanted = new Set([this.keys.hash, this.keys.range, keys.hash, keys.range]);
    return Object.fromEntries(Object.entries(item).filter(([name]) => wanted.has(name)));
  }

  #sorted(items: Item[], { range }: Keys): Item[] {
    return items.sort((a, b) => {
      const [left, right] = [a[range], b[range]];
      return left === undefined || right === undefined ? 0 : compare(left, right);
    });
  }
}

export function text(item: Item, name: string): string {
  const value = item[name];
  if (value === undefined || !('S' in value)) throw new TypeError(`the key "${name}" must be a text`);
  return value.S;
}
