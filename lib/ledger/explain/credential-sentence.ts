import { type Actor, actorLabel } from '../../domain/actor.ts';
import type { LedgerEvent } from '../../domain/event.ts';
import { EXPOSED_RULE } from '../../domain/grant-evidence.ts';
import type { RotationEvent } from '../../domain/rotation.ts';
import { heldFor, keepingFrom } from './credential-hold.ts';
import { rotationSentence } from './rotation-sentence.ts';
import { because, day, infinitive, passive, past, under, until, who, withoutDot } from './say.ts';

type EventOf<T extends LedgerEvent['type']> = Extract<LedgerEvent, { type: T }>;

/** Events on the chain of a credential. */
export type CredentialEvent = EventOf<
  | 'credential.born'
  | 'finding.opened'
  | 'finding.closed'
  | 'owner.notified'
  | 'owner.notice-bounced'
  | 'step.intended'
  | 'step.done'
  | 'step.failed'
  | 'step.abandoned'
  | 'quarantine.ended'
  | 'hold.placed'
  | 'hold.lifted'
  | 'rotation.blocked'
  | RotationEvent['type']
>;

export function credentialSentence(event: CredentialEvent): string {
  const by = who(event.actor);
  switch (event.type) {
    case 'credential.born':
      return born(event);
    case 'finding.opened':
      return opened(event);
    case 'finding.closed':
      return event.rule === EXPOSED_RULE
        ? `${by} closed the finding that it was exposed during a break-glass grant${because(event)}.`
        : `${by} closed the finding of rule ${event.rule ?? 'unknown'}${because(event)}: the rule no longer matches.`;
    case 'owner.notified':
      return notified(event);
    case 'owner.notice-bounced':
      return `${event.data.noticeId} to ${event.data.recipient} bounced${because(event)}: its owner does not count as told.`;
    case 'step.intended':
      return intended(event);
    case 'step.done':
      return done(event);
    case 'step.failed':
      return `AWS refused to ${infinitive(event.data.change)}${under(event)}: ${event.data.code}${because(event)}.`;
    case 'step.abandoned':
      return `The intent to ${infinitive(event.data.change)} was abandoned by the guard ${event.data.guard}${because(event)}; nothing was changed.`;
    case 'quarantine.ended':
      return `Its quarantine was found ended by somebody else${because(event)}; every finding starts over with a new notice.`;
    case 'hold.placed':
      return `${by} placed the ${event.data.kind} hold ${event.data.holdId}${heldFor(event.data)}${until(event)}${because(event)}; ${keepingFrom(event.data)}.`;
    case 'hold.lifted':
      return `${by} lifted the hold ${event.data.holdId}${because(event)}.`;
    case 'rotation.blocked':
      return `It is to be rotated, but no rotation can begin (${event.data.code})${because(event)}; nothing was changed.`;
    default:
      return rotationSentence(event);
  }
}

/** The name of whoever made it is first, since that is what is asked. */
function born(event: EventOf<'credential.born'>): string {
  const { kind, creator, createdAt, region } = event.data;
  return `${who(creator)} created this ${kind} on ${day(createdAt)} in ${region}, as CloudTrail says${nature(creator)}.`;
}

function nature({ kind }: Actor): string {
  if (kind === 'person') return '';
  return kind === 'workload' ? '; that is a workload, which owns nothing' : '; who that is, is not known';
}

function opened(event: EventOf<'finding.opened'>): string {
  const { kind, reasons, alias } = event.data;
  const why = reasons.length === 0 ? '' : `: ${reasons.map(withoutDot).join('; ')}`;
  const known = alias === undefined ? '' : ` It was known as ${alias} before its id was read.`;
  if (event.rule === EXPOSED_RULE)
    return `${who(event.actor)} found that this ${kind} was exposed during a break-glass grant${why}.`;
  return `${who(event.actor)} found that rule ${event.rule ?? 'unknown'} matches this ${kind}${why}.${known}`;
}

function notified(event: EventOf<'owner.notified'>): string {
  const { noticeId, recipient, announces } = event.data;
  const warning =
    announces === undefined
      ? 'no step was announced'
      : `unless somebody objects, ${passive(announces.step)} on or after ${day(announces.notBefore)}`;
  return `${recipient} was told${under(event)} by ${noticeId}: ${warning}.`;
}

function intended(event: EventOf<'step.intended'>): string {
  const { change, tier, planId, capSlot, actBefore } = event.data;
  const plan = planId === undefined ? '' : `, as ${planId} allows${approvedBy(event)}`;
  const slot = capSlot === undefined ? '' : `, taking slot ${capSlot} under the caps`;
  return `${who(event.actor)} set out to ${infinitive(change)}${under(event)} (tier ${tier}${plan}${slot})${because(event)}; to be attempted once, before ${day(actBefore)}.`;
}

function approvedBy({ approvals }: EventOf<'step.intended'>): string {
  if (approvals === undefined || approvals.length === 0) return '';
  return `, approved by ${approvals.map((approval) => actorLabel(approval.actor)).join(' and ')}`;
}

function done(event: EventOf<'step.done'>): string {
  const { change, reconciled, recoverableUntil } = event.data;
  const how = reconciled
    ? ' (found so by looking at AWS, after the answer was lost)'
    : ' (seen so by reading AWS afterwards)';
  const back = recoverableUntil === undefined ? '' : `; it can be recovered until ${day(recoverableUntil)}`;
  return `${past(change)}${under(event)}${how}${back}.`;
}
