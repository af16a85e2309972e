import type { Plan } from '../domain/account-chains.ts';
import type { CredentialHistory } from '../domain/history.ts';
import type { Instant } from '../domain/time.ts';
import { durationMs, elapsed } from '../domain/time.ts';
import { type ManifestWriter, openManifest, rememberedReading } from '../ledger/index.ts';
import { actOnCandidates, dropUndue } from './acting-pass.ts';
import { keepPolicy } from './activate-policy.ts';
import { isGone } from './after-step.ts';
import { candidatesOf } from './candidates.ts';
import { capsFor } from './caps.ts';
import type { SweepContext } from './context.ts';
import { closeVanished, hasLastingId, recordFindings } from './findings.ts';
import { finishSweep } from './finish-sweep.ts';
import { KeyRegister } from './key-register.ts';
import { AccountLease } from './lease.ts';
import { notifyOwners } from './notices.ts';
import { readPlans } from './plans.ts';
import { type Judged, type Reading, readAccount, summarise, Tally } from './read-account.ts';
import { recover } from './recover.ts';
import type { AccountSummary, ReadingOptions, SweepResult } from './result.ts';
import { type Run, readActiveHash, readHalts, refusalOfRun } from './run.ts';
import { WorkList } from './work-list.ts';

/** Chains of different credentials are independent: so many are written at once. */
const RECORDED_AT_ONCE = 32;

export interface SweepOptions extends ReadingOptions {
  /** Act where the activated policy enforces; without it the sweep observes. */
  readonly enforce: boolean;
}

/**
 * The main job: reads an account, judges it, records findings, acts where the policy enforces, tells owners, and
 * leaves one manifest and one sweep event. Repeating it, also after a crash, converges (I6, I7).
 * @throws JanitorError `lease-held`, `lease-lost`, `chain-broken`, `ledger-unavailable`; nothing is half done.
 */
export async function sweepAccount(context: SweepContext, options: SweepOptions): Promise<SweepResult> {
  const lease = await AccountLease.take(context);
  try {
    return await sweepUnderLease(context, lease, options);
  } finally {
    await release(context, lease).catch(() => undefined);
  }
}

/** A lease is given back only when the projection is up to all that was recorded; else whoever takes it over sees to that. */
async function release(context: SweepContext, lease: AccountLease): Promise<void> {
  await context.record.catchUp();
  await lease.release();
}

async function sweepUnderLease(
  context: SweepContext,
  lease: AccountLease,
  options: SweepOptions,
): Promise<SweepResult> {
  const policy = await keepPolicy(context);
  const { histories, reconciled } = await recover(context, lease.abandoned);
  const run: Run = {
    sweepId: context.newId(),
    enforce: options.enforce,
    lease,
    activeHash: await readActiveHash(context),
    halts: await readHalts(context),
    incomplete: new Map(),
    actions: [],
    held: [],
  };
  const reading = await readingFor(context, histories, options);
  const manifest = openManifest(context.evidence, {
    schemaVersion: 1,
    sweepId: run.sweepId,
    accountId: context.accountId,
    at: reading.now,
    policyHash: context.policy.hash,
    enforce: options.enforce,
  });
  try {
    const read = await readAndRecord(context, run, reading, manifest, options);
    const done = await actAndTell(context, run, read, options);
    const summary = summarise(context, reading, read.inventory, read.tally);
    await finishSweep(context, run, {
      manifest,
      summary,
      counts: read.tally.ofKind,
      histories,
      work: read.work.items,
      policy,
      fullReadAt: read.inventory.summary().fullRead ? reading.now : reading.fullReadAt,
    });
    return resultOf(context, run, summary, { ...done, reconciled });
  } catch (error) {
    await manifest.abort();
    throw error;
  }
}

/** Acts on what is due, and tells owners what was found and done. */
async function actAndTell(
  context: SweepContext,
  run: Run,
  read: Read,
  options: SweepOptions,
): Promise<Pick<SweepResult, 'plans' | 'notices'>> {
  const work = read.work.items;
  const plans = await dropUndue(context, read.plans, work);
  const frozen = await actOnCandidates(context, run, {
    candidates: candidatesOf(work.values(), plans, read.keys.complete(), context.clock.now()),
    caps: capsFor(context.policy.document.limits, read.tally.ofKind),
    work,
    onProgress: options.onProgress,
  });
  rejudge(context, work);
  const notices = await notifyOwners(context, run, work);
  return { plans: frozen, notices };
}

