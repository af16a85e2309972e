import { haltFor } from '../../domain/account-chains.ts';
import { actorLabel } from '../../domain/actor.ts';
import { ASKED_FOR } from '../../domain/asked-for.ts';
import { JanitorError } from '../../domain/error.ts';
import { readRotationsStopped } from '../rotation/stop.ts';
import { readActiveHash, readHalts } from '../run.ts';
import type { PlanningContext } from './ordering-context.ts';

/**
 * Reads, strongly, what keeps any rotation from beginning in this account now. Throws with source `policy`:
 * `observe-only`, `policy-not-activated`, `halted`, `rotations-stopped`.
 */
export async function refuseStopped(context: PlanningContext): Promise<void> {
  const { accountId, policy } = context;
  if (policy.document.mode === 'observe') {
    throw refused('observe-only', 'the policy only observes: nothing is rotated', {
      hint: 'Set mode: enforce in janitor.yaml and activate that version; enforce: may stay empty.',
    });
  }
  const [active, halts, stopped] = await Promise.all([
    readActiveHash(context),
    readHalts(context),
    readRotationsStopped(context, accountId),
  ]);
  if (active !== policy.hash) {
    throw refused('policy-not-activated', 'this version of the policy has not been activated', {
      hint: 'Who receives a new key stands in the activated policy alone: janitor policy activate',
    });
  }
  const halt = haltFor(halts, accountId, ASKED_FOR);
  if (halt !== undefined) {
    const since = `since ${halt.at}: ${halt.reason}`;
    throw refused('halted', `${halt.target} is halted by ${actorLabel(halt.by)} ${since}`, {
      hint: 'Another person lifts a halt: janitor resume',
    });
  }
  if (stopped === undefined) return;
  const { rotationId, code } = stopped.data;
  throw refused(
    'rotations-stopped',
    `no rotation begins in account ${accountId} since ${stopped.at}, because rotation ${rotationId} failed (${code})`,
    { hint: `Look at it (janitor explain rotations#${accountId}), mend it, then ${howToAllow(accountId)}` },
  );
}

export function howToAllow(accountId: string): string {
  return `janitor resume --rotations --account ${accountId} --reason ...`;
}

function refused(code: string, message: string, { hint }: { readonly hint: string }): JanitorError {
  return new JanitorError(message, { code, source: 'policy', hint });
}
