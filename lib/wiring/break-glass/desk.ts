import type { Announcement, BreakGlassContext, DrillContext } from '../../break-glass/index.ts';
import type { EvidenceStore, StateProjection } from '../../ledger/index.ts';
import { breakGlassRules, type Policy } from '../../policy/index.ts';
import { versionInForce } from '../deployed/policy-in-force.ts';
import type { ServiceDesk } from '../service/desk.ts';

/** Everything the broker works with; each environment composes its own. Nothing here reaches sweeps or actions. */
export interface BreakGlassDesk
  extends Pick<ServiceDesk, 'lookups' | 'self' | 'deployed' | 'report'>,
    Pick<DrillContext, 'iamAs'>,
    Omit<BreakGlassContext, 'rules' | 'broker' | 'follow' | 'announcement'> {
  readonly state: Pick<StateProjection, 'requests'>;
  readonly evidence: EvidenceStore;
  /** Whom the version of the policy in force reaches. */
  readonly announcement: (policy: Policy) => Announcement;
  /** A version of the policy that is not the deployed one. Throws `policy-archive-missing`. */
  readonly archived: (hash: string) => Promise<Policy>;
}

/** The same where nobody calls. */
export type GrantDesk = Omit<BreakGlassDesk, 'lookups' | 'iamAs'>;

/** What the use cases work with, under a version of the policy. */
export function contextOf(
  desk: GrantDesk,
  policy: Policy,
): BreakGlassContext & Required<Pick<BreakGlassContext, 'owing'>> {
  const { clock, ledger, partition, sts, pause, onCall, endSchedule, deniedGrants } = desk;
  return {
    clock,
    ledger,
    follow: desk.state.requests.follow,
    owing: () => desk.state.requests.open('grant', clock.now()),
    rules: breakGlassRules(policy, clock.now()),
    broker: desk.self,
    partition,
    sts,
    pause,
    onCall,
    endSchedule,
    announcement: desk.announcement(policy),
    deniedGrants,
  };
}

/** The same, as those see it who resolve callers. */
export function callerDesk({ lookups, clock, ...desk }: BreakGlassDesk) {
  return { lookups, clock, policyInForce: () => versionInForce(desk) };
}
