import type { Credential } from '../../domain/credential.ts';
import { knownValue } from '../../domain/fact.ts';
import { findStore, type StoreCandidate, type StoreRules, userOfStore } from '../../domain/rotation-store.ts';
import type { Refusal } from '../../domain/verdict.ts';

/** Which secret holds a key, its ARN; none; or why that cannot be told. */
export type StoreOfKey = { readonly secretId: string | undefined } | Refusal;

/** The secrets of an account that say whose access key they hold, gathered while the account is read. */
export class StoreRegister {
  readonly #rules: StoreRules;
  readonly #stores: StoreCandidate[] = [];

  constructor(rules: StoreRules) {
    this.#rules = rules;
  }

  add({ id: secretId, kind, name, region, facts }: Credential): void {
    const tags = knownValue(facts.tags);
    if (kind !== 'secret' || tags === undefined) return;
    const isPrimary = (knownValue(facts.primaryRegion) ?? region) === region;
    if (isPrimary && userOfStore({ name, tags }, this.#rules) !== undefined)
      this.#stores.push({ secretId, name, tags });
  }

  /** `incomplete`: why not all secrets were read, when they were not. */
  find({ name: accessKeyId, principal }: Credential, incomplete: string | undefined): StoreOfKey {
    if (principal === undefined) return { secretId: undefined };
    const found = findStore(principal, accessKeyId, this.#stores, this.#rules);
    switch (found.outcome) {
      case 'found':
        return { secretId: found.store.secretId };
      case 'none':
        return incomplete === undefined
          ? { secretId: undefined }
          : {
              code: 'stores-unread',
              reason: `the secret that holds ${accessKeyId} is not known: ${incomplete}`,
            };
      case 'other-key':
        return {
          code: 'store-holds-other-key',
          reason: `${found.store.secretId} holds ${found.holds}, the other key of the user, so whoever uses ${accessKeyId} has it from elsewhere: find out who does, and have it read the secret instead`,
        };
      case 'several': {
        const names = found.stores.map(({ secretId }) => secretId).join(', ');
        return {
          code: 'stores-ambiguous',
          reason: `several secrets are for user ${principal.userName}, and none says that it holds ${accessKeyId}: ${names}; tag the right one janitor:access-key-id=${accessKeyId}`,
        };
      }
    }
  }
}
