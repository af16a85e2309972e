import { JanitorError } from '../../lib/domain/error.ts';
import { MINUTE_MS } from '../../lib/domain/time.ts';
import * as z from '../../lib/domain/zod.ts';
import { allotSteps, finishRun, memberSchema, type SweepContext, startRun } from '../../lib/sweep/index.ts';
import type { Execution } from './execution.ts';
import { handleAct, handleDecide } from './handlers.ts';
import type { JanitorProcess } from './janitor-process.ts';
import { MemoryEvidence } from './memory-evidence.ts';
import { actorOf } from './people.ts';
import { MAIN, SIDE } from './places.ts';
import { reviewIn } from './service-desk.ts';
import { thrown } from './sweeping.ts';
import type { World } from './world.ts';

const BEGUN: Execution = { decided: {}, acted: {}, isFinished: false };

/** A function of the workflow, called by a role's process about a run. */
export interface Invocation {
  readonly role: string;
  readonly runId: string;
  /** How often a call says that it has time left before it says that it has none; default always. */
  readonly patience?: number;
}

/** An organisation of one account to sweep and one that is suspended. */
const ORGANISATION = [
  { accountId: MAIN, state: 'ACTIVE' },
  { accountId: SIDE, state: 'SUSPENDED' },
];

/** ListAccounts. */
export async function listAccounts(world: World, { role, runId }: Invocation): Promise<void> {
  if (known(world, runId).accounts !== undefined) return;
  await call(world, role, async (process) => {
    const request = { runId, trigger: 'person' as const, enforce: true, accounts: ORGANISATION };
    const started = await startRun(hub(world, process), request);
    if (started.status === 'listed') learn(world, runId, { accounts: started.key });
  });
}

/** The map that decides, one call for each account that has not come to an end. */
export async function decideAccounts(world: World, { role, runId, patience }: Invocation): Promise<void> {
  for (const { accountId, enforce, member } of listed(world, memberSchema, known(world, runId).accounts)) {
    if ((known(world, runId).decided[accountId] ?? 'continue') !== 'continue') continue;
    await call(world, role, async (process) => {
      const workspace = { store: workOf(world, process), runId };
      const called = { workspace, accountId, enforce, member, mayGoOn: countdown(patience) };
      const answer = await handleDecide(called, () => enter(world, process), world.nextId);
      learn(world, runId, { decided: { ...known(world, runId).decided, [accountId]: answer } });
    });
  }
}

/** AllotSteps: the barrier. */
export async function allot(world: World, { role, runId }: Invocation): Promise<void> {
  if (known(world, runId).items !== undefined) return;
  await call(world, role, async (process) => {
    const { key } = await allotSteps(hub(world, process), runId);
    learn(world, runId, { items: key });
  });
}

const itemSchema = z.strictObject({
  runId: z.string(),
  accountId: z.string(),
  enforce: z.boolean(),
  allowance: z.number(),
});

/** The map that acts. */
export async function actOnAccounts(world: World, { role, runId, patience }: Invocation): Promise<void> {
  for (const { accountId, enforce, allowance } of listed(world, itemSchema, known(world, runId).items)) {
    if ((known(world, runId).acted[accountId] ?? 'continue') !== 'continue') continue;
    await call(world, role, async (process) => {
      const workspace = { store: workOf(world, process), runId };
      const called = { workspace, accountId, enforce, allowance, mayGoOn: countdown(patience) };
      const answer = await handleAct(called, () => enter(world, process), world.nextId);
      learn(world, runId, { acted: { ...known(world, runId).acted, [accountId]: answer } });
    });
  }
}

/** FinishRun. */
export async function finish(world: World, { role, runId }: Invocation): Promise<void> {
  if (known(world, runId).isFinished) return;
  await call(world, role, async (process) => {
    await finishRun(hub(world, process), runId);
    learn(world, runId, { isFinished: true });
  });
}

function known(world: World, runId: string): Execution {
  return world.executions.get(runId) ?? BEGUN;
}

function learn(world: World, runId: string, news: Partial<Execution>): void {
  world.executions.set(runId, { ...known(world, runId), ...news });
}

/** A map reads its list itself. */
function listed<T>(world: World, schema: z.ZodMiniType<T>, key: string | undefined): T[] {
  const bytes = key === undefined ? undefined : world.work.get(key);
  return z.array(schema).parse(JSON.parse(Buffer.from(bytes ?? Buffer.from('[]')).toString('utf8')));
}

/** Attempts while another process holds the lease, a minute apart, as the workflow makes them. */
const LEASE_ATTEMPTS = 15;

/** Calls a function, patiently while the account's lease is held; a process that dies answers nothing. */
async function call(
  world: World,
  role: string,
  run: (process: JanitorProcess) => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const process = world.process(role);
    const begun = world.stamp();
    const record = {
      since: begun.tick,
      startedAt: begun.at,
      process: process.name,
      accountId: MAIN,
      enforce: true,
      policyHash: world.atHand.policy.hash,
      undisturbed: false,
    };
    try {
      await run(process);
      world.sweeps.push({ ...record, ...world.stamp(), outcome: 'finished' });
      return;
    } catch (error) {
      const isHeld = error instanceof JanitorError && error.code === 'lease-held';
      if (!isHeld || attempt === LEASE_ATTEMPTS) {
        world.sweeps.push({ ...record, ...world.stamp(), ...thrown(world, process.name, error, 'run') });
        return;
      }
    }
    await world.network.advance(MINUTE_MS);
  }
}

function hub(world: World, process: JanitorProcess) {
  return {
    ...process.recording(world.atHand, actorOf('robot')),
    work: workOf(world, process),
    newId: world.nextId,
  };
}

async function enter(world: World, process: JanitorProcess): Promise<SweepContext> {
  const context = await process.context(MAIN, world.atHand, actorOf('robot'));
  return { ...context, exceptions: reviewIn(world, context) };
}

function workOf(world: World, process: JanitorProcess): MemoryEvidence {
  return new MemoryEvidence(world.work, world.network, process.name, 'work');
}

function countdown(patience = Number.POSITIVE_INFINITY): () => boolean {
  let left = patience;
  return () => {
    left -= 1;
    return left >= 0;
  };
}
