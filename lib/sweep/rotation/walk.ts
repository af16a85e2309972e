import { drivenRotationOf } from '../../actions/index.ts';
import type { EventDraft } from '../../domain/event.ts';
import type { CredentialHistory } from '../../domain/history.ts';
import type { RotationOutcome } from '../../domain/rotation-outcome.ts';
import { readAnew } from '../append.ts';
import type { Candidate } from '../candidate.ts';
import { type ChangeOutcome, type OpenChange, settle } from '../change.ts';
import type { ActingContext } from '../context.ts';
import { plainFields, recordable, ruleFields } from '../draft.ts';
import { recordBlocked } from './block.ts';
import { stopRotations } from './stop.ts';

/**
 * Walks the steps of a rotation that was just intended. The step is done once the rotation has begun: what interrupts it
 * later is taken up by the next sweep, from the chain (I7).
 */
export async function walk(
  context: ActingContext,
  candidate: Candidate,
  open: OpenChange,
): Promise<ChangeOutcome> {
  const driven = drivenRotationOf(open.scope);
  const { credential, finding } = candidate;
  if (driven === undefined || context.rotateKey === undefined) throw new TypeError('no rotation to walk');
  const { at: _now, actor: _self, ...citing } = ruleFields(context, finding);
  const { approvals } = open.intent;
  const outcome = await context.rotateKey({
    ...driven,
    credential,
    citing: {
      ...citing,
      reason: finding.reasons.map(recordable).join('; '),
      ...(approvals === undefined ? {} : { approvals }),
    },
  });
  const history = await readAnew(context.record, credential.id);
  const settled = await settle(context, open, history, ...outcomeOf(context, open, outcome, history));
  if (outcome.outcome === 'refused' && outcome.source !== 'system') {
    const reason = `${outcome.reason}; ${outcome.hint}`;
    const blocked = await recordBlocked(context, credential.id, settled.history, finding, {
      ...outcome,
      reason,
    });
    return { ...settled, history: blocked };
  }
  await stopAfter(context, credential.id, settled.history, outcome);
  return settled;
}

function outcomeOf(
  context: ActingContext,
  { change, intent }: OpenChange,
  outcome: RotationOutcome,
  { rotation }: CredentialHistory,
): readonly ['done' | 'failed', EventDraft] {
  const { rotationId, secretId } = outcome;
  const result = { change, intent: intent.seq };
  if (outcome.outcome === 'finished') {
    const observed = { secretId, accessKeyId: outcome.accessKeyId };
    return [
      'done',
      done(context, 'The new key was proven to work and is the current one.', { ...result, observed }),
    ];
  }
  if (outcome.outcome === 'interrupted' && rotation?.rotationId === rotationId) {
    const reason = `Begun and interrupted (${outcome.code}): ${outcome.reason}; the next sweep takes it up.`;
    return ['done', done(context, reason, { ...result, observed: { secretId, rotationId } })];
  }
  const { code, reason, hint } = outcome;
  return [
    'failed',
    {
      ...plainFields(context),
      type: 'step.failed',
      reason: hint === '' ? reason : `${reason}; ${hint}`,
      data: { ...result, code },
    },
  ];
}

function done(
  context: ActingContext,
  reason: string,
  data: Pick<Extract<EventDraft, { type: 'step.done' }>['data'], 'change' | 'intent' | 'observed'>,
): EventDraft {
  return { ...plainFields(context), type: 'step.done', reason, data: { ...data, reconciled: false } };
}

/** A rotation that failed stops those of the account. */
export async function stopAfter(
  context: ActingContext,
  credentialId: string,
  { rotation }: CredentialHistory,
  outcome: RotationOutcome,
): Promise<void> {
  if (outcome.outcome !== 'failed' || rotation === undefined) return;
  const reason = `${outcome.reason}; ${outcome.hint}`;
  await stopRotations(context, { accountId: context.accountId, credentialId }, rotation, reason);
}
