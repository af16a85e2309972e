import type { EvidenceReference } from '../domain/event.ts';
import { EMPTY_HISTORY } from '../domain/history.ts';
import type { ManifestCredential } from '../domain/manifest.ts';
import { rereadCredential } from '../inventory/index.ts';
import { linesOfParts } from '../ledger/index.ts';
import { keepPolicy } from './activate-policy.ts';
import { isGone } from './after-step.ts';
import type { SweepContext } from './context.ts';
import { recordFindings } from './findings.ts';
import { Gathering } from './gathering.ts';
import type { InParts, InPartsOptions } from './in-parts.ts';
import type { AccountLease } from './lease.ts';
import { actionsLeftBehind } from './left-behind.ts';
import { type PausedSweep, type Pauses, writePause } from './paused-sweep.ts';
import { readPlans } from './plans.ts';
import { type Judged, readAccount, sum } from './read-account.ts';
import { recover } from './recover.ts';
import { begin, remembered, runOf, type SweepReading, type Underway } from './underway.ts';

/**
 * Goes on where the process before this one paused, or begins: also when it judged by another policy, whose verdicts
 * must not be mixed with this one's.
 */
export async function takeUp(
  context: SweepContext,
  lease: AccountLease,
  options: InPartsOptions,
  { paused, count }: Pauses,
): Promise<InParts> {
  if (paused === undefined || isOutdated(context, options, paused)) {
    const underway = await begin(context, lease, options);
    return { underway, phase: 'reading', ...NOTHING, pauses: count };
  }
  const { underway, reread } = await resume(context, lease, options, paused);
  const { phase, position, parts, changed, calls: earlierCalls } = paused;
  const inventory = phase === 'acting' ? await readNoMore(context, underway.reading) : undefined;
  return { underway, phase, inventory, position, parts, changed, reread, earlierCalls, pauses: count };
}

/** What a sweep has that begins. */
const NOTHING = {
  inventory: undefined,
  position: undefined,
  parts: [],
  changed: [],
  reread: new Set<string>(),
  earlierCalls: {},
} satisfies Partial<InParts>;

function isOutdated(context: SweepContext, options: InPartsOptions, paused: PausedSweep): boolean {
  return paused.policyHash !== context.policy.hash || paused.enforce !== options.enforce;
}

async function resume(
  context: SweepContext,
  lease: AccountLease,
  options: InPartsOptions,
  paused: PausedSweep,
): Promise<Pick<InParts, 'underway' | 'reread'>> {
  const policy = await keepPolicy(context);
  const { abandoned } = lease;
  const { histories, reconciled, stepped } = await recover(context, abandoned);
  const run = await runOf(context, lease, paused.sweepId, paused.enforce);
  run.actions.push(...paused.actions);
  if (abandoned !== undefined) {
    const known = new Set(paused.actions.map(({ eventId }) => eventId));
    const left = await actionsLeftBehind(context, run.sweepId, { abandoned, stepped });
    run.actions.push(...left.filter(({ eventId }) => !known.has(eventId)));
  }
  const seen = new Set<string>();
  const reading: SweepReading = {
    now: paused.at,
    histories,
    remembered: paused.position.next.kind === 'users' ? (await remembered(context)).keys : new Map(),
    full: paused.full,
    fullReadAt: paused.fullReadAt,
    resume: { position: paused.position, wasRead: (id) => seen.has(id) },
    onProgress: options.onProgress,
  };
  const gathering = new Gathering(
    await readPlans(context, context.accountId),
    histories,
    context.policy.document.rotation.stores,
  );
  const underway = { run, reading, gathering, policy, reconciled: paused.reconciled + reconciled };
  const reread = await gatherAgain(context, underway, options, paused, { seen, stepped });
  return { underway, reread };
}

/**
 * What the earlier processes read goes by again, judged with what the ledger says by now. What a dead one may have changed
 * is read again; returns which.
 */
async function gatherAgain(
  context: SweepContext,
  underway: Underway,
  { workspace }: InPartsOptions,
  { parts, changed }: PausedSweep,
  { seen, stepped }: { readonly seen: Set<string>; readonly stepped: ReadonlySet<string> },
): Promise<ReadonlySet<string>> {
  const newest = await newestOf(workspace.store, changed);
  const { run, reading, gathering } = underway;
  const reread = new Set<string>();
  for await (const line of linesOfParts(workspace.store, parts)) {
    const { id } = line.credential;
    seen.add(id);
    const history = reading.histories.get(id) ?? EMPTY_HISTORY;
    gathering.saw({ ...line, history });
    if (history.seq === 0 && line.judgement.findings.length === 0) continue;
    const judged = judgedAgain(context, reading, { ...(newest.get(id) ?? line), history });
    if (isGone(judged)) continue;
    if (stepped.has(id)) reread.add(id);
    gathering.work.take(context, run, stepped.has(id) ? await readAgain(context, reading, judged) : judged);
  }
  return reread;
}

/** As it is at AWS now, with its findings in line with that; as it was where it cannot be read. */
async function readAgain(context: SweepContext, reading: SweepReading, judged: Judged): Promise<Judged> {
  const fresh = await rereadCredential(context.clients, judged.credential, context.clock.now());
  if (fresh.found !== true) return judged;
  const { credential } = fresh;
  const recorded = await recordFindings(context, judgedAgain(context, reading, { ...judged, credential }));
  reading.histories.set(credential.id, recorded.history);
  return recorded;
}

function judgedAgain(
  context: SweepContext,
  { now }: SweepReading,
  { credential, history }: Pick<Judged, 'credential' | 'history'>,
): Judged {
  return { credential, history, judgement: context.judge({ credential, history, now }) };
}

async function newestOf(
  store: InPartsOptions['workspace']['store'],
  changed: readonly EvidenceReference[],
): Promise<ReadonlyMap<string, ManifestCredential>> {
  const newest = new Map<string, ManifestCredential>();
  for await (const line of linesOfParts(store, changed)) newest.set(line.credential.id, line);
  return newest;
}

/** The inventory of a reading that has ended: it has a summary and reads nothing. */
async function readNoMore(context: SweepContext, reading: SweepReading): Promise<InParts['inventory']> {
  const { pieces, inventory } = readAccount(context, reading);
  for await (const _piece of pieces());
  return inventory;
}

/** Keeps where the sweep stands, for the next process. */
export async function pause(
  context: SweepContext,
  { workspace }: InPartsOptions,
  inParts: InParts,
): Promise<void> {
  const { underway, phase, position, parts, changed, earlierCalls, pauses } = inParts;
  if (position === undefined) return;
  const { run, reading, reconciled } = underway;
  await writePause(workspace, context.accountId, pauses + 1, {
    schemaVersion: 1,
    sweepId: run.sweepId,
    at: reading.now,
    policyHash: context.policy.hash,
    enforce: run.enforce,
    full: reading.full,
    fullReadAt: reading.fullReadAt,
    phase,
    position,
    parts: [...parts],
    changed: [...changed],
    calls: sum(earlierCalls, context.clients.recorder.counts()),
    reconciled,
    actions: [...run.actions],
  });
}
