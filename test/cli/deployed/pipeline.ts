import { createAwsClients } from '../../../lib/aws/index.ts';
import { parseInstant } from '../../../lib/domain/time.ts';
import type { EvidenceStore } from '../../../lib/ledger/index.ts';
import {
  actOnAccount,
  allotSteps,
  decideAccount,
  finishRun,
  RunFiles,
  type SweepContext,
  startRun,
} from '../../../lib/sweep/index.ts';
import { contextFor, type openHub, sweepOutcome } from '../../../lib/wiring/deployed/index.ts';
import { CLI_ACCOUNT } from '../../builders/command-line.ts';
import type { RunInput } from './workflow-api.ts';

/** What the workflow works with. */
export interface Pipeline {
  readonly hub: Awaited<ReturnType<typeof openHub>>;
  readonly everything: Omit<SweepContext, 'accountId' | 'clients' | 'pause' | 'acting'>;
  readonly work: EvidenceStore;
  /** Whether the served account is among those of a run that names none. */
  sweeps: boolean;
  /** Accounts besides the one that is served, and why each is not swept. */
  others: readonly {
    readonly accountId: string;
    readonly status: 'skipped' | 'unreachable';
    readonly reason: string;
  }[];
}

/** One run with the real use cases, in the order of the workflow: list, decide, allot, act, finish. */
export async function carryOut(pipeline: Pipeline, runId: string, input: RunInput): Promise<void> {
  const { everything, work, others, sweeps } = pipeline;
  const context = { ...everything, work };
  const all = [...(sweeps ? [CLI_ACCOUNT] : []), ...others.map(({ accountId }) => accountId)];
  const accounts = (input.accounts ?? all).map((accountId) => ({ accountId, state: 'ACTIVE' }));
  const { trigger, scheduledAt, enforce } = input;
  const instant = scheduledAt === undefined ? {} : { scheduledAt: parseInstant(scheduledAt) };
  const started = await startRun(context, { runId, trigger, ...instant, enforce, accounts });
  if (started.status === 'duplicate') return;
  const files = new RunFiles(work, runId);
  for (const other of others) await files.writeOutcome('decided', other, everything.newId());
  if (accounts.some(({ accountId }) => accountId === CLI_ACCOUNT)) await sweep(pipeline, runId, enforce);
  await finishRun(context, runId);
}

async function sweep({ hub, everything, work }: Pipeline, runId: string, enforce: boolean): Promise<void> {
  const files = new RunFiles(work, runId);
  const clients = await createAwsClients({
    region: hub.clients.region,
    credentials: hub.clients.sts.config.credentials,
  });
  const context = contextFor(everything, {
    accountId: CLI_ACCOUNT,
    clients,
    acting: async () => ({ ok: true, clients: clients.acting }),
  });
  const options = { enforce, workspace: { store: work, runId }, mayGoOn: () => true };
  try {
    const decided = await decideAccount(context, options);
    if (decided.status === 'finished') {
      const outcome = { accountId: CLI_ACCOUNT, status: decided.status, sweep: sweepOutcome(decided.sweep) };
      await files.writeOutcome('decided', outcome, everything.newId());
    }
    if (decided.status !== 'decided') return;
    const waiting = { accountId: CLI_ACCOUNT, status: decided.status, demand: decided.demand };
    await files.writeOutcome('decided', waiting, everything.newId());
    const { allotted } = await allotSteps({ ...everything, work }, runId);
    const acted = await actOnAccount(context, { ...options, allowance: allotted });
    if (acted.status !== 'finished') throw new Error(`acting came to ${acted.status}`);
    const outcome = { accountId: CLI_ACCOUNT, status: acted.status, sweep: sweepOutcome(acted.sweep) };
    await files.writeOutcome('acted', outcome, everything.newId());
  } finally {
    clients.close();
  }
}
