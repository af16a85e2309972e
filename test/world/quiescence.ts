import { MINUTE_MS } from '../../lib/domain/time.ts';
import { isSweep, rebuildState, replaySweep, verifyLedger } from '../../lib/ledger/index.ts';
import { compilePolicy } from '../../lib/policy/index.ts';
import { policyFromArchive } from '../../lib/policy/policy-from-archive.ts';
import { asking } from './asking.ts';
import { everyIntentSettled } from './invariants/i07-outcomes.ts';
import { actorOf } from './people.ts';
import { smoothSweep } from './perform.ts';
import { ACCOUNTS } from './places.ts';
import { performSweep } from './sweeping.ts';
import type { World } from './world.ts';

/** Ends a lease that a crashed process left behind, with its margin, and the settling time of an open intent. */
const RECOVERY_MS = 20 * MINUTE_MS;

/**
 * No more faults and nobody interferes: one run of the schedule for requests, and one observing sweep of each account that
 * anything was recorded about, mend what was left behind. Says which of them did not finish: they meet no fault, so they should.
 */
export async function recover(world: World): Promise<string[]> {
  const before = world.sweeps.length;
  world.aws.faults.clear();
  world.network.settle();
  for (const id of ACCOUNTS) world.aws.account(id).allow('*');
  world.outbox.refusing.clear();
  await world.network.advance(RECOVERY_MS);
  await asking(world, { kind: 'reconcile' });
  const touched = ACCOUNTS.filter((id) => world.writes.some(({ event }) => event.subject.includes(id)));
  for (const account of touched) {
    await performSweep(world, { ...smoothSweep(account), enforce: false }, async () => {});
  }
  return world.sweeps
    .slice(before)
    .filter((sweep) => sweep.outcome !== 'finished')
    .map((sweep) => `recovery: the sweep of ${sweep.accountId} ended with ${sweep.code}`);
}

/** What can be said of a world once it has recovered: I7 and I10; of an audited one, I19 and what rebuilding does. */
export async function settledViolations(world: World, audited: boolean): Promise<string[]> {
  return [
    ...everyIntentSettled(world.chronicle()),
    ...(await ledgerViolations(world, audited)),
    ...(audited ? await replayViolations(world) : []),
  ];
}

/**
 * I10: state equals the fold of the ledger, chains, manifests and Merkle roots verify. A row may be behind only by what
 * people recorded at the desk when it crashed; guards read chains, and rebuilding mends the row.
 */
async function ledgerViolations(world: World, audited: boolean): Promise<string[]> {
  const context = world.process('desk').recording(world.atHand, actorOf('robot'));
  const verified = await verifyLedger(context);
  const behind = verified.repairable.filter(({ subject, seq }) => !isLeftByDesk(world, subject, seq ?? 0));
  const before = [...verified.problems, ...behind];
  if (verified.repairable.length > 0) await rebuildState(context);
  const after = verified.repairable.length > 0 ? await verifyLedger(context) : verified;
  const rebuilt = audited && before.length === 0 ? await rebuildState(context) : undefined;
  return [
    ...before.map((problem) => `I10: ${problem.code}: ${problem.message}`),
    ...after.repairable.map((problem) => `I10: not mended by rebuilding: ${problem.message}`),
    ...(rebuilt !== undefined && rebuilt.written + rebuilt.removed > 0
      ? [`I10: rebuilding wrote ${rebuilt.written} rows and removed ${rebuilt.removed}`]
      : []),
  ];
}

const AT_THE_DESK = ['hold.placed', 'owner.notice-bounced'];

function isLeftByDesk(world: World, subject: string, seq: number): boolean {
  const tail = world.writes.filter(({ event }) => event.subject === subject && event.seq > seq);
  return tail.every(({ event }) => AT_THE_DESK.includes(event.type));
}

/** I19: the newest sweep, replayed from manifest and archived policy alone, gives the same verdicts. */
async function replayViolations(world: World): Promise<string[]> {
  const context = world.process('desk').recording(world.atHand, actorOf('robot'));
  const sweep = world.writes.map(({ event }) => event).findLast(isSweep);
  if (sweep === undefined) return [];
  const replay = await replaySweep(context, sweep, (text) => compilePolicy(policyFromArchive(text)));
  return replay.differences.map(
    ({ credentialId }) => `I19: ${sweep.data.sweepId} judged ${credentialId} otherwise when replayed`,
  );
}
