import type { Plan } from '../domain/account-chains.ts';
import type { CredentialHistory } from '../domain/history.ts';
import type { StoreRules } from '../domain/rotation-store.ts';
import { isGone } from './after-step.ts';
import { KeyRegister } from './key-register.ts';
import { type Judged, Tally } from './read-account.ts';
import { StoreRegister } from './rotation/stores.ts';
import { WorkList } from './work-list.ts';

/** What a sweep has learnt of its account so far: all that later phases need of the stream that went by. */
export class Gathering {
  readonly tally = new Tally();
  readonly keys = new KeyRegister();
  readonly work: WorkList;
  readonly stores: StoreRegister;
  readonly plans: readonly Plan[];
  /** Credentials with a chain that were not seen yet, or are gone although a cached report still shows them. */
  readonly vanished: Set<string>;

  constructor(plans: readonly Plan[], histories: ReadonlyMap<string, CredentialHistory>, stores: StoreRules) {
    this.stores = new StoreRegister(stores);
    this.plans = plans;
    this.work = new WorkList(plans);
    this.vanished = new Set(histories.keys());
  }

  saw(judged: Judged): void {
    this.tally.add(judged);
    this.keys.add(judged.credential);
    this.stores.add(judged.credential);
    if (!isGone(judged)) this.vanished.delete(judged.credential.id);
  }
}
