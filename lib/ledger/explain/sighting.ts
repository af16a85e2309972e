import { JanitorError } from '../../domain/error.ts';
import {
  isManifestHead,
  type ManifestCredential,
  type ManifestFooter,
  type ManifestHeader,
} from '../../domain/manifest.ts';
import { subjects } from '../../domain/subject.ts';
import type { Instant } from '../../domain/time.ts';
import type { DynamoDecisionLedger } from '../dynamo-decision-ledger.ts';
import type { EvidenceStore } from '../evidence-store.ts';
import { isLine, manifestText, parseFooter, parseHeader, parseManifestLine } from '../manifest-reader.ts';
import { isSweep, manifestOf, type SweepEvent } from '../sweep-record.ts';

/** What one sweep saw of the credentials somebody asks about. */
export interface Sighting {
  readonly sweep: SweepEvent;
  readonly header: ManifestHeader;
  readonly footer: ManifestFooter;
  readonly lines: readonly ManifestCredential[];
}

/** The finished sweeps of an account up to an instant, newest first, as far as their chain is intact. */
export async function sweepsUntil(
  ledger: DynamoDecisionLedger,
  accountId: string,
  at: Instant,
): Promise<{ readonly sweeps: readonly SweepEvent[]; readonly intact: boolean }> {
  const { events, broken } = await ledger.inspect(subjects.sweep(accountId));
  const sweeps = events.filter(isSweep).filter((sweep) => sweep.at <= at);
  return { sweeps: sweeps.reverse(), intact: broken === undefined };
}

/** Reads the manifest of a sweep; `wanted` is an id, a slot alias or a bare name. Throws what the reader throws. */
export async function sightingIn(
  evidence: EvidenceStore,
  sweep: SweepEvent,
  wanted: string,
): Promise<Sighting> {
  const reference = manifestOf(sweep);
  if (reference === undefined) throw noManifest(sweep);
  const needle = JSON.stringify(wanted).slice(1, -1);
  const lines: ManifestCredential[] = [];
  let header: ManifestHeader | undefined;
  let footer: ManifestFooter | undefined;
  for await (const text of manifestText(evidence, reference)) {
    if (isLine('header', text)) header = parseHeader(reference, text);
    if (isLine('footer', text)) footer = parseFooter(reference, text);
    if (!isLine('credential', text) || !text.includes(needle)) continue;
    const line = parseManifestLine(reference, text);
    if (!isManifestHead(line) && isWanted(line, wanted)) lines.push(line);
  }
  if (header === undefined || footer === undefined) throw noManifest(sweep);
  return { sweep, header, footer, lines };
}

function isWanted({ credential }: ManifestCredential, wanted: string): boolean {
  return credential.id === wanted || credential.alias === wanted || credential.name === wanted;
}

/** How many sweeps are read back for a credential that the newest one did not see. */
const LOOK_BACK = 30;

export interface Search {
  readonly sighting?: Sighting;
  /** Newer, complete sweeps whose manifest does not have it. */
  readonly unseen: number;
  readonly notes: readonly string[];
  /** false: a manifest on the way was missing or not what was recorded. */
  readonly intact: boolean;
}

/** The newest sighting among sweeps (newest first), reading back as far as is reasonable. */
export async function newestSighting(
  evidence: EvidenceStore,
  sweeps: readonly SweepEvent[],
  wanted: string,
  lookBack = LOOK_BACK,
): Promise<Search> {
  const notes: string[] = [];
  let intact = true;
  let unseen = 0;
  for (const sweep of sweeps.slice(0, lookBack)) {
    try {
      const sighting = await sightingIn(evidence, sweep, wanted);
      if (sighting.lines.length > 0) return { sighting, unseen, notes, intact };
      if (sighting.footer.complete) unseen += 1;
    } catch (error) {
      if (!(error instanceof JanitorError) || error.code === 'evidence-unavailable') throw error;
      notes.push(`The manifest of sweep ${sweep.data.sweepId} could not be used: ${error.message}.`);
      intact = false;
    }
  }
  return { unseen, notes, intact };
}

function noManifest(sweep: SweepEvent): JanitorError {
  return new JanitorError(`sweep ${sweep.data.sweepId} has no whole manifest`, {
    code: 'evidence-missing',
    source: 'system',
    hint: 'Run `janitor ledger verify`.',
  });
}
