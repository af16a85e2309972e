import { type ActingClients, performChange, readBackChange } from '../actions/index.ts';
import { messageOf } from '../domain/error.ts';
import type { EventDraft, LedgerEvent, Scope } from '../domain/event.ts';
import type { ChangeKind } from '../domain/event-data.ts';
import type { CredentialHistory } from '../domain/history.ts';
import type { Refusal } from '../domain/verdict.ts';
import { recordDeciding } from './append.ts';
import type { ActingContext } from './context.ts';
import { plainFields, recordable } from './draft.ts';

/** Time-out of the one attempt, in milliseconds. */
const ATTEMPT_TIMEOUT_MS = 20_000;
/** Waits before each look at AWS after an act, in milliseconds: IAM is eventually consistent. */
const READ_BACK_PAUSES_MS = [0, 1_000, 2_000, 4_000];

/** A change between its intent and its outcome. */
export interface OpenChange {
  readonly credentialId: string;
  readonly change: ChangeKind;
  readonly scope: Scope;
  readonly intent: LedgerEvent;
}

export interface ChangeOutcome {
  /** done; failed (AWS refused); abandoned (a guard said no); unconfirmed (effect not seen yet, the intent stays open). */
  readonly outcome: 'done' | 'failed' | 'abandoned' | 'unconfirmed';
  readonly event: LedgerEvent;
  readonly history: CredentialHistory;
  readonly reason: string;
}

/** Acts once, looks at AWS, records the outcome. The intent must be the open one of the credential's chain. */
export async function attempt(
  context: ActingContext,
  acting: ActingClients,
  open: OpenChange,
  history: CredentialHistory,
): Promise<ChangeOutcome> {
  const answer = await performChange(acting, open.scope, { requestTimeoutMs: ATTEMPT_TIMEOUT_MS });
  if (answer.outcome === 'rejected') {
    return settle(context, open, history, 'failed', {
      ...plainFields(context),
      type: 'step.failed',
      reason: `AWS refused (${answer.code}): ${answer.reason}`,
      requestIds: [...answer.requestIds],
      data: { change: open.change, intent: open.intent.seq, code: answer.code },
    });
  }
  const seen = await lookPatiently(context, open.scope);
  if (seen.state !== 'applied') {
    const why = answer.outcome === 'accepted' ? 'AWS accepted it but it is not visible yet' : answer.reason;
    return {
      outcome: 'unconfirmed',
      event: open.intent,
      history,
      reason: `${why}; the next sweep looks again`,
    };
  }
  const accepted = answer.outcome === 'accepted' ? answer : undefined;
  const recoverableUntil = seen.recoverableUntil ?? accepted?.recoverableUntil;
  return settle(context, open, history, 'done', {
    ...plainFields(context),
    type: 'step.done',
    reason: accepted === undefined ? 'The answer was lost; AWS shows it done.' : 'Done and verified.',
    requestIds: [...(accepted?.requestIds ?? [])],
    data: {
      change: open.change,
      intent: open.intent.seq,
      reconciled: accepted === undefined,
      observed: seen.observed,
      ...(recoverableUntil === undefined ? {} : { recoverableUntil }),
    },
  });
}

export type Seen = Awaited<ReturnType<typeof readBackChange>>;

/** What AWS shows of a change now; an error is `unreadable`, never a guess. */
export async function look(context: ActingContext, scope: Scope): Promise<Seen> {
  try {
    return await readBackChange(context.clients, scope);
  } catch (error) {
    return { state: 'unreadable', observed: { error: messageOf(error) } };
  }
}

async function lookPatiently(context: ActingContext, scope: Scope): Promise<Seen> {
  let seen = await look(context, scope);
  for (const wait of READ_BACK_PAUSES_MS.slice(1)) {
    if (seen.state === 'applied') return seen;
    await context.pause(wait);
    seen = await look(context, scope);
  }
  return seen;
}

/** Records that a guard said no after the intent. */
export function abandon(
  context: ActingContext,
  open: OpenChange,
  history: CredentialHistory,
  refusal: Refusal,
): Promise<ChangeOutcome> {
  return settle(context, open, history, 'abandoned', {
    ...plainFields(context),
    type: 'step.abandoned',
    reason: refusal.reason,
    data: { change: open.change, intent: open.intent.seq, guard: refusal.code },
  });
}

/** Records the outcome of an open intent, whatever was appended to the chain after it (I7). */
export async function settle(
  context: ActingContext,
  open: OpenChange,
  history: CredentialHistory,
  outcome: 'done' | 'failed' | 'abandoned',
  draft: EventDraft,
): Promise<ChangeOutcome> {
  const { rule, ruleHash, controls } = open.intent;
  const result = await recordDeciding(context.record, open.credentialId, history, (h) =>
    h.openIntent?.seq === open.intent.seq
      ? {
          ...draft,
          ...(draft.reason === undefined ? {} : { reason: recordable(draft.reason) }),
          ...(rule === undefined ? {} : { rule }),
          ...(ruleHash === undefined ? {} : { ruleHash }),
          ...(controls === undefined ? {} : { controls }),
        }
      : undefined,
  );
  return {
    outcome,
    event: result.event ?? open.intent,
    history: result.history,
    reason: draft.reason ?? outcome,
  };
}
