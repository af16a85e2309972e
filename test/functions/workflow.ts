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
const actItem = z.strictObject({
  runId: z.string(),
  accountId: z.string(),
  enforce: z.boolean(),
  allowance: z.number(),
});
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

export interface Ran {
  readonly decided: readonly AccountAnswer[];
  readonly acted: readonly AccountAnswer[];
  readonly demanded: number;
  readonly allotted: number;
  readonly finished: z.infer<typeof finishedSchema>;
  /** Calls of the functions that decide and act. */
  readonly calls: number;
}

/** Calls the functions as the state machine does, without its retries: an error of any of them ends the run. */
export async function run(world: HubWorld, request: RunRequest): Promise<Ran> {
  const { runId, enforce = true, remaining } = request;
  const listed = await list(world, request);
  if (listed.status === 'duplicate') throw new Error(`run ${runId} is a duplicate of ${listed.of}`);
  let calls = 0;
  const each = async (name: 'decide-account' | 'act-on-account', item: object) => {
    for (;;) {
      calls += 1;
      const answer = answerSchema.parse(await world.invoke(name, item, remaining?.()));
      if (answer.status !== 'continue') return answer;
    }
  };
  const decided: AccountAnswer[] = [];
  for (const item of world.items(listed.accounts.key).map((raw) => memberSchema.parse(raw))) {
    if (item.enforce !== enforce) throw new Error(`${item.accountId} is to be swept otherwise than asked`);
    decided.push(await each('decide-account', item));
  }
  const { items, demanded, allotted } = allottedSchema.parse(await world.invoke('allot-steps', { runId }));
  const acted: AccountAnswer[] = [];
  for (const item of world.items(items.key).map((raw) => actItem.parse(raw))) {
    acted.push(await each('act-on-account', item));
  }
  const finished = finishedSchema.parse(await world.invoke('finish-run', { runId }));
  return { decided, acted, demanded, allotted, finished, calls };
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
