import { prepareChange } from '../actions/index.ts';
import { credentialOfId } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import type { CredentialHistory } from '../domain/history.ts';
import { type Hold, type HoldRef, sameRef } from '../domain/hold.ts';
import { durationMs, type Instant, MINUTE_MS, plus } from '../domain/time.ts';
import { recordDeciding } from './append.ts';
import { refuseRestoring } from './authority.ts';
import { abandon, attempt, type ChangeOutcome } from './change.ts';
import type { SweepContext } from './context.ts';
import { plainFields } from './draft.ts';
import { placeHold } from './hold.ts';
import { reconcile } from './reconcile.ts';

interface Restored {
  /** What was undone, newest first as it happened. */
  readonly changes: readonly {
    readonly change: 'enable' | 'undelete';
    readonly outcome: ChangeOutcome['outcome'];
    readonly eventId: string;
    readonly reason: string;
  }[];
  /** What could not or need not be undone, and why. */
  readonly left: readonly { readonly code: string; readonly reason: string }[];
  /** The janitor leaves the credential alone until then. */
  readonly holdUntil: Instant;
}

interface RestoreOrder {
  readonly reason: string;
  /** The approved request to restore it, which stands in for the word of whoever may restore by themselves. */
  readonly requestId?: string;
}

/**
 * Undoes exactly what the janitor did to a credential and nothing its owner changed since (G12, I8), and holds it
 * back from further steps for the policy's `restoreHold`. The hold comes first, recorded and projected, so that no
 * sweep acts meanwhile and the next one looks after whatever a crash here leaves open. An act that was intended before
 * the hold is waited for (I21): the hold stands, and the caller comes again. By request, it converges when repeated.
 * @throws JanitorError `nothing-to-restore`, `act-under-way`; with source `policy`: `acting-refused`, `may-not-restore`.
 */
export async function restoreCredential(
  context: SweepContext,
  credentialId: string,
  { reason, requestId }: RestoreOrder,
): Promise<Restored> {
  if (context.acting === undefined) {
    throw new JanitorError('restoring changes the account and is refused from here', {
      code: 'acting-refused',
      source: 'policy',
      hint: 'The command line changes embedded and loopback endpoints only; a real account is changed by the deployed service.',
    });
  }
  if (requestId === undefined) await refuseRestoring(context, credentialId);
  let history = await settled(context, credentialId, await context.record.read(credentialId));
  const ref = requestId === undefined ? undefined : ({ kind: 'request', id: requestId } as const);
  const standing = history.holds.find((hold) => sameRef(hold.ref, ref));
  if (history.deleted === undefined && history.quarantine === undefined) {
    if (standing === undefined) throw nothingToRestore(credentialId);
    return { changes: [], left: [], holdUntil: standing.until };
  }
  const holdUntil = await holdBack(context, credentialId, reason, { ref, standing });
  await context.record.catchUp();
  history = await settled(context, credentialId, await context.record.read(credentialId));

  const changes: Restored['changes'][number][] = [];
  const left: Restored['left'][number][] = [];
  for (const change of ['undelete', 'enable'] as const) {
    const undone = await undo(context, credentialId, history, change, reason);
    if (undone === undefined) continue;
    if ('code' in undone) {
      left.push(undone);
      break;
    }
    history = undone.history;
    changes.push({ change, outcome: undone.outcome, eventId: undone.event.id, reason: undone.reason });
    if (undone.outcome !== 'done') break;
  }
  return { changes, left, holdUntil };
}

/** One hold a request, however often it is carried out. */
async function holdBack(
  context: SweepContext,
  credentialId: string,
  reason: string,
  { ref, standing }: { readonly ref: HoldRef | undefined; readonly standing: Hold | undefined },
): Promise<Instant> {
  const { clock, policy } = context;
  const until = standing?.until ?? plus(clock.now(), durationMs(policy.document.restoreHold));
  const hold = { kind: 'restored', reason, until } as const;
  await placeHold(context, credentialId, ref === undefined ? hold : { ...hold, ref });
  return until;
}

/** A restore does not race with an act, whose outcome it would keep from being recorded: the act is settled first, or the caller comes again. */
async function settled(
  context: SweepContext,
  credentialId: string,
  history: CredentialHistory,
): Promise<CredentialHistory> {
  if (history.openIntent === undefined) return history;
  const result = await reconcile(context, credentialId, history);
  if (result.history.openIntent === undefined) return result.history;
  throw new JanitorError(
    `an act on ${credentialId} was begun at ${history.openIntent.at} and is not settled yet`,
    {
      code: 'act-under-way',
      source: 'system',
      hint: 'Try again in a few minutes.',
    },
  );
}

async function undo(
  context: SweepContext,
  credentialId: string,
  history: CredentialHistory,
  change: 'enable' | 'undelete',
  reason: string,
): Promise<ChangeOutcome | { readonly code: string; readonly reason: string } | undefined> {
  const credential = credentialOfId(credentialId);
  const done = change === 'undelete' ? history.deleted : history.quarantine;
  if (done === undefined || credential === undefined || context.acting === undefined) return undefined;
  const acting = await context.acting(change, credential);
  if (!acting.ok) return acting;
  const prepared = await prepareChange(
    acting.clients,
    change === 'undelete'
      ? { change, credential, deletion: done.scope }
      : { change, credential, quarantine: done.scope },
  );
  if (!prepared.ok) {
    if (change === 'enable' && UNDONE.includes(prepared.code))
      await endQuarantine(context, credentialId, history, prepared.reason);
    return { code: prepared.code, reason: prepared.reason };
  }
  const actBefore = plus(context.clock.now(), MINUTE_MS);
  const intent = await context.record.append(credentialId, history, {
    ...plainFields(context),
    type: 'step.intended',
    scope: prepared.scope,
    reason,
    justification: reason,
    expiresAt: actBefore,
    data: { change, tier: 'routine', actBefore },
  });
  if (!intent.ok)
    return {
      code: 'changed-meanwhile',
      reason: 'its chain gained an event meanwhile; run the command again',
    };
  const open = { credentialId, change, scope: prepared.scope, intent: intent.event };
  if (context.clock.now() < actBefore) return attempt(context, acting.clients, open, intent.history);
  return abandon(context, open, intent.history, {
    code: 'too-late',
    reason: `the intent was only good until ${actBefore}; run the command again`,
  });
}

/** Refusals that say: the credential is not as we left it, so our quarantine is over already. */
const UNDONE: readonly string[] = ['nothing-to-undo', 'changed-since'];

async function endQuarantine(
  context: SweepContext,
  credentialId: string,
  history: CredentialHistory,
  reason: string,
) {
  await recordDeciding(context.record, credentialId, history, (current) =>
    current.quarantine === undefined
      ? undefined
      : { ...plainFields(context), type: 'quarantine.ended', reason, data: {} },
  );
}

function nothingToRestore(credentialId: string): JanitorError {
  return new JanitorError(`the janitor has nothing to undo on ${credentialId}`, {
    code: 'nothing-to-restore',
    source: 'user',
    hint: `janitor explain ${credentialId} shows what was done to it; a deleted access key cannot come back.`,
  });
}
