import { JanitorError } from '../../domain/error.ts';
import type { EvidenceReference } from '../../domain/event.ts';
import { isManifestHead, type ManifestHead, type ManifestHeader } from '../../domain/manifest.ts';
import { MerkleTree } from '../../domain/merkle.ts';
import type { DynamoDecisionLedger } from '../dynamo-decision-ledger.ts';
import { type EvidenceStore, policyKey, sha256OfBody } from '../evidence-store.ts';
import { isLine, manifestText, parseFooter, parseHeader, parseManifestLine } from '../manifest-reader.ts';
import { MANIFEST_EVIDENCE, manifestOf, type SweepEvent } from '../sweep-record.ts';
import type { ChainIndex } from './chain-index.ts';
import type { LedgerProblem, ProblemList } from './problem.ts';

/** Checks what each finished sweep refers to: manifest, Merkle root, the heads it relied on, the archived policy. */
export class SweepCheck {
  readonly #ledger: DynamoDecisionLedger;
  readonly #evidence: EvidenceStore;
  readonly #index: ChainIndex;
  readonly #problems: ProblemList;
  /** Digests of objects read already: sweeps share their policy. */
  readonly #digests = new Map<string, string | undefined>();

  constructor(
    { ledger, evidence }: { readonly ledger: DynamoDecisionLedger; readonly evidence: EvidenceStore },
    index: ChainIndex,
    problems: ProblemList,
  ) {
    this.#ledger = ledger;
    this.#evidence = evidence;
    this.#index = index;
    this.#problems = problems;
  }

  async check(sweep: SweepEvent): Promise<void> {
    await this.#policy(sweep);
    for (const reference of sweep.evidence ?? []) {
      if (reference.kind !== MANIFEST_EVIDENCE) await this.#object(sweep, reference);
    }
    const reference = manifestOf(sweep);
    if (reference === undefined) {
      this.#problems.add(problem(sweep, 'manifest-missing', 'refers to no manifest'));
      return;
    }
    try {
      await this.#manifest(sweep, reference);
    } catch (error) {
      if (!(error instanceof JanitorError) || error.code === 'evidence-unavailable') throw error;
      const code = error.code === 'evidence-missing' ? 'manifest-missing' : 'manifest-altered';
      this.#problems.add(problem(sweep, code, `has no good manifest: ${error.message}`));
    }
  }

  async #manifest(sweep: SweepEvent, reference: EvidenceReference): Promise<void> {
    const { data } = sweep;
    const tree = new MerkleTree();
    let whole = false;
    for await (const text of manifestText(this.#evidence, reference)) {
      if (isLine('head', text)) {
        const line = parseManifestLine(reference, text);
        if (!isManifestHead(line)) continue;
        tree.add(line);
        await this.#head(sweep, line);
      } else if (isLine('header', text)) {
        this.#header(sweep, parseHeader(reference, text));
      } else if (isLine('footer', text)) {
        whole = parseFooter(reference, text).merkleRoot === tree.root();
      }
    }
    if (!whole || tree.root() !== data.merkleRoot || tree.count !== data.heads) {
      const reason = `recorded the Merkle root ${data.merkleRoot} over ${data.heads} heads; its manifest has ${tree.root()} over ${tree.count}`;
      this.#problems.add(problem(sweep, 'merkle-root', reason));
    }
  }

  #header(sweep: SweepEvent, header: ManifestHeader): void {
    const { data, policyHash } = sweep;
    const same = header.sweepId === data.sweepId && header.accountId === data.accountId;
    if (same && (policyHash === undefined || header.policyHash === policyHash)) return;
    this.#problems.add(
      problem(sweep, 'manifest-altered', 'refers to the manifest of another sweep or policy'),
    );
  }

  async #head(sweep: SweepEvent, { subject, seq, hash }: ManifestHead): Promise<void> {
    if (this.#index.isBroken(subject) || this.#index.hashAt(subject, seq) === hash) return;
    // The chain may have grown since it was read.
    const stored = (await this.#ledger.eventAt(subject, seq))?.hash;
    if (stored === hash) return;
    const { sweepId } = sweep.data;
    const [code, fate] =
      stored === undefined
        ? (['head-missing', 'is not in the ledger any more'] as const)
        : (['head-differs', 'has another hash now'] as const);
    const message = `Sweep ${sweepId} relied on event ${seq} of ${subject}, which ${fate}.`;
    this.#problems.add({ code, subject, seq, message });
  }

  async #policy(sweep: SweepEvent): Promise<void> {
    const { policyHash } = sweep;
    if (policyHash !== undefined && (await this.#digest(policyKey(policyHash))) !== undefined) return;
    const which =
      policyHash === undefined ? 'names no policy' : `judged by policy ${policyHash}, which is not archived`;
    this.#problems.add(problem(sweep, 'policy-missing', which));
  }

  async #object(sweep: SweepEvent, { key, sha256 }: EvidenceReference): Promise<void> {
    const stored = await this.#digest(key);
    if (stored === sha256) return;
    if (stored === undefined)
      this.#problems.add(problem(sweep, 'evidence-missing', `refers to ${key}, which is gone`));
    else
      this.#problems.add(
        problem(sweep, 'evidence-altered', `refers to ${key}, which is not what was recorded`),
      );
  }

  async #digest(key: string): Promise<string | undefined> {
    if (!this.#digests.has(key)) this.#digests.set(key, await sha256OfBody(await this.#evidence.get(key)));
    return this.#digests.get(key);
  }
}

function problem(sweep: SweepEvent, code: LedgerProblem['code'], what: string): LedgerProblem {
  const { subject, seq, id: eventId } = sweep;
  return { code, subject, seq, eventId, message: `Sweep ${sweep.data.sweepId} ${what}.` };
}
