import type { Credential } from '../domain/credential.ts';
import { knownValue } from '../domain/fact.ts';

/** Which access key ids each user has, as far as a reading knows. */
export class KeyRegister {
  readonly #ids = new Map<string, Set<string>>();
  readonly #incomplete = new Set<string>();

  add({ kind, principal, facts }: Credential): void {
    if (kind !== 'access-key' || principal === undefined) return;
    const id = knownValue(facts.accessKeyId);
    if (id === undefined) {
      this.#incomplete.add(principal.arn);
      return;
    }
    const ids = this.#ids.get(principal.arn);
    if (ids === undefined) this.#ids.set(principal.arn, new Set([id]));
    else ids.add(id);
  }

  /** Users all of whose key ids are known; the others are left out, so that nothing is concluded about them. */
  complete(): ReadonlyMap<string, ReadonlySet<string>> {
    return new Map([...this.#ids].filter(([user]) => !this.#incomplete.has(user)));
  }
}
