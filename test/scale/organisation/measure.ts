import { HOUR_MS } from '../../../lib/domain/time.ts';
import { activatePolicy } from '../../../lib/sweep/index.ts';
import { actorOf } from '../../world/people.ts';
import type { WorldPolicy } from '../../world/policies.ts';
import type { BucketUse } from './bucket-meter.ts';
import type { Company } from './company.ts';
import type { DynamoUse } from './dynamo-meter.ts';
import { SimulatedHub } from './hub.ts';
import { type Ran, SimulatedWorkflow } from './workflow.ts';

/** What one run over all accounts took. */
export interface RunFigures {
  readonly name: string;
  readonly ran: Ran;
  /** Calls to AWS, repeated attempts included, by service and operation. */
  readonly calls: Readonly<Record<string, number>>;
  readonly throttled: number;
  readonly dynamo: DynamoUse;
  readonly evidence: BucketUse;
  readonly work: BucketUse;
  readonly letters: number;
  /** Changes at AWS, by account. */
  readonly changes: ReadonlyMap<string, number>;
  /** Processor time of everything in this process, the simulated AWS included. */
  readonly cpuMs: number;
}

/** A run, so many hours after the one before. */
export interface PlannedRun {
  readonly name: string;
  readonly hours: number;
}

/** Lives some runs over one organisation, whose policy is active from the start. */
export async function measureRuns(
  company: Company,
  policy: WorldPolicy,
  concurrency: number,
  runs: readonly PlannedRun[],
): Promise<RunFigures[]> {
  const hub = await SimulatedHub.create(company, policy);
  await hub.time.run(() => activatePolicy({ ...hub.recording(), actor: actorOf('alice') }));
  const figures: RunFigures[] = [];
  for (const { name, hours } of runs) {
    hub.time.advance(hours * HOUR_MS);
    figures.push(await measureRun(hub, name, concurrency));
  }
  return figures;
}

async function measureRun(hub: SimulatedHub, name: string, concurrency: number): Promise<RunFigures> {
  const since = { changes: hub.aws.changes.all.length, letters: hub.outbox.letters.length };
  hub.aws.calls.clear();
  for (const meter of [hub.dynamo, hub.evidence, hub.work]) meter.take();
  const before = process.cpuUsage();
  const ran = await new SimulatedWorkflow(hub, concurrency).run(name);
  const { user, system } = process.cpuUsage(before);
  const changes = new Map<string, number>();
  for (const { accountId } of hub.aws.changes.all.slice(since.changes)) {
    changes.set(accountId, (changes.get(accountId) ?? 0) + 1);
  }
  return {
    name,
    ran,
    calls: hub.aws.calls.counts(),
    throttled: hub.aws.calls.all.filter(({ outcome }) => outcome.startsWith('Throttling')).length,
    dynamo: hub.dynamo.take(),
    evidence: hub.evidence.take(),
    work: hub.work.take(),
    letters: hub.outbox.letters.length - since.letters,
    changes,
    cpuMs: (user + system) / 1000,
  };
}

export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
