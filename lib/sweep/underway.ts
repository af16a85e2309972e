import type { EvidenceReference } from '../domain/event.ts';
import type { CredentialHistory } from '../domain/history.ts';
import type { ManifestHeader } from '../domain/manifest.ts';
import type { Instant } from '../domain/time.ts';
import { durationMs, elapsed } from '../domain/time.ts';
import { rememberedReading } from '../ledger/index.ts';
import { keepPolicy } from './activate-policy.ts';
import type { SweepContext } from './context.ts';
import { Gathering } from './gathering.ts';
import type { AccountLease } from './lease.ts';
import { readPlans } from './plans.ts';
import type { Reading } from './read-account.ts';
import { recover } from './recover.ts';
import type { ReadingOptions } from './result.ts';
import { type Run, readActiveHash, readHalts, rotationsStopped } from './run.ts';

export interface SweepOptions extends ReadingOptions {
  /** Act where the activated policy enforces; without it the sweep observes. */
  readonly enforce: boolean;
}

export interface SweepReading extends Reading {
  /** What the ledger says of every credential with a chain, brought up to date as findings are recorded. */
  readonly histories: Map<string, CredentialHistory>;
  /** When every key id was last read, before this sweep; null: never. */
  readonly fullReadAt: Instant | null;
}

/** A sweep that has begun. */
export interface Underway {
  readonly run: Run;
  readonly reading: SweepReading;
  readonly gathering: Gathering;
  readonly policy: EvidenceReference;
  /** Intents of earlier runs that were settled. */
  readonly reconciled: number;
}

/** Recovers what earlier runs left behind, and begins. */
export async function begin(
  context: SweepContext,
  lease: AccountLease,
  options: SweepOptions,
): Promise<Underway> {
  const policy = await keepPolicy(context);
  const { histories, reconciled } = await recover(context, lease.abandoned);
  const run = await runOf(context, lease, context.newId(), options.enforce);
  const reading = await readingFor(context, histories, options);
  const gathering = new Gathering(
    await readPlans(context, context.accountId),
    histories,
    context.policy.document.rotation.stores,
  );
  return { run, reading, gathering, policy, reconciled };
}

export async function runOf(
  context: Pick<SweepContext, 'ledger' | 'policy' | 'accountId'>,
  lease: AccountLease,
  sweepId: string,
  enforce: boolean,
): Promise<Run> {
  return {
    sweepId,
    enforce,
    lease,
    activeHash: await readActiveHash(context),
    halts: await readHalts(context),
    rotationsStopped: await rotationsStopped(context),
    incomplete: new Map(),
    actions: [],
    held: [],
  };
}

export function headerOf(context: SweepContext, { run, reading }: Underway): ManifestHeader {
  return {
    schemaVersion: 1,
    sweepId: run.sweepId,
    accountId: context.accountId,
    at: reading.now,
    policyHash: context.policy.hash,
    enforce: run.enforce,
  };
}

/** The first sweep, and one every `inventory.fullReadEvery`, reads every key id: a third key is invisible otherwise. */
async function readingFor(
  context: SweepContext,
  histories: Map<string, CredentialHistory>,
  options: SweepOptions,
): Promise<SweepReading> {
  const now = context.clock.now();
  const { keys, fullReadAt } = await remembered(context);
  const every = durationMs(context.policy.document.inventory.fullReadEvery);
  return {
    now,
    histories,
    remembered: keys,
    full: options.full === true || fullReadAt === null || elapsed(fullReadAt, now) >= every,
    fullReadAt,
    onProgress: options.onProgress,
  };
}

/** What the newest finished sweep of the account learnt. */
export async function remembered(
  context: SweepContext,
): Promise<Pick<SweepReading, 'fullReadAt'> & { readonly keys: Reading['remembered'] }> {
  const last = await context.state.account(context.accountId);
  if (last?.manifest === undefined) return { keys: new Map(), fullReadAt: null };
  return rememberedReading(context.evidence, last.manifest);
}
