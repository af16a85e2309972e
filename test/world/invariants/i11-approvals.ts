import type { LedgerEvent } from '../../../lib/domain/event.ts';
import { type Chronicle, freshJanitorChanges, freshWrites, type Invariant } from '../chronicle.ts';
import { type Act, actOf, destruction, named, tierOf } from './acts.ts';

type Frozen = Extract<LedgerEvent, { type: 'plan.frozen' }>;

/**
 * I11: approvals are by distinct resolved persons of the group that decides, none of them who asked, and bound to the
 * plan. A guarded or critical step runs only from a plan that names it, is approved as its tier asks, was not rejected,
 * and under the rule as it was approved. A policy version becomes active by the quorum of the one before it.
 */
export const approvals: Invariant = (chronicle) => [
  ...freshJanitorChanges(chronicle).flatMap((change) => {
    const step = destruction(change);
    const act = step === undefined ? undefined : actOf(chronicle, change);
    if (step === undefined || act === undefined) return [];
    return unapproved(chronicle, act, step).map((what) => `I11: ${named(change)}: ${what}`);
  }),
  ...activations(chronicle),
];

function unapproved(chronicle: Chronicle, act: Act, step: 'disable' | 'delete'): string[] {
  const { planId } = act.intent.event.data;
  if (planId === undefined) return tierOf(act.rule, step) === 'routine' ? [] : ['it needs an approved plan'];
  const plan = chronicle.writes
    .map(({ event }) => event)
    .find((event): event is Frozen => event.type === 'plan.frozen' && event.data.planId === planId);
  if (plan === undefined) return [`its plan ${planId} was never frozen`];
  const wrong: string[] = [];
  const item = plan.data.items.find(
    (each) => each.credentialId === act.credentialId && each.rule === act.rule?.id && each.step === step,
  );
  if (item === undefined) wrong.push(`${planId} does not name it`);
  if (item !== undefined && item.ruleHash !== act.intent.event.ruleHash)
    wrong.push(`its rule changed since ${planId}`);
  const decided = decisions(chronicle, planId, act.intent.tick);
  if (decided.rejected) wrong.push(`${planId} was rejected`);
  const approvers = decided.approvers.filter((person) => person !== plan.actor.person);
  const needed = Math.max(plan.data.approvalsNeeded, tierOf(act.rule, step) === 'critical' ? 2 : 1);
  if (approvers.length < needed)
    wrong.push(`${planId} has ${approvers.length} valid approvals, ${needed} are needed`);
  return wrong;
}

function decisions(chronicle: Chronicle, planId: string, until: number) {
  const approvers = new Set<string>();
  let rejected = false;
  for (const { tick, event } of chronicle.writes) {
    if (tick >= until || !('planId' in event.data) || event.data.planId !== planId) continue;
    if (event.type === 'plan.rejected') rejected = true;
    if (event.type !== 'plan.approved') continue;
    const group = chronicle.policies.get(event.policyHash ?? '')?.policy.directory.groups.security;
    const { person } = event.actor;
    if (person !== undefined && group?.members.includes(person) === true) approvers.add(person);
  }
  return { approvers: [...approvers], rejected };
}

/** Every activation but the first has two different approvers of the group, none of them the proposer. */
function activations(chronicle: Chronicle): string[] {
  return freshWrites(chronicle).flatMap(({ tick, event }) => {
    if (event.type !== 'policy.activated' || event.data.first) return [];
    const earlier = chronicle.writes.filter((write) => write.tick < tick).map((write) => write.event);
    const proposal = earlier.findLast(
      (each) => each.type === 'policy.proposed' && each.data.hash === event.data.hash,
    );
    const approvers = new Set(
      earlier.flatMap((each) =>
        each.type === 'policy.approved' &&
        each.data.hash === event.data.hash &&
        each.seq > (proposal?.seq ?? 0)
          ? [each.actor.person]
          : [],
      ),
    );
    approvers.delete(undefined);
    approvers.delete(proposal?.actor.person);
    return approvers.size >= 2
      ? []
      : [`I11: ${event.data.hash} became active with ${approvers.size} approvals`];
  });
}
