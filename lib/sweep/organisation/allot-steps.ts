import { claimedWithinDay } from '../../domain/account-chains.ts';
import { subjects } from '../../domain/subject.ts';
import type { EvidenceStore } from '../../ledger/index.ts';
import { claimsWithinDay } from '../caps.ts';
import type { RecordingContext } from '../context.ts';
import { RunFiles } from './run-files.ts';

export interface AllotContext extends Pick<RecordingContext, 'clock' | 'ledger' | 'policy'> {
  readonly work: EvidenceStore;
  readonly newId: () => string;
}

export interface Allotted {
  readonly key: string;
  /** Accounts that have something to act on. */
  readonly count: number;
  /** Destructive steps asked for by all accounts, and how many of them may run. */
  readonly demanded: number;
  readonly allotted: number;
}

/**
 * The barrier between deciding and acting: all accounts have said what they would do, and what the organisation's cap
 * leaves for 24 hours is shared among them. The slots that each act claims enforce the cap; this makes it fair.
 */
export async function allotSteps(context: AllotContext, runId: string): Promise<Allotted> {
  const files = new RunFiles(context.work, runId);
  const { enforce } = await files.readRun();
  const demands = new Map<string, number>();
  for (const { accountId, status, demand } of (await files.readOutcomes('decided')).values()) {
    if (status === 'decided') demands.set(accountId, demand ?? 0);
  }
  const now = context.clock.now();
  const claims = await claimsWithinDay(context, subjects.organisationCap, now);
  const { perOrganisationPerDay } = context.policy.document.limits;
  const shares = fairShares(demands, Math.max(0, perOrganisationPerDay - claimedWithinDay(claims, now).all));
  const items = [...shares].map(([accountId, allowance]) => ({ runId, accountId, enforce, allowance }));
  const key = await files.writeItems('act', items, context.newId());
  return { key, count: items.length, demanded: total(demands), allotted: total(shares) };
}

/**
 * Who asks for little gets it; what is left is shared equally among those who ask for more (max-min fairness). Ends
 * with the same shares for the same demands; the sum never exceeds `free`.
 */
export function fairShares(demands: ReadonlyMap<string, number>, free: number): Map<string, number> {
  const modestFirst = [...demands].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  const shares = new Map<string, number>();
  let left = free;
  for (const [index, [accountId, demand]] of modestFirst.entries()) {
    const share = Math.min(demand, Math.floor(left / (modestFirst.length - index)));
    shares.set(accountId, share);
    left -= share;
  }
  return shares;
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, each) => sum + each, 0);
}
