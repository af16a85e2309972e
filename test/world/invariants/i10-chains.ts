import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { freshWrites, type Invariant } from '../chronicle.ts';

/**
 * I10, at any time: sequences are dense and chains verify, by hashes computed here and not by the ledger. That the state
 * equals the fold of the ledger is asked of `verifyLedger` and `rebuildState` when a history ends.
 */
export const chains: Invariant = (chronicle) => {
  const heads = new Map<string, { readonly seq: number; readonly hash: string }>();
  for (const { tick, event } of chronicle.writes) {
    if (tick <= chronicle.checkedTo) heads.set(event.subject, event);
  }
  return freshWrites(chronicle).flatMap(({ event }) => {
    const head = heads.get(event.subject);
    heads.set(event.subject, event);
    const { hash, ...rest } = event;
    const computed = createHash('sha256')
      .update(`credential-janitor/event/v1\n${canonicalize(rest)}`)
      .digest('hex');
    const wrong = [
      ...(event.seq === (head?.seq ?? 0) + 1 ? [] : [`follows event ${head?.seq ?? 0}`]),
      ...(event.prevHash === (head?.hash ?? null) ? [] : ['does not name the hash of the event before it']),
      ...(hash === computed ? [] : ['does not have the hash of its content']),
    ];
    return wrong.map((what) => `I10: event ${event.seq} of ${event.subject} ${what}`);
  });
};
