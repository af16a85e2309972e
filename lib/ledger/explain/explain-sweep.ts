import { JanitorError } from '../../domain/error.ts';
import { bucketsBetween, type LedgerEvent } from '../../domain/event.ts';
import type { ManifestFooter, ManifestHeader } from '../../domain/manifest.ts';
import { DAY_MS, elapsed, type Instant, plus } from '../../domain/time.ts';
import { isLine, manifestText, parseFooter, parseHeader } from '../manifest-reader.ts';
import { manifestOf, type SweepEvent } from '../sweep-record.ts';
import { intentOf } from './explain-plan.ts';
import {
  type ExplainDependencies,
  type ExplainOptions,
  type Explanation,
  timelineOf,
} from './explanation.ts';
import { notFound } from './not-found.ts';
import { sentenceOf } from './sentence.ts';
import { sweepsUntil } from './sighting.ts';

/** What one sweep read, could not read, concluded and did. `id` is a sweep id, or an account id for its newest one. */
export async function explainSweep(
  dependencies: ExplainDependencies,
  id: string,
  { now, at = now }: ExplainOptions,
): Promise<Explanation> {
  const found = await findSweep(dependencies, id, at);
  if (found === undefined) throw notFound(id, at);
  const { sweep, intact } = found;
  const manifest = await frameOf(dependencies, sweep);
  const steps = await stepsOf(dependencies, sweep, manifest.header?.at ?? sweep.at);
  const events = [...steps, sweep];
  return {
    schemaVersion: 1,
    kind: 'sweep',
    subject: sweep.data.sweepId,
    at,
    summary: sentenceOf(sweep),
    facts: [],
    timeline: timelineOf(events),
    holds: [],
    next: sweep.data.complete ? 'Nothing.' : 'Give the reader the permissions named here, then sweep again.',
    notes: [...manifest.notes, ...notesOf(manifest.footer)],
    chainVerified: intact && manifest.footer !== undefined,
    events,
  };
}

/** The sweep with this id, or the newest one of this account, up to an instant. */
export async function findSweep(
  { ledger, state }: Pick<ExplainDependencies, 'ledger' | 'state'>,
  id: string,
  at: Instant,
): Promise<{ readonly sweep: SweepEvent; readonly intact: boolean } | undefined> {
  if (/^\d{12}$/.test(id)) {
    const { sweeps, intact } = await sweepsUntil(ledger, id, at);
    const sweep = sweeps[0];
    return sweep === undefined ? undefined : { sweep, intact };
  }
  for await (const { accountId } of state.accounts()) {
    const { sweeps, intact } = await sweepsUntil(ledger, accountId, at);
    const sweep = sweeps.find((each) => each.data.sweepId === id);
    if (sweep !== undefined) return { sweep, intact };
  }
  return undefined;
}

interface Frame {
  readonly header?: ManifestHeader;
  readonly footer?: ManifestFooter;
  readonly notes: readonly string[];
}

/** Header and footer of a sweep's manifest, once all of it was verified. */
async function frameOf({ evidence }: ExplainDependencies, sweep: SweepEvent): Promise<Frame> {
  const reference = manifestOf(sweep);
  if (reference === undefined) return { notes: ['This sweep refers to no manifest.'] };
  let header: ManifestHeader | undefined;
  let footer: ManifestFooter | undefined;
  try {
    for await (const text of manifestText(evidence, reference)) {
      if (isLine('header', text)) header = parseHeader(reference, text);
      if (isLine('footer', text)) footer = parseFooter(reference, text);
    }
  } catch (error) {
    if (!(error instanceof JanitorError) || error.code === 'evidence-unavailable') throw error;
    return { notes: [`${error.message}.`] };
  }
  return {
    ...(header === undefined ? {} : { header }),
    ...(footer === undefined ? {} : { footer }),
    notes: [],
  };
}

function notesOf(footer: ManifestFooter | undefined): string[] {
  if (footer === undefined) return [];
  const problems = footer.problems.map(({ code, message, permission, region }) => {
    const missing = permission === undefined ? '' : `, missing permission ${permission}`;
    return `Problem ${code}${region === undefined ? '' : ` in ${region}`}: ${message}${missing}`;
  });
  const uncovered = footer.notCovered.length === 0 ? [] : [`Not covered: ${footer.notCovered.join(', ')}.`];
  return [...problems, ...footer.notes, ...uncovered];
}

/** The intents of a sweep and their outcomes, by the index of time. A sweep lasts less than a day. */
async function stepsOf(
  { ledger }: ExplainDependencies,
  sweep: SweepEvent,
  from: Instant,
): Promise<LedgerEvent[]> {
  const start = elapsed(from, sweep.at) > DAY_MS ? plus(sweep.at, -DAY_MS) : from;
  const steps: LedgerEvent[] = [];
  for await (const event of ledger.inBuckets(bucketsBetween(start, sweep.at))) {
    if (event.type.startsWith('step.')) steps.push(event);
  }
  const intents = new Set(
    steps.filter((event) => isOfSweep(event, sweep)).map((event) => placeOf(event, event.seq)),
  );
  return steps
    .filter((event) => intents.has(placeOf(event, intentOf(event) ?? event.seq)))
    .sort((a, b) => compareText(a.at, b.at) || compareText(a.subject, b.subject) || a.seq - b.seq);
}

function isOfSweep(event: LedgerEvent, sweep: SweepEvent): boolean {
  return event.type === 'step.intended' && event.data.sweepId === sweep.data.sweepId;
}

function placeOf({ subject }: LedgerEvent, seq: number): string {
  return `${seq} ${subject}`;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
