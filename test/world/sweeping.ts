import { setImmediate as nextTurn } from 'node:timers/promises';
import { JanitorError } from '../../lib/domain/error.ts';
import { type ArrivingCall, type PlantedFault, ProcessCrash } from '../../lib/embedded-aws/index.ts';
import { type SweepResult, sweepAccount } from '../../lib/sweep/index.ts';
import type { SweepRun } from './chronicle.ts';
import type { Interjection, PlannedFault, Script, SweepCommand } from './command.ts';
import { SMOOTH } from './command.ts';
import { actorOf } from './people.ts';
import { reviewIn } from './service-desk.ts';
import type { World } from './world.ts';

/** Does what happens in the middle of something else. */
export type Interject = (command: Interjection) => Promise<void>;

/** Plants a script for a process; the function returned takes away what did not happen. */
export function plant(world: World, process: string, script: Script, interject: Interject): () => void {
  const seconds = (millis: number) => millis * 1000;
  const at = (each: { nth: number; seconds: number }) => ({
    process,
    nth: each.nth,
    millis: seconds(each.seconds),
  });
  world.network.expect(process, {
    interferences: script.meanwhile.map(({ nth, command }) => ({
      process,
      nth,
      takesTime: command.kind === 'wait',
      run: () => interject(command),
    })),
    slow: script.slow.map(at),
    delays: script.late.map(at),
  });
  const planted: PlantedFault[] = script.faults.map((fault) => world.aws.faults.add(faultOf(process, fault)));
  return () => {
    for (const each of planted) each.remove();
  };
}

/** Operations that leave something behind, at AWS, in a table, in the evidence or in a mailbox. */
export const WRITES = /^(Put|Delete|Update|Tag|Untag|Restore|Deliver)/;
const REREADS = /^(GetAccessKeyLastUsed|DescribeSecret|ListAccessKeys|ListUserTags|GetResourcePolicy|Query)$/;

function faultOf(process: string, { effect, service, calls, nth, times }: PlannedFault) {
  const when =
    calls === 'any'
      ? {}
      : { when: ({ operation }: ArrivingCall) => (calls === 'writes' ? WRITES : REREADS).test(operation) };
  return { match: { process, nth, ...(service === 'any' ? {} : { service }), ...when }, effect, times };
}

/** Runs one sweep and records what came of it. */
export async function performSweep(world: World, command: SweepCommand, interject: Interject): Promise<void> {
  const { name } = world.process(command.by);
  const unplant = plant(world, name, command.script, interject);
  await sweepOnce(world, command, isSmooth(command.script));
  unplant();
  world.network.settle();
  await nextTurn();
}

/** Two sweeps at once by two processes. */
export async function performTwoSweeps(
  world: World,
  commands: readonly [SweepCommand, SweepCommand],
  quotas: readonly number[],
  interject: Interject,
): Promise<void> {
  const [first, second] = commands.map(
    (command, index): SweepCommand => ({ ...command, by: index === 0 ? 'janitor-a' : 'janitor-b' }),
  );
  if (first === undefined || second === undefined) return;
  const names = [first, second].map((command) => world.process(command.by).name);
  const unplant = [first, second].map((command, index) =>
    plant(world, names[index] ?? '', command.script, interject),
  );
  const { turns } = world.network;
  turns.begin(names, quotas);
  await Promise.all(
    [first, second].map((command, index) =>
      sweepOnce(world, command, false).finally(() => turns.end(names[index] ?? '')),
    ),
  );
  for (const each of unplant) each();
  world.network.settle();
  await nextTurn();
}

function isSmooth(script: Script): boolean {
  return script === SMOOTH || Object.values(script).every((part) => part.length === 0);
}

async function sweepOnce(world: World, command: SweepCommand, undisturbed: boolean): Promise<void> {
  const process = world.process(command.by);
  const version = world.atHand;
  const begun = world.stamp();
  const run = {
    since: begun.tick,
    startedAt: begun.at,
    process: process.name,
    accountId: command.account,
    enforce: command.enforce,
    policyHash: version.policy.hash,
    undisturbed,
  };
  const end = (rest: Pick<SweepRun, 'outcome' | 'code' | 'complete' | 'loose'>) =>
    world.sweeps.push({ ...run, ...world.stamp(), ...rest });
  try {
    const context = await process.context(
      command.account,
      version,
      actorOf(command.asAlice ? 'alice' : 'robot'),
    );
    const exceptions = reviewIn(world, context);
    const result = await sweepAccount({ ...context, exceptions }, { enforce: command.enforce });
    end({ outcome: 'finished', complete: result.complete, loose: looseEnds(result) });
  } catch (error) {
    end(thrown(world, process.name, error, 'sweep'));
  }
}

/** What a repetition may still have to do: open outcomes, refused notices, failed steps. */
function looseEnds({ actions }: SweepResult): number {
  const settled = ['done', 'notified'];
  return actions.filter((action) => !settled.includes(action.outcome)).length;
}

/** Names what was thrown. Only our own error family and the injected crash may be (I20). */
export function thrown(
  world: World,
  process: string,
  error: unknown,
  during: string,
): { readonly outcome: 'refused' | 'crashed'; readonly code: string } {
  if (error instanceof ProcessCrash) return { outcome: 'crashed', code: 'crash' };
  if (error instanceof JanitorError) {
    return { outcome: world.aws.faults.isDead(process) ? 'crashed' : 'refused', code: error.code };
  }
  world.strangers.push(
    `${during}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return { outcome: 'refused', code: 'stranger' };
}
