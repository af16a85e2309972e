const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HEX_WORDS = [0, 1, 2, 3];

/** Unique ids of AWS's shapes from a seed: the same seed and the same calls give the same ids (mulberry32). */
export class Identifiers {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** `AKIA` (access key), `ASIA` (session key), `AIDA` (user), `AROA` (role), `AGPA` (group), `ACCA` (service-specific). */
  unique(prefix: string): string {
    return prefix + this.#text(BASE32, 20 - prefix.length);
  }

  secretAccessKey(): string {
    return this.#text(BASE62, 40);
  }

  sessionToken(): string {
    return `IQoJb3JpZ2lu${this.#text(BASE62, 60)}`;
  }

  /** The six characters AWS appends to a secret's name in its ARN. */
  arnSuffix(): string {
    return this.#text(BASE62, 6);
  }

  /** A version 4 UUID. */
  requestId(): string {
    const hex = HEX_WORDS.map(() => this.#word().toString(16).padStart(8, '0')).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  /** 32 pseudo-random bits. */
  #word(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  #text(alphabet: string, length: number): string {
    const codes: number[] = [];
    for (let index = 0; index < length; index++)
      codes.push(alphabet.charCodeAt(this.#word() % alphabet.length));
    return String.fromCharCode(...codes);
  }
}
