import pLimit from 'p-limit';
import { accountIdSchema } from '../../domain/common-schemas.ts';
import { JanitorError } from '../../domain/error.ts';
import { instantSchema } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import { type EvidenceStore, readText } from '../../ledger/index.ts';

const count = z.int().check(z.nonnegative());

/** One account of a run: what the map over accounts hands to each of its workers. */
export const memberSchema = z.strictObject({
  runId: z.string(),
  accountId: accountIdSchema,
  enforce: z.boolean(),
  /** The account's state in its organisation; only ACTIVE ones are entered. */
  member: z.string(),
});
export type Member = z.infer<typeof memberSchema>;

export const runSchema = z.lazy(() =>
  z.strictObject({
    runId: z.string(),
    /** The chain the run is recorded on. */
    subject: z.string(),
    startedAt: instantSchema,
    enforce: z.boolean(),
    accountIds: z.array(accountIdSchema),
  }),
);
export type RunRecord = z.infer<typeof runSchema>;

/** What came of one account: after deciding, and again after acting. */
export const accountOutcomeSchema = z.lazy(() =>
  z.strictObject({
    accountId: accountIdSchema,
    /** decided: acting comes next. skipped, unreachable: not swept, and why. */
    status: z.enum(['decided', 'finished', 'skipped', 'unreachable']),
    reason: z.optional(z.string()),
    /** Destructive steps that only caps could stop. */
    demand: z.optional(count),
    sweep: z.optional(
      z.strictObject({
        complete: z.boolean(),
        credentials: count,
        outcomes: z.record(z.string(), z.number()),
        actions: z.record(z.string(), z.number()),
      }),
    ),
  }),
);
export type AccountOutcome = z.infer<typeof accountOutcomeSchema>;

export type Phase = 'decided' | 'acted';

/** Objects read at once. */
const AT_ONCE = 48;

/** What the workers of a run leave for each other, as small objects under `runs/<run>/`. */
export class RunFiles {
  readonly #store: EvidenceStore;
  readonly #folder: string;

  constructor(store: EvidenceStore, runId: string) {
    this.#store = store;
    this.#folder = `runs/${safe(runId)}`;
  }

  /** Key of a list for a map over accounts. */
  async writeItems(name: 'accounts' | 'act', items: readonly object[], attempt: string): Promise<string> {
    const key = `${this.#folder}/${name}-${attempt}.json`;
    await this.#store.put(key, bytes(items));
    return key;
  }

  async writeRun(run: RunRecord): Promise<void> {
    await this.#store.put(`${this.#folder}/run.json`, bytes(run));
  }

  async readRun(): Promise<RunRecord> {
    const key = `${this.#folder}/run.json`;
    return parsed(runSchema, key, await readText(this.#store, key));
  }

  /** Undefined until the run was written. */
  async findRun(): Promise<RunRecord | undefined> {
    const key = `${this.#folder}/run.json`;
    const text = await readText(this.#store, key);
    return text === undefined ? undefined : parsed(runSchema, key, text);
  }

  /** `attempt` sorts by time: of several outcomes the newest counts, as after a redrive. */
  async writeOutcome(phase: Phase, outcome: AccountOutcome, attempt: string): Promise<void> {
    await this.#store.put(`${this.#folder}/${phase}/${outcome.accountId}/${attempt}.json`, bytes(outcome));
  }

  /** The newest outcome of each account. */
  async readOutcomes(phase: Phase): Promise<ReadonlyMap<string, AccountOutcome>> {
    const newest = new Map<string, string>();
    for await (const key of this.#store.list(`${this.#folder}/${phase}/`)) {
      newest.set(key.slice(0, key.lastIndexOf('/')), key);
    }
    const limit = pLimit(AT_ONCE);
    const outcomes = await Promise.all(
      [...newest.values()].map((key) =>
        limit(async () => parsed(accountOutcomeSchema, key, await readText(this.#store, key))),
      ),
    );
    return new Map(outcomes.map((outcome) => [outcome.accountId, outcome]));
  }
}

function bytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

/** A run is named by its execution, whose name may have characters that a key may not. */
function safe(runId: string): string {
  return runId.replaceAll(/[^A-Za-z0-9._-]/g, '_');
}

function parsed<T>(schema: z.ZodMiniType<T>, key: string, text: string | undefined): T {
  const result = schema.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (result.success) return result.data;
  throw new JanitorError(
    `${key} is missing or not what this version writes: ${z.prettifyError(result.error)}`,
    {
      code: 'run-files-broken',
      source: 'system',
      hint: 'Start a new run; files of a run are kept for seven days.',
      details: { key },
    },
  );
}
