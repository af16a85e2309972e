import type { EvidenceReference } from '../domain/event.ts';
import { subjects } from '../domain/subject.ts';
import type { Inventory, ReadingPosition } from '../inventory/index.ts';
import { bytesOfParts, isSweep, openManifest, PartWriter } from '../ledger/index.ts';
import { actOnDue, tellOwners } from './act-and-tell.ts';
import { demandOf } from './acting-pass.ts';
import { candidatesOf } from './candidates.ts';
import type { SweepContext } from './context.ts';
import { finishSweep } from './finish-sweep.ts';
import type { ActingOnOptions, FinishedSweep, InParts, InPartsOptions } from './in-parts.ts';
import { type AccountLease, underLease } from './lease.ts';
import { partKey, readPauses } from './paused-sweep.ts';
import { conclude, lineOf, type RecordingReading, recordReading } from './record-reading.ts';
import { reproject } from './recover.ts';
import type { SweepResult } from './result.ts';
import { pause, takeUp } from './take-up.ts';
import { headerOf } from './underway.ts';

/**
 * `continue`: call again; `decided`: what is due is known and acting comes next, `demand`: destructive steps that only
 * caps could stop; `finished`: there was nothing to act on.
 */
export type Decided =
  | { readonly status: 'continue' }
  | { readonly status: 'decided'; readonly demand: number }
  | { readonly status: 'finished'; readonly sweep: FinishedSweep };

/** `undecided`: the first half has not ended, or judged by another policy. */
export type ActedOn =
  | { readonly status: 'continue' }
  | { readonly status: 'undecided' }
  | { readonly status: 'finished'; readonly sweep: FinishedSweep };

/**
 * The first half of a sweep that takes several processes: reads, judges and records, and stops when told to. Called
 * again with the same run it goes on where it stood. A sweep with nothing to act on is finished here.
 * @throws JanitorError as `sweepAccount`, and `paused-sweep-broken`.
 */
export function decideAccount(context: SweepContext, options: InPartsOptions): Promise<Decided> {
  return underLease(context, async (lease) => {
    const pauses = await readPauses(options.workspace, context.accountId);
    const sweep = await finishedAlready(context, pauses.paused?.sweepId);
    if (sweep !== undefined) return finishedBefore(context, lease, sweep);
    const taken = await takeUp(context, lease, options, pauses);
    const read = taken.phase === 'reading' ? await readOn(context, options, taken) : taken;
    const { inventory } = read;
    if (inventory === undefined) return { status: 'continue' };
    return conclusion(context, options, { ...read, inventory });
  });
}

/** Reads on, until the end or until it is told to stop; there is an inventory when the end was reached. */
async function readOn(context: SweepContext, options: InPartsOptions, taken: InParts): Promise<InParts> {
  const { underway, parts, changed, reread, earlierCalls, pauses } = taken;
  const header = parts.length === 0 ? headerOf(context, underway) : undefined;
  const part = new PartWriter(options.workspace.store, newKey(context, options), header);
  try {
    const reading = recordReading(context, underway, part, options);
    const { position, stopped } = await readUntilStopped(reading, options);
    const read: InParts = {
      underway,
      phase: stopped ? 'reading' : 'acting',
      inventory: stopped ? undefined : reading.inventory,
      position: position ?? taken.position,
      parts: [...parts, await part.finish()],
      changed,
      reread,
      earlierCalls,
      pauses,
    };
    await pause(context, options, read);
    return { ...read, pauses: pauses + 1 };
  } catch (error) {
    await part.abort();
    throw error;
  }
}

/** Told to stop it takes what was fetched already, so that whoever goes on fetches nothing twice. */
async function readUntilStopped(
  { positions, inventory }: RecordingReading,
  { mayGoOn }: InPartsOptions,
): Promise<{ readonly position: ReadingPosition | undefined; readonly stopped: boolean }> {
  let position: ReadingPosition | undefined;
  let stopped = false;
  for await (const reached of positions()) {
    position = reached;
    if (stopped || mayGoOn()) continue;
    stopped = true;
    inventory.stop();
  }
  return { position, stopped };
}

/** A sweep whose reading has ended. */
type ReadInParts = InParts & { readonly inventory: Inventory };

