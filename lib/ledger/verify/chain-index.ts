/** Bytes of a SHA-256. */
const HASH_BYTES = 32;

/** The hashes of every verified event, 32 bytes each, to look up the heads that sweeps relied on. */
export class ChainIndex {
  readonly #chains = new Map<string, Buffer>();
  /** Chains with a broken link: what comes after the break is unknown. */
  readonly #broken = new Set<string>();

  set(subject: string, hashes: readonly string[]): void {
    this.#chains.set(subject, Buffer.from(hashes.join(''), 'hex'));
  }

  setBroken(subject: string): void {
    this.#chains.delete(subject);
    this.#broken.add(subject);
  }

  has(subject: string): boolean {
    return this.#chains.has(subject);
  }

  isBroken(subject: string): boolean {
    return this.#broken.has(subject);
  }

  /** Lower-case hex of the event's hash, or undefined when there is no such event. */
  hashAt(subject: string, seq: number): string | undefined {
    const chain = this.#chains.get(subject);
    if (chain === undefined || seq < 1 || seq * HASH_BYTES > chain.length) return undefined;
    return chain.toString('hex', (seq - 1) * HASH_BYTES, seq * HASH_BYTES);
  }

  get chains(): number {
    return this.#chains.size + this.#broken.size;
  }

  get events(): number {
    let bytes = 0;
    for (const chain of this.#chains.values()) bytes += chain.length;
    return bytes / HASH_BYTES;
  }
}
