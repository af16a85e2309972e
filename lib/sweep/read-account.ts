import { type Credential, NOT_COVERED } from '../domain/credential.ts';
import { type CredentialHistory, EMPTY_HISTORY } from '../domain/history.ts';
import type { Instant } from '../domain/time.ts';
import type { Finding, Judgement } from '../domain/verdict.ts';
import {
  type Inventory,
  type ReadingPosition,
  type RememberedKeys,
  type Resumption,
  readInventory,
} from '../inventory/index.ts';
import type { ReadingContext } from './context.ts';
import type { AccountSummary, Progress, ReadingOptions } from './result.ts';

/** One credential as read, with what the ledger says of it and what the policy concludes. */
export interface Judged {
  readonly credential: Credential;
  readonly history: CredentialHistory;
  readonly judgement: Judgement;
}

export interface Reading {
  /** The judging instant: one for the whole account, so that a manifest can be replayed (G9). */
  readonly now: Instant;
  readonly histories: ReadonlyMap<string, CredentialHistory>;
  readonly remembered: RememberedKeys;
  readonly full: boolean;
  /** Goes on where another process stopped. */
  readonly resume?: Resumption | undefined;
  /** Called with what was read, before it is judged: brings histories up to date, and facts where that changes much. */
  readonly review?: ((credentials: readonly Credential[]) => Promise<readonly Credential[]>) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A finding whose next step matters to people: reading the key's id is worth a call. Tagging alone is not. */
function isWorthReading(finding: Finding): boolean {
  return finding.matches === 'yes' && finding.step !== undefined && finding.step !== 'tag';
}

/** A step resting on disuse is due: the newest evidence is worth a call before anybody is told or cut. */
function needsConfirmation(finding: Finding, now: Instant): boolean {
  if (
    !finding.restsOnDisuse ||
    finding.matches !== 'yes' ||
    finding.held.some((hold) => hold.code !== 'id-not-read')
  ) {
    return false;
  }
  return finding.due !== undefined && finding.due <= now;
}

/** A piece of the reading, judged. */
export interface JudgedPiece {
  readonly judged: readonly Judged[];
  readonly position: ReadingPosition;
}

/** Reads and judges an account as one stream; `inventory` has a summary once the stream has ended. */
export function readAccount(
  context: ReadingContext,
  reading: Reading,
): { readonly pieces: () => AsyncGenerator<JudgedPiece>; readonly inventory: Inventory } {
  const historyOf = (credential: Credential) => reading.histories.get(credential.id) ?? EMPTY_HISTORY;
  const judgeNow = (credential: Credential) =>
    context.judge({ credential, history: historyOf(credential), now: reading.now });
  const inventory = readInventory({
    clients: context.clients,
    accountId: context.accountId,
    partition: context.partition,
    clock: context.clock,
    pause: context.pause,
    ...(context.policy.document.inventory.regions === undefined
      ? {}
      : { regions: context.policy.document.inventory.regions }),
    ...(reading.resume === undefined ? {} : { resume: reading.resume }),
    remembered: reading.remembered,
    readAllKeyIds: reading.full,
    worthReading: (credentials) => credentials.some((c) => judgeNow(c).findings.some(isWorthReading)),
    restsOnDisuse: (credential) =>
      judgeNow(credential).findings.some((f) => needsConfirmation(f, reading.now)),
  });
  async function* pieces(): AsyncGenerator<JudgedPiece> {
    let done = 0;
    for await (const { credentials, position } of inventory.pieces()) {
      const reviewed = (await reading.review?.(credentials)) ?? credentials;
      const judged = reviewed.map((credential) => ({
        credential,
        history: historyOf(credential),
        judgement: judgeNow(credential),
      }));
      yield { judged, position };
      if (Math.floor((done + judged.length) / 100) > Math.floor(done / 100))
        reading.onProgress?.({ phase: 'judging', done: done + judged.length });
      done += judged.length;
    }
  }
  return { pieces, inventory };
}

/** Counts what a reading came to, for summaries and manifests. */
export class Tally {
  readonly outcomes: Record<string, number> = { keep: 0, act: 0, hold: 0, unknown: 0 };
  readonly ofKind: Record<string, number> = {};
  credentials = 0;

  add({ credential, judgement }: Judged): void {
    this.credentials += 1;
    this.outcomes[judgement.verdict.outcome] = (this.outcomes[judgement.verdict.outcome] ?? 0) + 1;
    this.ofKind[credential.kind] = (this.ofKind[credential.kind] ?? 0) + 1;
  }
}

export function summarise(
  context: ReadingContext,
  reading: Reading,
  inventory: Inventory,
  tally: Tally,
  earlierCalls: Readonly<Record<string, number>> = {},
): AccountSummary {
  const { complete, problems, notes, notCovered, regions } = inventory.summary();
  return {
    accountId: context.accountId,
    generatedAt: reading.now,
    policyHash: context.policy.hash,
    complete,
    problems,
    notes,
    notCovered: [...notCovered, ...NOT_COVERED],
    regions,
    calls: sum(earlierCalls, context.clients.recorder.counts()),
    outcomes: tally.outcomes,
    credentials: tally.credentials,
  };
}

/** Calls by operation, of two processes together. */
export function sum(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const total: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) total[name] = (total[name] ?? 0) + count;
  return total;
}

/** `scan`: reads and judges, records nothing and changes nothing. */
export async function scanAccount(context: ReadingContext, options: ReadingOptions): Promise<AccountSummary> {
  const reading: Reading = {
    now: context.clock.now(),
    histories: new Map(),
    remembered: new Map(),
    full: options.full ?? false,
    onProgress: options.onProgress,
  };
  const { pieces, inventory } = readAccount(context, reading);
  const tally = new Tally();
  for await (const { judged } of pieces()) {
    for (const one of judged) {
      tally.add(one);
      await options.onJudged?.({ credential: one.credential, judgement: one.judgement });
    }
  }
  return summarise(context, reading, inventory, tally);
}
