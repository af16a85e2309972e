import pLimit from 'p-limit';
import * as z from '../../../lib/domain/zod.ts';
import { allotSteps, finishRun, memberSchema, startRun } from '../../../lib/sweep/index.ts';
import { handleAct, handleDecide } from '../../world/handlers.ts';
import { accountIds } from './company.ts';
import type { SimulatedHub } from './hub.ts';

export type FunctionName =
  | 'list-accounts'
  | 'decide-account'
  | 'allot-steps'
  | 'act-on-account'
  | 'finish-run';

/** One call of a function, in milliseconds of the simulated time. */
export interface Invocation {
  readonly name: FunctionName;
  readonly begunAt: number;
  readonly tookMs: number;
}

export interface Ran {
  readonly invocations: readonly Invocation[];
  /** State transitions, one for the start of each child included. */
  readonly transitions: number;
  readonly wallMs: number;
  /** Functions that ran at the same time. */
  readonly peak: number;
  readonly demanded: number;
  readonly allotted: number;
  readonly allowances: ReadonlyMap<string, number>;
}

/** Lambda's limit, and what functions keep of it, as in functions/. */
const LIMIT_MS = 900_000;
const MARGIN_MS = { decide: 120_000, act: 300_000 } as const;
/** States of the workflow outside its maps with something to act on, and of a child for each call and at its end. */
const TRANSITIONS = { run: 8, call: 2, child: 2 } as const;

/** Runs the workflow over all accounts, so many at once; a function that fails fails the run. */
export class SimulatedWorkflow {
  readonly #hub: SimulatedHub;
  readonly #concurrency: number;
  readonly #invocations: Invocation[] = [];
  #active = 0;
  #peak = 0;
  #transitions = 0;

  constructor(hub: SimulatedHub, concurrency: number) {
    this.#hub = hub;
    this.#concurrency = concurrency;
  }

  run(runId: string): Promise<Ran> {
    return this.#hub.time.run(() => this.#run(runId));
  }

  async #run(runId: string): Promise<Ran> {
    const hub = this.#hub;
    const begun = hub.time.millis();
    const context = () => ({ ...hub.recording(), work: hub.work, newId: hub.newId });
    const accounts = accountIds(hub.company).map((accountId) => ({ accountId, state: 'ACTIVE' }));
    const request = { runId, trigger: 'schedule' as const, enforce: true, accounts };
    const listed = await this.#invoke('list-accounts', () => startRun(context(), request));
    if (listed.status === 'duplicate') throw new TypeError(`run ${runId} is a duplicate`);

    await this.#map(memberSchema, listed.key, (item) =>
      this.#account('decide-account', (mayGoOn) =>
        handleDecide(
          { ...item, workspace: { store: hub.work, runId }, mayGoOn: () => mayGoOn(MARGIN_MS.decide) },
          () => hub.enter(item.accountId),
          hub.newId,
        ),
      ),
    );
    const allotted = await this.#invoke('allot-steps', () => allotSteps(context(), runId));
    const items = this.#items(itemSchema, allotted.key);
    if (items.length > 0) {
      await this.#map(itemSchema, allotted.key, (item) =>
        this.#account('act-on-account', (mayGoOn) =>
          handleAct(
            { ...item, workspace: { store: hub.work, runId }, mayGoOn: () => mayGoOn(MARGIN_MS.act) },
            () => hub.enter(item.accountId),
            hub.newId,
          ),
        ),
      );
    }
    await this.#invoke('finish-run', () => finishRun(context(), runId));
    return {
      invocations: this.#invocations,
      transitions: this.#transitions + TRANSITIONS.run,
      wallMs: hub.time.millis() - begun,
      peak: this.#peak,
      demanded: allotted.demanded,
      allotted: allotted.allotted,
      allowances: new Map(items.map(({ accountId, allowance }) => [accountId, allowance])),
    };
  }

  #items<T>(schema: z.ZodMiniType<T>, key: string): T[] {
    const bytes = this.#hub.work.objects.get(key) ?? new Uint8Array();
    return z.array(schema).parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  }

  async #map<T>(schema: z.ZodMiniType<T>, key: string, child: (item: T) => Promise<void>): Promise<void> {
    const limit = pLimit(this.#concurrency);
    await Promise.all(this.#items(schema, key).map((item) => limit(() => child(item))));
  }

  /** A child workflow: one account, called again for as long as it asks for it. */
  async #account(
    name: FunctionName,
    handle: (mayGoOn: (marginMs: number) => boolean) => Promise<string>,
  ): Promise<void> {
    this.#transitions += TRANSITIONS.child;
    for (let status = 'continue'; status === 'continue'; ) {
      this.#transitions += TRANSITIONS.call;
      status = await this.#invoke(name, () => {
        const until = this.#hub.time.millis() + LIMIT_MS;
        return handle((marginMs) => until - this.#hub.time.millis() > marginMs);
      });
    }
  }

  async #invoke<T>(name: FunctionName, handle: () => Promise<T>): Promise<T> {
    const begunAt = this.#hub.time.millis();
    this.#active += 1;
    this.#peak = Math.max(this.#peak, this.#active);
    try {
      return await handle();
    } finally {
      this.#active -= 1;
      this.#invocations.push({ name, begunAt, tookMs: this.#hub.time.millis() - begunAt });
    }
  }
}

const itemSchema = z.strictObject({
  runId: z.string(),
  accountId: z.string(),
  enforce: z.boolean(),
  allowance: z.number(),
});
