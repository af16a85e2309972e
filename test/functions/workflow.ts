import * as z from 'zod';
import { memberSchema } from '../../lib/sweep/index.ts';
import type { HubWorld } from './hub-world.ts';

const counted = z.object({ bucket: z.string(), key: z.string(), count: z.number() });
const listedSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('listed'), runId: z.string(), accounts: counted }),
  z.strictObject({ status: z.literal('duplicate'), runId: z.string(), of: z.string() }),
]);
const answerSchema = z.strictObject({
  accountId: z.string(),
  status: z.enum(['continue', 'decided', 'finished', 'skipped', 'unreachable']),
  reason: z.string().optional(),
});
export type AccountAnswer = z.infer<typeof answerSchema>;
const allottedSchema = z.strictObject({
  runId: z.string(),
  items: counted,
  demanded: z.number(),
  allotted: z.number(),
});
const actItemSchema = z.strictObject({
  runId: z.string(),
  accountId: z.string(),
  enforce: z.boolean(),
  allowance: z.number(),
});
export type ActItem = z.infer<typeof actItemSchema>;
const finishedSchema = z.strictObject({
  runId: z.string(),
  accounts: z.number(),
  swept: z.number(),
  incomplete: z.number(),
  notSwept: z.number(),
  credentials: z.number(),
});

export interface RunRequest {
  readonly runId: string;
  readonly enforce?: boolean;
  readonly scheduledAt?: string;
  readonly accounts?: readonly string[];
  /** Of each call that decides or acts: milliseconds left, asked again and again. */
  readonly remaining?: () => () => number;
}

export interface Decided {
  readonly decided: readonly AccountAnswer[];
  readonly demanded: number;
  readonly allotted: number;
  /** What is to be acted on. */
  readonly items: readonly ActItem[];
  /** Calls of the function that decides. */
  readonly calls: number;
}

export interface Ran extends Omit<Decided, 'items'> {
  readonly acted: readonly AccountAnswer[];
  readonly finished: z.infer<typeof finishedSchema>;
}

/** Calls the functions as the state machine does, without its retries: an error of any of them ends the run. */
export async function run(world: HubWorld, request: RunRequest): Promise<Ran> {
  const { items, calls, ...rest } = await decide(world, request);
  const acted: AccountAnswer[] = [];
  let acts = 0;
  for (const item of items) {
    const answered = await untilEnded(world, 'act-on-account', item, request);
    acted.push(answered.answer);
    acts += answered.calls;
  }
  return { ...rest, calls: calls + acts, acted, finished: await finish(world, request.runId) };
}

/** All states up to the barrier, and the barrier. */
export async function decide(world: HubWorld, request: RunRequest): Promise<Decided> {
  const { runId, enforce = true } = request;
  const listed = await list(world, request);
  if (listed.status === 'duplicate') throw new Error(`run ${runId} is a duplicate of ${listed.of}`);
  let calls = 0;
  const decided: AccountAnswer[] = [];
  for (const item of world.items(listed.accounts.key).map((raw) => memberSchema.parse(raw))) {
    if (item.enforce !== enforce) throw new Error(`${item.accountId} is to be swept otherwise than asked`);
    const answered = await untilEnded(world, 'decide-account', item, request);
    decided.push(answered.answer);
    calls += answered.calls;
  }
  const { items, demanded, allotted } = allottedSchema.parse(await world.invoke('allot-steps', { runId }));
  return {
    decided,
    demanded,
    allotted,
    calls,
    items: world.items(items.key).map((raw) => actItemSchema.parse(raw)),
  };
}

/** Acts on one account; throws what the function throws. */
export async function act(world: HubWorld, item: ActItem): Promise<AccountAnswer> {
  return (await untilEnded(world, 'act-on-account', item, { runId: item.runId })).answer;
}

export async function finish(world: HubWorld, runId: string): Promise<Ran['finished']> {
  return finishedSchema.parse(await world.invoke('finish-run', { runId }));
}

async function untilEnded(
  world: HubWorld,
  name: 'decide-account' | 'act-on-account',
  item: object,
  { remaining }: RunRequest,
): Promise<{ readonly answer: AccountAnswer; readonly calls: number }> {
  for (let calls = 1; ; calls += 1) {
    const answer = answerSchema.parse(await world.invoke(name, item, remaining?.()));
    if (answer.status !== 'continue') return { answer, calls };
  }
}

/** The first state alone. */
export async function list(world: HubWorld, { runId, enforce = true, scheduledAt, accounts }: RunRequest) {
  const trigger = scheduledAt === undefined ? 'person' : 'schedule';
  const event = {
    runId,
    trigger,
    enforce,
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
    ...(accounts === undefined ? {} : { accounts }),
  };
  return listedSchema.parse(await world.invoke('list-accounts', event));
}