async function conclusion(
  context: SweepContext,
  options: InPartsOptions,
  inParts: ReadInParts,
): Promise<Decided> {
  const { underway, inventory } = inParts;
  await conclude(context, underway, inventory);
  const { run, gathering } = underway;
  const { items } = gathering.work;
  if (items.size === 0) return { status: 'finished', sweep: await finish(context, options, inParts, []) };
  const candidates = candidatesOf(
    items.values(),
    gathering.plans,
    gathering.keys.complete(),
    context.clock.now(),
  );
  return { status: 'decided', demand: demandOf(context, run, candidates) };
}

/**
 * The second half: acts on what the first half found due, tells owners and finishes. Called again with the same run
 * it goes on where it stood.
 * @throws JanitorError as `sweepAccount`, and `paused-sweep-broken`.
 */
export function actOnAccount(context: SweepContext, options: ActingOnOptions): Promise<ActedOn> {
  return underLease(context, async (lease) => {
    const pauses = await readPauses(options.workspace, context.accountId);
    const sweep = await finishedAlready(context, pauses.paused?.sweepId);
    if (sweep !== undefined) return finishedBefore(context, lease, sweep);
    if (pauses.paused?.phase !== 'acting') return undecided(context, lease);
    const taken = await takeUp(context, lease, options, pauses);
    const { underway, inventory, reread } = taken;
    if (inventory === undefined) return { status: 'undecided' };
    await conclude(context, underway, inventory);
    const before = new Map([...underway.gathering.work.items].filter(([id]) => !reread.has(id)));
    const { plans, stopped } = await actOnDue(context, underway, options);
    if (!stopped) {
      return {
        status: 'finished',
        sweep: await finish(context, options, { ...taken, inventory }, plans),
      };
    }
    const changed = await keepChanged(context, options, underway.gathering.work.items, before);
    await pause(context, options, { ...taken, changed: [...taken.changed, ...changed] });
    return { status: 'continue' };
  });
}

/** What steps changed is kept, and what was read again, so that whoever goes on does not judge by what was before. */
async function keepChanged(
  context: SweepContext,
  options: InPartsOptions,
  items: InParts['underway']['gathering']['work']['items'],
  before: ReadonlyMap<string, unknown>,
): Promise<EvidenceReference[]> {
  const changed = [...items].filter(([id, now]) => before.get(id) !== now);
  if (changed.length === 0) return [];
  const part = new PartWriter(options.workspace.store, newKey(context, options));
  for (const [, judged] of changed) await part.add(lineOf(judged));
  return [await part.finish()];
}

function newKey(context: SweepContext, { workspace }: InPartsOptions): string {
  return partKey(workspace, context.accountId, context.newId());
}

async function finish(
  context: SweepContext,
  { workspace }: InPartsOptions,
  { underway, inventory, parts, earlierCalls }: ReadInParts,
  plans: SweepResult['plans'],
): Promise<FinishedSweep> {
  const notices = await tellOwners(context, underway);
  const manifest = openManifest(context.evidence, headerOf(context, underway), {
    bytes: bytesOfParts(workspace.store, parts),
    attempt: context.newId(),
  });
  try {
    const { event } = await finishSweep(context, underway, {
      manifest,
      inventory,
      plans,
      notices,
      earlierCalls,
    });
    return event.data;
  } catch (error) {
    await manifest.abort();
    throw error;
  }
}

/** A process died between the sweep's event and its answer, perhaps before it had projected it. */
async function finishedBefore(context: SweepContext, { abandoned }: AccountLease, sweep: FinishedSweep) {
  await reproject(context, abandoned);
  return { status: 'finished', sweep } as const;
}

async function undecided(context: SweepContext, { abandoned }: AccountLease) {
  await reproject(context, abandoned);
  return { status: 'undecided' } as const;
}

/** Events of an account's chain of sweeps among which a repeated call finds its own: one run follows another. */
const NEWEST = 10;

/** The sweep's own event, if a process before this one finished it and its answer was lost. */
async function finishedAlready(
  context: SweepContext,
  sweepId: string | undefined,
): Promise<FinishedSweep | undefined> {
  if (sweepId === undefined) return undefined;
  const events = await context.ledger.newest(subjects.sweep(context.accountId), NEWEST);
  return events.filter(isSweep).find(({ data }) => data.sweepId === sweepId)?.data;
}