function resultOf(
  context: SweepContext,
  run: Run,
  summary: AccountSummary,
  came: Pick<SweepResult, 'plans' | 'notices' | 'reconciled'>,
): SweepResult {
  const refused = refusalOfRun(context, run);
  return {
    ...summary,
    ...came,
    sweepId: run.sweepId,
    enforce: run.enforce,
    actions: run.actions,
    held: run.held,
    ...(refused === undefined ? {} : { refused }),
  };
}

interface SweepReading extends Reading {
  /** What the ledger says of every credential with a chain, brought up to date as findings are recorded. */
  readonly histories: Map<string, CredentialHistory>;
  /** When every key id was last read, before this sweep; null: never. */
  readonly fullReadAt: Instant | null;
}

/** The first sweep, and one every `inventory.fullReadEvery`, reads every key id: a third key is invisible otherwise. */
async function readingFor(
  context: SweepContext,
  histories: Map<string, CredentialHistory>,
  options: SweepOptions,
): Promise<SweepReading> {
  const now = context.clock.now();
  const last = await context.state.account(context.accountId);
  const remembered =
    last?.manifest === undefined
      ? { keys: new Map(), fullReadAt: null }
      : await rememberedReading(context.evidence, last.manifest);
  const every = durationMs(context.policy.document.inventory.fullReadEvery);
  const { fullReadAt } = remembered;
  return {
    now,
    histories,
    remembered: remembered.keys,
    full: options.full === true || fullReadAt === null || elapsed(fullReadAt, now) >= every,
    fullReadAt,
    onProgress: options.onProgress,
  };
}

interface Read {
  readonly inventory: ReturnType<typeof readAccount>['inventory'];
  readonly tally: Tally;
  readonly keys: KeyRegister;
  readonly plans: readonly Plan[];
  readonly work: WorkList;
}

/**
 * Reads, judges and records as one stream: each credential becomes a line of the manifest, its findings come in line
 * with the judgement, and only what this sweep may do something about is kept.
 */
async function readAndRecord(
  context: SweepContext,
  run: Run,
  reading: SweepReading,
  manifest: ManifestWriter,
  options: SweepOptions,
): Promise<Read> {
  const { judged, inventory } = readAccount(context, reading);
  const plans = await readPlans(context, context.accountId);
  const read: Read = {
    inventory,
    tally: new Tally(),
    keys: new KeyRegister(),
    plans,
    work: new WorkList(plans),
  };
  const vanished = new Set(reading.histories.keys());
  let batch: Judged[] = [];
  for await (const one of judged()) {
    const { credential, history, judgement } = one;
    read.tally.add(one);
    read.keys.add(credential);
    if (!isGone(one)) vanished.delete(credential.id);
    await manifest.add({ credential, judgement, ...(history.seq === 0 ? {} : { history }) });
    await options.onJudged?.({ credential, judgement });
    if (!isGone(one) && (history.seq > 0 || judgement.findings.length > 0)) batch.push(one);
    if (batch.length < RECORDED_AT_ONCE) continue;
    await recordBatch(context, run, reading, read, batch);
    batch = [];
  }
  await recordBatch(context, run, reading, read, batch);
  for (const { affects, message } of inventory.summary().problems) {
    for (const kind of affects) run.incomplete.set(kind, `not all of this kind could be read: ${message}`);
  }
  if (inventory.summary().complete) await closeAll(context, reading, vanished);
  return read;
}

async function recordBatch(
  context: SweepContext,
  run: Run,
  reading: SweepReading,
  read: Read,
  batch: readonly Judged[],
): Promise<void> {
  const recorded = await Promise.all(
    batch.map((judged) => (hasLastingId(judged) ? recordFindings(context, judged) : judged)),
  );
  for (const judged of recorded) {
    if (judged.history.seq > 0) reading.histories.set(judged.credential.id, judged.history);
    read.work.take(context, run, judged);
  }
  await run.lease.keep();
  reading.onProgress?.({ phase: 'recording', done: read.tally.credentials });
}

/** What has a chain but is gone from a complete reading no longer exists. */
async function closeAll(
  context: SweepContext,
  reading: SweepReading,
  vanished: Iterable<string>,
): Promise<void> {
  for (const id of vanished) {
    const history = reading.histories.get(id);
    if (history !== undefined) reading.histories.set(id, await closeVanished(context, id, history));
  }
}

/** After the acts: what is next for each credential now, so that owners hear of it in the same digest. */
function rejudge(context: SweepContext, work: Map<string, Judged>): void {
  const now = context.clock.now();
  for (const [id, judged] of work) {
    const { credential, history } = judged;
    const judgement = context.judge({ credential, history, now });
    work.set(id, { ...judged, judgement: isGone(judged) ? { ...judgement, findings: [] } : judgement });
  }
}
