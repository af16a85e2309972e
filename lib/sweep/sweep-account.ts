import type { CredentialHistory } from '../domain/history.ts';
import type { Instant } from '../domain/time.ts';
import { durationMs, elapsed } from '../domain/time.ts';
import { type ManifestWriter, openManifest, rememberedReading } from '../ledger/index.ts';
import { actOnCandidates } from './acting-pass.ts';
import { keepPolicy } from './activate-policy.ts';
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
    await lease.release().catch(() => undefined);
  }
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
    const read = await readInto(context, run, reading, manifest, options);
    const done = await actAndTell(context, run, reading, read, options);
    const summary = summarise(context, reading, read.inventory, read.tally);
    await finishSweep(context, run, {
      manifest,
      summary,
      counts: read.tally.ofKind,
      histories,
      work: done.work,
      policy,
      fullReadAt: read.inventory.summary().fullRead ? reading.now : reading.fullReadAt,
    });
    return resultOf(context, run, summary, { plans: done.plans, notices: done.notices, reconciled });
  } catch (error) {
    await manifest.abort();
    throw error;
  }
}

/** Records what was found, acts on what is due, and tells owners what was found and done. */
async function actAndTell(
  context: SweepContext,
  run: Run,
  reading: Reading,
  read: Read,
  options: SweepOptions,
): Promise<Pick<SweepResult, 'plans' | 'notices'> & { readonly work: ReadonlyMap<string, Judged> }> {
  const work = await recordAll(context, run, reading, read, options);
  const plans = await readPlans(context, context.accountId);
  const frozen = await actOnCandidates(context, run, {
    candidates: candidatesOf(run, work.values(), plans, read.keys.complete(), context.clock.now()),
    plans,
    caps: capsFor(context.policy.document.limits, read.tally.ofKind),
    work,
    onProgress: options.onProgress,
  });
  rejudge(context, work);
  const notices = await notifyOwners(context, run, work);
  return { work, plans: frozen, notices };
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
  /** When every key id was last read, before this sweep; null: never. */
  readonly fullReadAt: Instant | null;
}

/** The first sweep, and one every `inventory.fullReadEvery`, reads every key id: a third key is invisible otherwise. */
async function readingFor(
  context: SweepContext,
  histories: ReadonlyMap<string, CredentialHistory>,
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
  /** Credentials that need more than a manifest line: a finding, or a chain. */
  readonly work: Map<string, Judged>;
  /** Ids of everything that exists; only those with a chain matter, so only those are kept. */
  readonly seen: ReadonlySet<string>;
}

async function readInto(
  context: SweepContext,
  run: Run,
  reading: Reading,
  manifest: ManifestWriter,
  options: SweepOptions,
): Promise<Read> {
  const { judged, inventory } = readAccount(context, reading);
  const tally = new Tally();
  const keys = new KeyRegister();
  const work = new Map<string, Judged>();
  const seen = new Set<string>();
  for await (const one of judged()) {
    const { credential, history, judgement } = one;
    tally.add(one);
    keys.add(credential);
    if (history.seq > 0) seen.add(credential.id);
    if (history.seq > 0 || judgement.findings.length > 0) work.set(credential.id, one);
    await manifest.add({ credential, judgement, ...(history.seq === 0 ? {} : { history }) });
    await options.onJudged?.({ credential, judgement });
    if (tally.credentials % 500 === 0) await run.lease.keep();
  }
  return { inventory, tally, keys, work, seen };
}

/** Brings every chain in line with what was judged; returns the work with histories and judgements up to date. */
async function recordAll(
  context: SweepContext,
  run: Run,
  reading: Reading,
  read: Read,
  options: SweepOptions,
): Promise<Map<string, Judged>> {
  const work = new Map(read.work);
  const recordable = [...read.work].filter(([, judged]) => hasLastingId(judged));
  for (let from = 0; from < recordable.length; from += RECORDED_AT_ONCE) {
    const batch = recordable.slice(from, from + RECORDED_AT_ONCE);
    await Promise.all(batch.map(async ([id, judged]) => work.set(id, await recordFindings(context, judged))));
    await run.lease.keep();
    options.onProgress?.({ phase: 'recording', done: from + batch.length, total: recordable.length });
  }
  if (read.inventory.summary().complete) {
    for (const [id, history] of reading.histories) {
      if (!read.seen.has(id)) await closeVanished(context, id, history);
    }
  }
  return work;
}

/** After the acts: what is next for each credential now, so that owners hear of it in the same digest. */
function rejudge(context: SweepContext, work: Map<string, Judged>): void {
  const now = context.clock.now();
  for (const [id, judged] of work) {
    const { credential, history } = judged;
    work.set(id, { ...judged, judgement: context.judge({ credential, history, now }) });
  }
}
