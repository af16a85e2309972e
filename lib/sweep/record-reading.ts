import type { Credential } from '../domain/credential.ts';
import type { ManifestCredential } from '../domain/manifest.ts';
import type { Inventory, ReadingPosition } from '../inventory/index.ts';
import { isGone } from './after-step.ts';
import type { SweepContext } from './context.ts';
import { closeVanished, hasLastingId, recordFindings } from './findings.ts';
import { type Judged, readAccount } from './read-account.ts';
import type { ReadingOptions } from './result.ts';
import { reviewHolds } from './review-holds.ts';
import type { Underway } from './underway.ts';

/** Chains of different credentials are independent: so many are written at once. */
const RECORDED_AT_ONCE = 32;

/** Where the manifest's lines go. */
export interface LineSink {
  add(line: ManifestCredential): Promise<void>;
}

/** Pieces of the reading after which what is to be recorded is recorded, however little it is. */
const PIECES_AT_MOST = 50;

export interface RecordingReading {
  /** Reads, judges and records while it is iterated; each position is one with everything before it recorded. */
  readonly positions: () => AsyncGenerator<ReadingPosition>;
  /** Has a summary once the positions have ended. */
  readonly inventory: Inventory;
}

/**
 * Reads, judges and records as one stream: each credential becomes a line of the manifest, its findings come in line
 * with the judgement, and only what this sweep may do something about is kept.
 */
export function recordReading(
  context: SweepContext,
  underway: Underway,
  sink: LineSink,
  options: Pick<ReadingOptions, 'onJudged'>,
): RecordingReading {
  const { run, reading, gathering } = underway;
  const review = (credentials: readonly Credential[]) =>
    reviewHolds(context, run.lease, reading.histories, credentials);
  const { pieces, inventory } = readAccount(context, { ...reading, review });
  async function note(judged: readonly Judged[]): Promise<Judged[]> {
    for (const one of judged) {
      gathering.saw(one);
      await sink.add(lineOf(one));
      await options.onJudged?.({ credential: one.credential, judgement: one.judgement });
    }
    return judged.filter(isToRecord);
  }
  async function* positions(): AsyncGenerator<ReadingPosition> {
    let batch: Judged[] = [];
    let waiting = 0;
    /** Where it stands while that is not yielded: what was found up to there waits to be recorded. */
    let pending: ReadingPosition | undefined;
    for await (const { judged, position } of pieces()) {
      await run.lease.keep();
      pending = position;
      batch.push(...(await note(judged)));
      waiting += 1;
      if (batch.length > 0 && batch.length < RECORDED_AT_ONCE && waiting < PIECES_AT_MOST) continue;
      await recordBatch(context, underway, batch);
      batch = [];
      waiting = 0;
      pending = undefined;
      yield position;
    }
    await recordBatch(context, underway, batch);
    if (pending !== undefined) yield pending;
  }
  return { positions, inventory };
}

function isToRecord(one: Judged): boolean {
  return !isGone(one) && (one.history.seq > 0 || one.judgement.findings.length > 0);
}

export function lineOf({ credential, history, judgement }: Judged): ManifestCredential {
  return { credential, judgement, ...(history.seq === 0 ? {} : { history }) };
}

async function recordBatch(
  context: SweepContext,
  { run, reading, gathering }: Underway,
  batch: readonly Judged[],
): Promise<void> {
  for (let from = 0; from < batch.length; from += RECORDED_AT_ONCE) {
    const recorded = await Promise.all(
      batch
        .slice(from, from + RECORDED_AT_ONCE)
        .map((one) => (hasLastingId(one) ? recordFindings(context, one) : one)),
    );
    for (const one of recorded) {
      if (one.history.seq > 0) reading.histories.set(one.credential.id, one.history);
      gathering.work.take(context, run, one);
    }
    await run.lease.keep();
    reading.onProgress?.({ phase: 'recording', done: gathering.tally.credentials });
  }
}

/** Says what could not be read, and closes what a complete reading no longer found. */
export async function conclude(
  context: SweepContext,
  { run, reading, gathering }: Underway,
  inventory: Inventory,
): Promise<void> {
  const { problems, complete } = inventory.summary();
  for (const { affects, message } of problems) {
    for (const kind of affects) run.incomplete.set(kind, `not all of this kind could be read: ${message}`);
  }
  if (complete) await closeAll(context, { run, reading }, gathering.vanished);
}

/** What has a chain but is gone from a complete reading no longer exists. */
async function closeAll(
  context: SweepContext,
  { run, reading }: Pick<Underway, 'run' | 'reading'>,
  vanished: Iterable<string>,
): Promise<void> {
  for (const id of vanished) {
    await run.lease.keep();
    const history = reading.histories.get(id);
    if (history !== undefined) reading.histories.set(id, await closeVanished(context, id, history));
  }
}
