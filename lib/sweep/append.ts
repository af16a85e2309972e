import { JanitorError } from '../domain/error.ts';
import type { EventDraft, LedgerEvent } from '../domain/event.ts';
import type { CredentialHistory } from '../domain/history.ts';
import { subjects } from '../domain/subject.ts';
import type { CredentialRecord, DynamoDecisionLedger } from '../ledger/index.ts';

/** How often a decision is taken again after somebody else appended first. */
const ATTEMPTS = 20;

/**
 * Appends what `decide` draws from the chain as it is; on a lost race the chain is read and decided anew.
 * `decide` returns undefined when there is nothing (left) to record. `window` limits what is read to the newest
 * events, for chains that grow with every sweep; `decide` sees them oldest first.
 */
export async function appendDeciding(
  ledger: DynamoDecisionLedger,
  subject: string,
  decide: (events: readonly LedgerEvent[]) => EventDraft | undefined,
  options: { readonly window?: number } = {},
): Promise<LedgerEvent | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const events =
      options.window === undefined
        ? await ledger.chain(subject)
        : (await ledger.newest(subject, options.window)).toReversed();
    const draft = decide(events);
    if (draft === undefined) return undefined;
    const appended = await ledger.append(subject, events.at(-1) ?? null, draft);
    if (appended.ok) return appended.event;
  }
  throw contended(subject);
}

/** The same for a credential's chain, starting from a history that may be behind. */
export async function recordDeciding(
  record: CredentialRecord,
  credentialId: string,
  known: CredentialHistory,
  decide: (history: CredentialHistory) => EventDraft | undefined,
): Promise<{ readonly history: CredentialHistory; readonly event?: LedgerEvent }> {
  let history = known;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const draft = decide(history);
    if (draft === undefined) return { history };
    const appended = await record.append(credentialId, history, draft);
    if (appended.ok) return { history: appended.history, event: appended.event };
    history = await readAnew(record, credentialId);
  }
  throw contended(credentialId);
}

/** The chain as it is, after a lost race; brings the projection up to it, in case a crash left it behind. */
export async function readAnew(record: CredentialRecord, credentialId: string): Promise<CredentialHistory> {
  await record.reproject([subjects.credential(credentialId)]);
  return record.read(credentialId);
}

function contended(subject: string): JanitorError {
  return new JanitorError(`${subject} is being written by others all the time`, {
    code: 'ledger-contended',
    source: 'system',
    hint: 'Run the command again; if it persists, look for a second janitor on the same ledger.',
  });
}
