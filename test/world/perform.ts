import { HOUR_MS, MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { asking, askingAtOnce, askingInTrouble } from './asking.ts';
import type { Command, Interjection, SweepCommand } from './command.ts';
import { DENIED_READS, SMOOTH } from './command.ts';
import { OUR_SID, ownersDeed, statementsOf } from './deeds.ts';
import { activate, approveAll, bounce, decide, halt, hold, restore, resume, rollOut } from './errands.ts';
import { ACCOUNTS, type AccountId, REGION } from './places.ts';
import { performSweep, performTwoSweeps } from './sweeping.ts';
import { truthOf } from './truth.ts';
import type { World } from './world.ts';

/** Lets one thing happen in the world. */
export async function perform(world: World, command: Command): Promise<void> {
  const interject = (each: Interjection) => happen(world, each);
  switch (command.kind) {
    case 'sweep':
      return performSweep(world, command, interject);
    case 'later-sweep':
      await world.network.advance(command.hours * HOUR_MS);
      if (command.approve) await approveAll(world);
      return performSweep(world, command.sweep, interject);
    case 'sweep-twice':
      await performSweep(world, smoothSweep(command.account), interject);
      return performSweep(world, smoothSweep(command.account), interject);
    case 'two-sweeps':
      return performTwoSweeps(world, [command.first, command.second], command.turns, interject);
    case 'restore':
      return restore(world, command, interject);
    case 'approve-all':
      return approveAll(world);
    case 'troubled':
      return askingInTrouble(world, command, interject);
    case 'at-once':
      return askingAtOnce(world, command);
    default:
      return happen(world, command);
  }
}

export function smoothSweep(account: AccountId): SweepCommand {
  return { kind: 'sweep', by: 'janitor-a', asAlice: false, account, enforce: true, script: SMOOTH };
}

async function happen(world: World, command: Interjection): Promise<void> {
  // Two sweeps with anything between them are no repetition, whatever it was.
  world.stamp();
  switch (command.kind) {
    case 'wait':
      return world.network.advance(command.minutes * MINUTE_MS);
    case 'use':
      return use(world, command.credential);
    case 'own':
      return ownersDeed(world, command.credential, command.deed);
    case 'hold':
      return hold(world, command);
    case 'halt':
      return halt(world, command);
    case 'resume':
      return resume(world, command);
    case 'roll-out':
      return rollOut(world, command);
    case 'decide':
      return decide(world, command);
    case 'take-up':
      return world.takeUp(command.version);
    case 'activate':
      return activate(world, command);
    case 'bounce':
      return bounce(world, command);
    case 'mailbox':
      if (command.refuses) world.outbox.refusing.add(command.of);
      else world.outbox.refusing.delete(command.of);
      return;
    case 'deny':
      for (const id of ACCOUNTS) world.aws.account(id).deny('*', DENIED_READS[command.reads] ?? []);
      return;
    case 'allow':
      for (const id of ACCOUNTS) world.aws.account(id).allow('*');
      return;
    default:
      return asking(world, command);
  }
}

/** A program uses a credential, if AWS lets it. */
async function use(world: World, index: number): Promise<void> {
  const credential = world.pick(index);
  if (credential === undefined) return;
  const { status, deleted, policy } = truthOf(world.changes, credential);
  const denied = statementsOf(policy).some((each) => each.Sid === OUR_SID);
  if (status !== 'Active' || deleted || denied) return;
  const account = world.aws.account(credential.accountId);
  if (credential.kind === 'access-key') account.recordUse(credential.name);
  else account.accessSecret(REGION, credential.id);
  const stamp = world.stamp();
  const visibleAt = plus(stamp.at, world.options.lastUsedLagMs ?? 0);
  world.uses.push({ ...stamp, credentialId: credential.id, visibleAt });
}
