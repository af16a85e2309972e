import { JanitorError } from '../domain/error.ts';
import { evidenceReferenceSchema } from '../domain/event.ts';
import { STEP_KINDS } from '../domain/step.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { readingPositionSchema } from '../inventory/index.ts';
import { type EvidenceStore, readText } from '../ledger/index.ts';

const SCHEMA_VERSION = 1;

const actionSchema = z.lazy(() =>
  z.strictObject({
    credentialId: z.string(),
    step: z.enum(STEP_KINDS),
    rule: z.string(),
    outcome: z.enum(['done', 'failed', 'abandoned', 'unconfirmed', 'notified', 'notice-refused']),
    eventId: z.string(),
    reason: z.string(),
  }),
);

/** A sweep between two processes: where it stands, and the parts of what it has learnt so far. */
export const pausedSweepSchema = z.lazy(() =>
  z.strictObject({
    schemaVersion: z.literal(SCHEMA_VERSION),
    sweepId: z.string().check(z.minLength(1)),
    /** The judging instant. */
    at: instantSchema,
    policyHash: z.string(),
    enforce: z.boolean(),
    full: z.boolean(),
    fullReadAt: z.nullable(instantSchema),
    /** reading: goes on at `position`. acting: all is read. */
    phase: z.enum(['reading', 'acting']),
    position: readingPositionSchema,
    /** Of the manifest, in order. */
    parts: z.array(evidenceReferenceSchema),
    /** Credentials as they are since steps of this sweep; the later one counts. */
    changed: z.array(evidenceReferenceSchema),
    calls: z.record(z.string(), z.int().check(z.nonnegative())),
    reconciled: z.int().check(z.nonnegative()),
    actions: z.array(actionSchema),
  }),
);
export type PausedSweep = z.infer<typeof pausedSweepSchema>;

/** Where a sweep of several processes keeps what it has until it is finished. */
export interface SweepWorkspace {
  readonly store: EvidenceStore;
  /** Sweeps of one account with the same run are one sweep. */
  readonly runId: string;
}

/** How often a sweep may pause: some sixty hours of Lambda time. */
const PAUSES_AT_MOST = 256;

function pauseKey({ runId }: SweepWorkspace, accountId: string, index: number): string {
  return `sweeps/${accountId}/${runId}/pause-${String(index).padStart(3, '0')}.json`;
}

export function partKey({ runId }: SweepWorkspace, accountId: string, id: string): string {
  return `sweeps/${accountId}/${runId}/part-${id}.jsonl.gz`;
}

export interface Pauses {
  /** The newest one. */
  readonly paused: PausedSweep | undefined;
  /** How many there are. */
  readonly count: number;
}

/** Throws `paused-sweep-broken` when what was kept is not what a sweep keeps. */
export async function readPauses(workspace: SweepWorkspace, accountId: string): Promise<Pauses> {
  let newest: string | undefined;
  for (let count = 0; count < PAUSES_AT_MOST; count += 1) {
    const text = await readText(workspace.store, pauseKey(workspace, accountId, count + 1));
    if (text === undefined) return { paused: newest === undefined ? undefined : parsed(newest), count };
    newest = text;
  }
  throw new JanitorError(
    `the sweep ${workspace.runId} of account ${accountId} paused ${PAUSES_AT_MOST} times`,
    {
      code: 'sweep-endless',
      source: 'system',
      hint: 'It makes no headway: look at its log, and give its function more time.',
    },
  );
}

export async function writePause(
  workspace: SweepWorkspace,
  accountId: string,
  index: number,
  paused: PausedSweep,
): Promise<void> {
  const text = JSON.stringify(pausedSweepSchema.parse(paused));
  await workspace.store.put(pauseKey(workspace, accountId, index), Buffer.from(text, 'utf8'));
}

function parsed(text: string): PausedSweep {
  const result = pausedSweepSchema.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  throw new JanitorError(`a paused sweep cannot be taken up: ${z.prettifyError(result.error)}`, {
    code: 'paused-sweep-broken',
    source: 'system',
    hint: 'It was kept by another version of the program. Start a new run.',
  });
}
