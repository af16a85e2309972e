import { haltFor } from '../../domain/account-chains.ts';
import { credentialOfId } from '../../domain/credential.ts';
import type { CredentialHistory } from '../../domain/history.ts';
import type { RotationState } from '../../domain/rotation.ts';
import type { RotationOutcome } from '../../domain/rotation-outcome.ts';
import { subjects } from '../../domain/subject.ts';
import { durationMs, MINUTE_MS, plus } from '../../domain/time.ts';
import { readAnew } from '../append.ts';
import type { SweepContext } from '../context.ts';
import { plainFields } from '../draft.ts';
import type { SweepAction } from '../result.ts';
import { type Run, readHalts, refusalOfRun } from '../run.ts';
import { failRotation } from './fail.ts';
import { stopAfter } from './walk.ts';

/** Whoever walks a rotation records something more often than this, in milliseconds: after it nobody does. */
const ABANDONED_AFTER_MS = 15 * MINUTE_MS;

/** Rotations that the janitor walks itself and that nobody walks any more. */
export function abandonedRotations(
  histories: ReadonlyMap<string, CredentialHistory>,
  now: string,
): readonly { readonly credentialId: string; readonly rotation: RotationState }[] {
  return [...histories].flatMap(([credentialId, { rotation, openIntent, deleted }]) => {
    if (rotation?.state !== 'begun' || rotation.by !== 'janitor') return [];
    if (openIntent !== undefined || deleted !== undefined) return [];
    return plus(rotation.at, ABANDONED_AFTER_MS) <= now ? [{ credentialId, rotation }] : [];
  });
}

/**
 * Takes up a rotation that was interrupted: what was begun is brought to its end, also where no new one may begin, so that
 * no key is left that nobody knows. Not under a halt, and not where the run may not act. Its begin is its intent (I1).
 */
export async function resumeRotation(
  context: SweepContext,
  run: Run,
  { credentialId, rotation }: { readonly credentialId: string; readonly rotation: RotationState },
): Promise<CredentialHistory | undefined> {
  const credential = credentialOfId(credentialId);
  if (credential === undefined || context.rotateKey === undefined) return undefined;
  if (!run.enforce || refusalOfRun(context, run) !== undefined) return undefined;
  await run.lease.keep();
  if (haltFor(await readHalts(context), context.accountId, '') !== undefined) return undefined;
  const { rotationId, secretId } = rotation;
  const { policyHash } = plainFields(context);
  const citing = {
    reason: 'It was interrupted and is brought to its end.',
    ...(policyHash === undefined ? {} : { policyHash }),
  };
  const outcome = await context.rotateKey({ credential, secretId, rotationId, citing });
  const walked = await readAnew(context.record, credentialId);
  await stopAfter(context, credentialId, walked, outcome);
  const history = await unlessOverdue(context, credentialId, walked, outcome);
  await note(context, run, credentialId, outcome);
  return history;
}

/** What is interrupted again and again beyond the time-out has failed: somebody has to look at it. */
async function unlessOverdue(
  context: SweepContext,
  credentialId: string,
  history: CredentialHistory,
  outcome: RotationOutcome,
): Promise<CredentialHistory> {
  const { rotation } = history;
  if (outcome.outcome !== 'interrupted' || rotation === undefined) return history;
  const { timeout } = context.policy.document.rotation;
  if (context.clock.now() < plus(rotation.begunAt, durationMs(timeout))) return history;
  const reason = `it has not finished within ${timeout}: ${outcome.reason}; ${outcome.hint}`;
  return failRotation(context, credentialId, history, { code: 'overdue', reason });
}

async function note(
  context: SweepContext,
  run: Run,
  credentialId: string,
  outcome: RotationOutcome,
): Promise<void> {
  const head = await context.ledger.head(subjects.credential(credentialId));
  if (head === undefined) return;
  run.actions.push({
    credentialId,
    step: 'rotate',
    rule: head.rule ?? '',
    outcome: OUTCOMES[outcome.outcome],
    eventId: head.id,
    reason: outcome.outcome === 'finished' ? 'taken up and finished' : outcome.reason,
  });
}

const OUTCOMES = {
  finished: 'done',
  failed: 'failed',
  refused: 'failed',
  interrupted: 'unconfirmed',
} as const satisfies Readonly<Record<RotationOutcome['outcome'], SweepAction['outcome']>>;
