import { openManifest } from '../ledger/index.ts';
import { actOnDue, tellOwners } from './act-and-tell.ts';
import type { SweepContext } from './context.ts';
import { finishSweep } from './finish-sweep.ts';
import { type AccountLease, underLease } from './lease.ts';
import { conclude, recordReading } from './record-reading.ts';
import type { SweepResult } from './result.ts';
import { begin, headerOf, type SweepOptions } from './underway.ts';

/**
 * The main job: reads an account, judges it, records findings, acts where the policy enforces, tells owners, and
 * leaves one manifest and one sweep event. Repeating it, also after a crash, converges (I6, I7).
 * @throws JanitorError `lease-held`, `lease-lost`, `chain-broken`, `ledger-unavailable`; nothing is half done.
 */
export function sweepAccount(context: SweepContext, options: SweepOptions): Promise<SweepResult> {
  return underLease(context, (lease) => sweepWhole(context, lease, options));
}

async function sweepWhole(
  context: SweepContext,
  lease: AccountLease,
  options: SweepOptions,
): Promise<SweepResult> {
  const underway = await begin(context, lease, options);
  const manifest = openManifest(context.evidence, headerOf(context, underway));
  try {
    const { positions, inventory } = recordReading(context, underway, manifest, options);
    for await (const _position of positions());
    await conclude(context, underway, inventory);
    const { plans } = await actOnDue(context, underway, { onProgress: options.onProgress });
    const notices = await tellOwners(context, underway);
    const finished = { manifest, inventory, plans, notices };
    return (await finishSweep(context, underway, finished)).result;
  } catch (error) {
    await manifest.abort();
    throw error;
  }
}
