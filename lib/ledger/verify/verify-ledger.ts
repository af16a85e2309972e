import type { BrokenLink } from '../chain-error.ts';
import type { DynamoDecisionLedger } from '../dynamo-decision-ledger.ts';
import type { EvidenceStore } from '../evidence-store.ts';
import type { StateProjection } from '../state-projection.ts';
import { CHAIN_START, type ChainPosition, type Item, readLink } from '../stored-event.ts';
import { isSweep, type SweepEvent } from '../sweep-record.ts';
import { ChainIndex } from './chain-index.ts';
import { GrantCheck, type GrantEvidenceEvent, isGrantEvidence } from './grant-check.ts';
import { type LedgerProblem, ProblemList, problemOfLink } from './problem.ts';
import { orphanProblem, StateFollower, StateRows } from './state-check.ts';
import { SweepCheck } from './sweep-check.ts';

export interface VerifyProgress {
  readonly phase: 'chains' | 'sweeps';
  readonly done: number;
  /** Absent while unknown. */
  readonly total?: number;
}

export interface Verification {
  /** true: every record is what was recorded. */
  readonly ok: boolean;
  readonly chains: number;
  readonly events: number;
  readonly sweeps: number;
  /** The first broken link first, then in the order of the table. */
  readonly problems: readonly LedgerProblem[];
  /** Rows of the projection that are behind or missing: `janitor ledger rebuild` mends them. */
  readonly repairable: readonly LedgerProblem[];
  /** Problems found beyond those listed. */
  readonly omitted: number;
}

export interface VerifyDependencies {
  readonly ledger: DynamoDecisionLedger;
  readonly state: StateProjection;
  readonly evidence: EvidenceStore;
}

/**
 * Recomputes everything an auditor can recompute (G7): every chain (shape, dense sequence, links, hashes), the
 * projection against the folds (I10), and for every finished sweep its manifest, the Merkle root over the heads it
 * relied on, each of those heads in the ledger (so that the removal of the last event of a chain shows), and its
 * archived policy; and the evidence of every break-glass grant. Reads one whole table scan; keeps 32 bytes an event and a digest a credential in memory.
 * An event appended after the newest sweep and removed again shows through the projection only.
 */
export async function verifyLedger(
  { ledger, state, evidence }: VerifyDependencies,
  onProgress?: (progress: VerifyProgress) => void,
): Promise<Verification> {
  const rows = await StateRows.read(state);
  const pass = new ChainPass(ledger, rows);
  await pass.scan((done) => onProgress?.({ phase: 'chains', done }));
  const sweeps = pass.sweeps();
  const check = new SweepCheck({ ledger, evidence }, pass.index, pass.problems);
  for (const [done, sweep] of sweeps.entries()) {
    onProgress?.({ phase: 'sweeps', done, total: sweeps.length });
    await check.check(sweep);
  }
  const grants = new GrantCheck(evidence, pass.problems);
  for (const event of pass.grantEvidence) await grants.check(event);
  for (const row of rows.orphans()) {
    if (!pass.index.isBroken(row.subject)) pass.problems.add(orphanProblem(row));
  }
  return {
    ok: pass.problems.all.length === 0,
    chains: pass.index.chains,
    events: pass.index.events,
    sweeps: sweeps.length,
    problems: pass.problems.all,
    repairable: pass.repairable.all,
    omitted: pass.problems.omitted + pass.repairable.omitted,
  };
}

const PROGRESS_EVERY = 500;

/** Reads the table once, chain by chain; a chain with anything odd is read again by an ordered query and then judged. */
class ChainPass {
  readonly index = new ChainIndex();
  readonly problems = new ProblemList();
  readonly repairable = new ProblemList();
  /** What grants refer to, in the order of the table. */
  readonly grantEvidence: GrantEvidenceEvent[] = [];
  readonly #ledger: DynamoDecisionLedger;
  readonly #rows: StateRows;
  readonly #sweeps = new Map<string, readonly SweepEvent[]>();
  readonly #odd = new Set<string>();

  constructor(ledger: DynamoDecisionLedger, rows: StateRows) {
    this.#ledger = ledger;
    this.#rows = rows;
  }

  async scan(onEvents: (done: number) => void): Promise<void> {
    let run: ChainRun | undefined;
    let done = 0;
    for await (const item of this.#ledger.items()) {
      const subject = item.subject?.S ?? '';
      if (run?.subject !== subject) {
        if (run !== undefined) this.#close(run);
        run = new ChainRun(subject, this.#rows);
      }
      run.step(item);
      done += 1;
      if (done % PROGRESS_EVERY === 0) onEvents(done);
    }
    if (run !== undefined) this.#close(run);
    for (const subject of this.#odd) this.#judge(await this.#again(subject));
    onEvents(done);
  }

  /** Newest events last; sweeps of chains with a broken link are those before the break. */
  sweeps(): SweepEvent[] {
    return [...this.#sweeps.values()].flat();
  }

  #close(run: ChainRun): void {
    const odd = run.broken !== undefined || this.index.has(run.subject) || run.state.verdict() !== undefined;
    if (odd) this.#odd.add(run.subject);
    else this.#keep(run);
  }

  #keep(run: ChainRun): void {
    if (run.state.place !== undefined) this.#rows.account(run.state.place);
    if (run.broken === undefined) this.index.set(run.subject, run.hashes);
    else this.index.setBroken(run.subject);
    if (run.sweeps.length > 0) this.#sweeps.set(run.subject, run.sweeps);
    this.grantEvidence.push(...run.grantEvidence);
  }

  async #again(subject: string): Promise<ChainRun> {
    const run = new ChainRun(subject, this.#rows);
    for await (const item of this.#ledger.itemsOf(subject)) run.step(item);
    return run;
  }

  #judge(run: ChainRun): void {
    this.#keep(run);
    if (run.broken !== undefined) {
      this.problems.add(problemOfLink(run.broken));
      return;
    }
    const verdict = run.state.verdict();
    if (verdict === undefined) return;
    (verdict.repairable ? this.repairable : this.problems).add(verdict.problem);
  }
}

/** One chain being verified, event by event. */
class ChainRun {
  readonly subject: string;
  readonly hashes: string[] = [];
  readonly sweeps: SweepEvent[] = [];
  readonly grantEvidence: GrantEvidenceEvent[] = [];
  readonly state: StateFollower;
  broken: BrokenLink | undefined;
  #position: ChainPosition = CHAIN_START;

  constructor(subject: string, rows: StateRows) {
    this.subject = subject;
    this.state = new StateFollower(subject, rows);
  }

  step(item: Item): void {
    if (this.broken !== undefined) return;
    const link = readLink(this.#position, item);
    if (!link.ok) {
      this.broken = link.broken;
      return;
    }
    this.#position = link.event;
    this.hashes.push(link.event.hash);
    if (isSweep(link.event)) this.sweeps.push(link.event);
    if (isGrantEvidence(link.event)) this.grantEvidence.push(link.event);
    this.state.step(link.event);
  }
}
