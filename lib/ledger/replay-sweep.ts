import { canonical } from '../domain/canonical.ts';
import type { Credential } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import type { CredentialHistory } from '../domain/history.ts';
import { historyOfLine, isManifestHead } from '../domain/manifest.ts';
import { subjects } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import type { Judgement } from '../domain/verdict.ts';
import type { DynamoDecisionLedger } from './dynamo-decision-ledger.ts';
import { type EvidenceStore, readPolicyText } from './evidence-store.ts';
import { readManifest } from './manifest-reader.ts';
import { isSweep, manifestOf, type SweepEvent } from './sweep-record.ts';

/** What a compiled policy does: facts, history and an instant in, a judgement out. */
export type ReplayJudge = (input: {
  readonly credential: Credential;
  readonly history: CredentialHistory;
  readonly now: Instant;
}) => Judgement;

export interface ReplayDifference {
  readonly credentialId: string;
  readonly stored: Judgement;
  readonly replayed: Judgement;
}

export interface Replay {
  readonly sweepId: string;
  readonly accountId: string;
  /** The judging instant of the sweep. */
  readonly at: Instant;
  readonly policyHash: string;
  readonly replayed: number;
  /** Must be none (G9, I19); the first ones, at most 100. */
  readonly differences: readonly ReplayDifference[];
  readonly differing: number;
}

const KEPT_DIFFERENCES = 100;

/**
 * Judges everything a past sweep judged again, from its manifest and the archived policy alone, and compares bytes.
 * `compile` turns an archived policy text into its judge and must refuse a text that has not the hash asked for.
 * Throws `not-found`, `evidence-missing` or `evidence-altered`.
 */
export async function replaySweep(
  { evidence, ledger }: { readonly evidence: EvidenceStore; readonly ledger: DynamoDecisionLedger },
  which: string | SweepEvent,
  compile: (policyText: string, policyHash: string) => ReplayJudge | Promise<ReplayJudge>,
): Promise<Replay> {
  const sweep = typeof which === 'string' ? await sweepById({ evidence, ledger }, which) : which;
  const reference = manifestOf(sweep);
  if (reference === undefined) throw gone(`the manifest of sweep ${sweep.data.sweepId}`);
  const { header, lines, footer } = await readManifest(evidence, reference);
  const text = await readPolicyText(evidence, header.policyHash);
  if (text === undefined) throw gone(`policy ${header.policyHash}`);
  const judge = await compile(text, header.policyHash);
  const differences: ReplayDifference[] = [];
  let replayed = 0;
  let differing = 0;
  for await (const line of lines) {
    if (isManifestHead(line)) continue;
    const { credential, judgement: stored } = line;
    const again = judge({ credential, history: historyOfLine(line), now: header.at });
    replayed += 1;
    if (canonical(again) === canonical(stored)) continue;
    differing += 1;
    if (differing <= KEPT_DIFFERENCES)
      differences.push({ credentialId: credential.id, stored, replayed: again });
  }
  await footer();
  const { sweepId, accountId, at, policyHash } = header;
  return { sweepId, accountId, at, policyHash, replayed, differences, differing };
}

/** Finds a sweep by its id: the key of its manifest names the account, whose chain has the event. */
async function sweepById(
  { evidence, ledger }: { readonly evidence: EvidenceStore; readonly ledger: DynamoDecisionLedger },
  sweepId: string,
): Promise<SweepEvent> {
  for await (const key of evidence.list('manifests/')) {
    const [, accountId, name = ''] = key.split('/');
    if (accountId === undefined || !isManifestOf(name, sweepId)) continue;
    const events = await ledger.chain(subjects.sweep(accountId));
    const sweep = events.filter(isSweep).find((event) => event.data.sweepId === sweepId);
    if (sweep !== undefined) return sweep;
  }
  throw new JanitorError(`No sweep has the id "${sweepId}"`, {
    code: 'not-found',
    source: 'user',
    hint: 'Give the sweepId that `janitor sweep --format json` printed, or look it up with `janitor explain ACCOUNT`.',
  });
}

/** By its id alone, or with the attempt at finishing it behind (`manifestKey`). */
function isManifestOf(name: string, sweepId: string): boolean {
  return name === `${sweepId}.jsonl.gz` || name.startsWith(`${sweepId}_`);
}

function gone(what: string): JanitorError {
  return new JanitorError(`${what} is not in the evidence store, so its verdicts cannot be replayed`, {
    code: 'evidence-missing',
    source: 'system',
    hint: 'Its retention may have ended, or this is another evidence store: check the bucket or --state-dir.',
  });
}
