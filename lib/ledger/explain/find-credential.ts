import { accountOf } from '../../domain/credential.ts';
import type { LedgerEvent } from '../../domain/event.ts';
import { foldCredential } from '../../domain/history.ts';
import { subjects } from '../../domain/subject.ts';
import type { Instant } from '../../domain/time.ts';
import type { SweepEvent } from '../sweep-record.ts';
import type { ExplainDependencies } from './explanation.ts';
import { ambiguous } from './not-found.ts';
import { newestSighting, type Search, sweepsUntil } from './sighting.ts';

/** A credential as far as the record knows it at an instant. */
export interface FoundCredential {
  readonly credentialId: string;
  /** Its own chain, and before it what was recorded under its slot, up to the instant. */
  readonly events: readonly LedgerEvent[];
  readonly ownEvents: readonly LedgerEvent[];
  readonly search: Search;
  readonly chainsIntact: boolean;
}

/**
 * Finds a credential by its id, its slot alias, its bare access key id or its secret's name.
 * Undefined: no chain and no manifest up to then knows it. Throws `ambiguous` for a name that several have.
 */
export async function findCredential(
  { ledger, state, evidence }: ExplainDependencies,
  id: string,
  at: Instant,
): Promise<FoundCredential | undefined> {
  const account = accountOf(id);
  if (account === undefined) return findNamed({ ledger, state, evidence }, id, at);
  const own = await eventsUntil(ledger, id, at);
  const swept = await sweepsUntil(ledger, account, at);
  const search = await newestSighting(evidence, sweepsThatMaySee(swept.sweeps, own.events), id);
  const seen = only(id, search);
  if (own.events.length === 0 && seen === undefined) return undefined;
  const credentialId = seen ?? id;
  const chain = credentialId === id ? own : await eventsUntil(ledger, credentialId, at);
  const before = await slotEvents(ledger, chain.events, at);
  return {
    credentialId,
    events: [...before.events, ...chain.events],
    ownEvents: chain.events,
    search,
    chainsIntact: chain.intact && before.intact && swept.intact,
  };
}

/** No sweep after our own deletion can have seen it. */
function sweepsThatMaySee(
  sweeps: readonly SweepEvent[],
  events: readonly LedgerEvent[],
): readonly SweepEvent[] {
  const deletedAt = foldCredential(events).deleted?.at;
  return deletedAt === undefined ? sweeps : sweeps.filter((sweep) => sweep.at <= deletedAt);
}

async function findNamed(
  dependencies: ExplainDependencies,
  name: string,
  at: Instant,
): Promise<FoundCredential | undefined> {
  const { ledger, state, evidence } = dependencies;
  const ids = new Set(await state.named(name));
  if (ids.size === 0) {
    for await (const { accountId } of state.accounts()) {
      const { sweeps } = await sweepsUntil(ledger, accountId, at);
      const { sighting } = await newestSighting(evidence, sweeps, name);
      for (const line of sighting?.lines ?? []) ids.add(line.credential.id);
    }
  }
  const [first, ...others] = ids;
  if (first === undefined) return undefined;
  if (others.length > 0) throw ambiguous(name, [first, ...others]);
  return findCredential(dependencies, first, at);
}

/** The id behind what was seen: an alias leads to the id learnt for it. */
function only(id: string, { sighting }: Search): string | undefined {
  const ids = (sighting?.lines ?? []).map((line) => line.credential.id);
  return ids.includes(id) ? id : ids[0];
}

async function eventsUntil(
  ledger: ExplainDependencies['ledger'],
  credentialId: string,
  at: Instant,
): Promise<{ readonly events: readonly LedgerEvent[]; readonly intact: boolean }> {
  const { events, broken } = await ledger.inspect(subjects.credential(credentialId));
  return { events: events.filter((event) => event.at <= at), intact: broken === undefined };
}

/** What was recorded under the slot before the key's id was read: linked by the event that learnt it. */
async function slotEvents(
  ledger: ExplainDependencies['ledger'],
  events: readonly LedgerEvent[],
  at: Instant,
): Promise<{ readonly events: readonly LedgerEvent[]; readonly intact: boolean }> {
  for (const event of events) {
    if (event.type !== 'finding.opened' || event.data.alias === undefined) continue;
    const slot = await eventsUntil(ledger, event.data.alias, at);
    return { ...slot, events: slot.events.filter((earlier) => earlier.at <= event.at) };
  }
  return { events: [], intact: true };
}
