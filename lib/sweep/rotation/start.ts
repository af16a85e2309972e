import { type ActingClients, drivenRotationOf } from '../../actions/index.ts';
import type { CredentialHistory } from '../../domain/history.ts';
import { NOT_STARTED } from '../../domain/rotation.ts';
import { recordDeciding } from '../append.ts';
import type { Candidate } from '../candidate.ts';
import { attempt, type ChangeOutcome, type OpenChange } from '../change.ts';
import type { ActingContext } from '../context.ts';
import { ruleFields } from '../draft.ts';
import { failRotation } from './fail.ts';
import { walk } from './walk.ts';

/**
 * Starts a rotation, as the intent says: by the janitor's own walk, or by asking Secrets Manager once. Its begin is
 * durable before anything is asked for, so that it is watched whatever crashes (I1, I7).
 */
export async function startRotation(
  context: ActingContext,
  acting: ActingClients,
  candidate: Candidate,
  open: OpenChange,
  history: CredentialHistory,
): Promise<ChangeOutcome> {
  if (drivenRotationOf(open.scope) !== undefined) return walk(context, candidate, open);
  const begun = await recordBegun(context, candidate, open, history);
  const outcome = await attempt(context, acting, open, begun);
  return outcome.outcome === 'failed' ? refusedByAws(context, open, outcome) : outcome;
}

async function recordBegun(
  context: ActingContext,
  { finding, credential, rotation }: Candidate,
  { scope }: OpenChange,
  history: CredentialHistory,
): Promise<CredentialHistory> {
  const rotationId = rotation?.rotationId ?? '';
  const recorded = await recordDeciding(context.record, credential.id, history, (current) =>
    current.rotation?.rotationId === rotationId
      ? undefined
      : {
          ...ruleFields(context, finding),
          type: 'rotation.begun',
          data: { rotationId, trigger: 'step', by: 'secrets-manager', secretId: scope.resource },
        },
  );
  return recorded.history;
}

/** AWS throttles for a moment only: such a rotation begins anew by itself. */
const PASSING = /^(Throttl|TooManyRequests|RequestLimitExceeded)/;

/** Nothing was started, and what AWS refused once it refuses again: somebody has to mend it. */
async function refusedByAws(
  context: ActingContext,
  { credentialId }: OpenChange,
  outcome: ChangeOutcome,
): Promise<ChangeOutcome> {
  const refused = outcome.event.type === 'step.failed' ? outcome.event.data.code : 'unknown';
  const code = PASSING.test(refused) ? NOT_STARTED : refused;
  const { reason } = outcome;
  const history = await failRotation(context, credentialId, outcome.history, { code, reason });
  return { ...outcome, history };
}
