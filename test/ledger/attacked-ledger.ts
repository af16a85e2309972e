import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { canonical } from '../../lib/domain/canonical.ts';
import { hashOfEvent, type LedgerEvent } from '../../lib/domain/event.ts';
import { subjects } from '../../lib/domain/subject.ts';
import { HOUR_MS, plus } from '../../lib/domain/time.ts';
import type { SweepEvent } from '../../lib/ledger/index.ts';
import { itemOf, seqKey } from '../../lib/ledger/stored-event.ts';
import { accessKey, NOW, userPrincipal } from '../builders/credential.ts';
import { draft } from '../builders/event.ts';
import { type LocalLedger, localLedger, TABLES } from './local-ledger.ts';
import { appendTo, line, recordAll, recordSweep } from './recorded-sweep.ts';

const keys = ['one', 'two', 'three'].map((userName, index) =>
  accessKey({ principal: userPrincipal({ userName }), name: `AKIAVERIFY000000000${index}` }),
);
export const IDS = keys.map((key) => key.id);
export const CHAINS = IDS.map(subjects.credential);

/** Three credentials with three events each, a halt, and a sweep that relied on all of it; and the means to tamper. */
export interface AttackedLedger {
  readonly local: LocalLedger;
  readonly events: readonly (readonly LedgerEvent[])[];
  readonly sweep: SweepEvent;
  /** The event as it was recorded. */
  recorded(index: number, seq: number): LedgerEvent;
  put(event: LedgerEvent): Promise<void>;
  /** Changes the content and nothing else. */
  alter(index: number, seq: number): Promise<void>;
  /** Stores the content of an event under another sequence. */
  move(index: number, seq: number, to: number): Promise<void>;
  remove(subject: string, seq: number): Promise<void>;
  /** Rewrites a chain from an event on, with hashes and links that fit. */
  rewrite(index: number, from: number): Promise<void>;
}

export async function attackedLedger(): Promise<AttackedLedger> {
  const local = await localLedger();
  const drafts = [draft('finding.opened'), draft('owner.notified'), draft('hold.placed')];
  const hourly = drafts.map((each, hour) => ({ ...each, at: plus(NOW, hour * HOUR_MS) }));
  const events: LedgerEvent[][] = [];
  for (const id of IDS) events.push(await recordAll(local, id, hourly));
  await appendTo(local, subjects.halts, draft('halt.placed'));
  const sweep = await recordSweep(local, {
    sweepId: 'sweep-1',
    at: plus(NOW, 3 * HOUR_MS),
    lines: keys.map((key) => line(key)),
    chains: [...CHAINS, subjects.halts],
  });
  const recorded = (index: number, seq: number): LedgerEvent => {
    const event = events[index]?.[seq - 1];
    if (event === undefined) throw new Error(`there is no event ${seq} of chain ${index}`);
    return event;
  };
  return {
    local,
    events,
    sweep,
    recorded,
    put: (event) => local.tamper(itemOf(event)),
    alter(index, seq) {
      const event = recorded(index, seq);
      return local.tamper({ ...itemOf(event), event: { S: canonical({ ...event, ticket: 'X-1' }) } });
    },
    move: (index, seq, to) => local.tamper({ ...itemOf(recorded(index, seq)), seq: { S: seqKey(to) } }),
    async remove(subject, seq) {
      const Key = { subject: { S: subject }, seq: { S: seqKey(seq) } };
      await local.client.send(new DeleteItemCommand({ TableName: TABLES.ledger, Key }));
    },
    async rewrite(index, from) {
      let prevHash = from === 1 ? null : recorded(index, from - 1).hash;
      for (const event of (events[index] ?? []).slice(from - 1)) {
        const next = forged(event, { prevHash, reason: 'rewritten' });
        prevHash = next.hash;
        await local.tamper(itemOf(next));
      }
    },
  };
}

/** The event as an attacker writes it who can compute hashes. */
export function forged(event: LedgerEvent, change: Partial<LedgerEvent>): LedgerEvent {
  const changed = { ...event, ...change } as LedgerEvent;
  return { ...changed, hash: hashOfEvent(changed) };
}
