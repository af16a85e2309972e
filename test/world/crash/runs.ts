import { actOnAccounts, allot, decideAccounts, finish, type Invocation, listAccounts } from '../running.ts';
import type { World } from '../world.ts';
import { desk } from './scenario.ts';
import type { Entry, Timetable } from './timetable.ts';

type Step = readonly [
  what: string,
  call: (world: World, invocation: Invocation) => Promise<void>,
  patience?: number,
];

const LIST: Step = ['lists the accounts', listAccounts];
const BEGIN: Step = ['decides until its time is up', decideAccounts, 0];
const DECIDE: Step = ['decides on', decideAccounts];
const ALLOT: Step = ['allots steps', allot];
const ONE_STEP: Step = ['acts until its time is up', actOnAccounts, 1];
const ACT: Step = ['acts on', actOnAccounts];
const FINISH: Step = ['finishes', finish];

/** A run of the workflow: every call is made by a process of its own. */
function run(runId: string, hours: number, steps: readonly Step[]): Entry[] {
  return steps.map(([what, call, patience], index) => {
    const role = `janitor-${runId}-${index}`;
    return {
      name: `the run that ${runId}: ${what}`,
      hours: index === 0 ? hours : 0,
      role,
      endsRun: index === steps.length - 1,
      carryOut: (world) => call(world, { role, runId, ...(patience === undefined ? {} : { patience }) }),
    };
  });
}

const WHOLE = [LIST, BEGIN, DECIDE, ALLOT, ONE_STEP, ACT, FINISH] as const;
const STEPWISE = [LIST, DECIDE, ALLOT, ONE_STEP, ACT, FINISH] as const;

/**
 * The key and the secret walk the same way by runs of the workflow, whose functions stop and are called again. The process
 * of a call dies; the workflow calls again under the same run, patiently while the dead one's lease lasts, and goes on.
 */
export const RUNS: Timetable = {
  entries: [
    desk('the policy is rolled out', 0, { kind: 'roll-out', version: 'loose' }),
    ...run('labels-and-warns', 1, WHOLE),
    ...run('has-nothing-to-do', 12, [LIST, DECIDE, ALLOT, FINISH]),
    ...run('disables', 13, STEPWISE),
    ...run('freezes', 73, [LIST, DECIDE, ALLOT, ACT, FINISH]),
    desk('bob approves the plan', 2, { kind: 'decide', plan: 0, by: 'bob', verdict: 'approve' }),
    ...run('deletes', 1, STEPWISE),
  ],
  afterCrashMs: 0,
  perAttempt: /^(lease|cap)#/,
  again: {
    carryOut: async (world) => {
      for (const entry of run('has-nothing-left', 0, WHOLE)) await entry.carryOut(world);
    },
    mayWrite: /^(lease|sweep|run)#/,
  },
};
