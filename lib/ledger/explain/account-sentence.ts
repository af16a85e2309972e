import type { LedgerEvent } from '../../domain/event.ts';
import type { AskedEvent } from './asked-events.ts';
import type { CredentialEvent } from './credential-sentence.ts';
import type { GrantEvent } from './grant-sentence.ts';
import type { IncidentEvent } from './incident-sentence.ts';
import { because, before, count, day, infinitive, tally, who } from './say.ts';

type EventOf<T extends LedgerEvent['type']> = Extract<LedgerEvent, { type: T }>;
/** Events on chains of accounts and of the organisation. */
export type AccountEvent = Exclude<LedgerEvent, CredentialEvent | AskedEvent | GrantEvent | IncidentEvent>;

export function accountSentence(event: AccountEvent): string {
  const by = who(event.actor);
  switch (event.type) {
    case 'plan.frozen':
      return planFrozen(event);
    case 'plan.approved':
      return `${by} approved ${event.data.planId} as frozen (hash ${short(event.data.planHash)})${because(event)}.`;
    case 'plan.rejected':
      return `${by} rejected ${event.data.planId}${because(event)}; none of its steps will run.`;
    case 'plan.lapsed':
      return `${event.data.planId} lapsed without the approvals it needed${because(event)}; none of its steps will run.`;
    case 'plan.item-dropped':
      return `The step to ${infinitive(event.data.step)} was dropped from ${event.data.planId} for ${event.data.credentialId}, rule ${event.data.rule}${because(event)}.`;
    case 'notice.prepared':
      return `${by} prepared ${event.data.noticeId} for ${event.data.recipient}: one digest about ${count(new Set(event.data.items.map((item) => item.credentialId)).size, 'credential')}.`;
    case 'notice.accepted':
      return `${event.data.noticeId} was accepted for delivery by ${event.data.route} (receipt ${event.data.receipt}); waits count from here.`;
    case 'notice.refused':
      return `${event.data.noticeId} was refused by ${event.data.route}${because(event)}; nobody counts as told.`;
    case 'notice.bounced':
      return `${event.data.noticeId} bounced${because(event)}; its recipient does not count as told.`;
    case 'notice.recorded':
      return `${event.data.noticeId} is recorded on the chain of every credential it names.`;
    case 'sweep.finished':
      return sweepFinished(event);
    case 'run.started':
    case 'run.finished':
      return runSentence(event);
    default:
      return governanceSentence(event);
  }
}

type GovernanceEvent = EventOf<
  | 'lease.taken'
  | 'lease.renewed'
  | 'lease.released'
  | 'slot.claimed'
  | 'rotations.stopped'
  | 'rotations.allowed'
  | 'halt.placed'
  | 'halt.lifted'
  | 'policy.proposed'
  | 'policy.approved'
  | 'policy.activated'
>;

function governanceSentence(event: GovernanceEvent): string {
  const by = who(event.actor);
  switch (event.type) {
    case 'lease.taken':
      return `${event.data.holder} took the lease: it alone sweeps this account until ${day(event.data.until)}.`;
    case 'lease.renewed':
      return `${event.data.holder} renewed its lease until ${day(event.data.until)}.`;
    case 'lease.released':
      return `${event.data.holder} gave its lease back.`;
    case 'slot.claimed':
      return `Sweep ${event.data.sweepId} claimed a slot of the day's caps to ${infinitive(event.data.step)}: ${event.data.credentialId}.`;
    case 'rotations.stopped':
      return `No rotation begins in this account until a person says go: the one of ${event.data.credentialId} failed (${event.data.code})${because(event)}.`;
    case 'rotations.allowed':
      return `${by} allowed rotations in this account again${because(event)}.`;
    case 'halt.placed':
      return `${by} halted ${target(event.data.target)} (halt ${event.data.haltId})${because(event)}; no step runs there until another person resumes it.`;
    case 'halt.lifted':
      return `${by} lifted the halt ${event.data.haltId}${because(event)}.`;
    case 'policy.proposed':
      return `${by} proposed policy ${short(event.data.hash)}; it needs ${count(event.data.approvalsNeeded, 'approval')}${before(event)}${because(event)}.`;
    case 'policy.approved':
      return `${by} approved policy ${short(event.data.hash)}${because(event)}.`;
    case 'policy.activated':
      return policyActivated(event);
  }
}

function planFrozen(event: EventOf<'plan.frozen'>): string {
  const { planId, tier, frozenBecause, items, approvalsNeeded, approverGroup } = event.data;
  const why = {
    cap: 'a cap on steps within 24 hours was reached',
    tier: `the tier ${tier} needs approval`,
    asked: `it was asked for, and the tier ${tier} needs approval`,
  }[frozenBecause];
  const lapse = event.expiresAt === undefined ? '' : `; it lapses on ${day(event.expiresAt)}`;
  const wait = items.length === 1 ? 'waits' : 'wait';
  return `${who(event.actor)} froze ${planId}: ${count(items.length, 'step')} ${wait} for ${count(approvalsNeeded, 'approval')} by group ${approverGroup}, because ${why}${lapse}.`;
}

function sweepFinished(event: EventOf<'sweep.finished'>): string {
  const { sweepId, accountId, enforce, complete, problems, credentials, outcomes, actions } = event.data;
  const read = complete ? 'complete' : `incomplete with ${count(problems, 'problem')}`;
  const mode = enforce ? `enforcing: steps ${tally(actions)}` : 'observing';
  return `${who(event.actor)} finished sweep ${sweepId} of account ${accountId}, ${mode}; ${count(credentials, 'credential')} judged (${tally(outcomes)}); the reading was ${read}.`;
}

function runSentence(event: EventOf<'run.started' | 'run.finished'>): string {
  const by = who(event.actor);
  if (event.type === 'run.started') {
    const { runId, trigger, scheduledAt, enforce, accounts } = event.data;
    const why =
      trigger === 'schedule'
        ? `for the schedule of ${scheduledAt ?? 'an unknown instant'}`
        : 'because a person asked';
    return `${by} started run ${runId} ${why}: ${count(accounts, 'account')}, ${enforce ? 'enforcing' : 'observing'}.`;
  }
  const { runId, accounts, swept, incomplete, notSwept, credentials, outcomes, actions } = event.data;
  const missing = notSwept === 0 ? '' : `; ${count(notSwept, 'account')} could not be swept`;
  return `${by} finished run ${runId}: ${swept} of ${count(accounts, 'account')} swept, ${incomplete} incompletely${missing}; ${count(credentials, 'credential')} judged (${tally(outcomes)}), steps ${tally(actions)}.`;
}

function policyActivated(event: EventOf<'policy.activated'>): string {
  const approvers = (event.approvals ?? []).map((approval) => who(approval.actor));
  const by = approvers.length === 0 ? '' : `, approved by ${approvers.join(' and ')}`;
  const first = event.data.first ? ' It is the first one, activated on the deployer’s word.' : '';
  return `${who(event.actor)} activated policy ${short(event.data.hash)}${by}${because(event)}.${first}`;
}

function target(text: string): string {
  if (text === 'all') return 'everything';
  return text.replace(':', ' ');
}

/** The first characters of a hash, enough to tell versions apart in a sentence. */
function short(hash: string): string {
  return hash.slice(0, 12);
}
