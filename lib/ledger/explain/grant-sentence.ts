import type { LedgerEvent } from '../../domain/event.ts';
import type { Errand, GrantToldAbout } from '../../domain/grant-events.ts';
import { END_CAUSES, MENDED } from './grant-words.ts';
import { because, count, day, until, who } from './say.ts';

/** Events on chains of break-glass grants. */
export type GrantEvent = Extract<LedgerEvent, { type: `grant.${string}` }>;
type EventOf<T extends GrantEvent['type']> = Extract<GrantEvent, { type: T }>;

export function isGrantEvent(event: LedgerEvent): event is GrantEvent {
  return event.type.startsWith('grant.');
}

export function grantSentence(event: GrantEvent): string {
  const by = who(event.actor);
  switch (event.type) {
    case 'grant.requested':
      return requested(event);
    case 'grant.refused':
      return `${by} was refused ${event.data.role} in ${event.data.accountId} (${event.data.code}): ${event.data.why.join('; ')}.`;
    case 'grant.approved':
      return `${by} approved the grant.`;
    case 'grant.activating':
      return `${by} took up the grant, which has its approvals.`;
    case 'grant.lapsed':
      return 'The grant lapsed, since it was not approved and taken up in time; no session was issued.';
    case 'grant.activated':
      return `Access began with session ${event.data.accessKeyId}, which lasts until ${day(event.data.sessionExpiresAt)}${failedErrands(event)}.`;
    case 'grant.errand-done':
      return `${ERRANDS[event.data.errand]}, after it had failed at first.`;
    case 'grant.renewed':
      return `${by} asked for session ${event.data.session} of the grant.`;
    case 'grant.issued':
      return `Session ${event.data.session} was issued as ${event.data.accessKeyId} and lasts until ${day(event.data.sessionExpiresAt)}.`;
    default:
      return afterwardsSentence(event);
  }
}

type Afterwards = Exclude<
  GrantEvent,
  {
    type: `grant.${'requested' | 'refused' | 'approved' | 'activating' | 'lapsed' | 'activated' | 'errand-done' | 'renewed' | 'issued'}`;
  }
>;

function afterwardsSentence(event: Afterwards): string {
  const by = who(event.actor);
  switch (event.type) {
    case 'grant.ending':
      return `The grant ends, since ${END_CAUSES[event.data.cause]}${because(event)} (by ${by}); no session is issued any more.`;
    case 'grant.end-failed':
      return `Its sessions could not be ended (${event.data.code})${because(event)}${mended(event)}; that is tried again.`;
    case 'grant.ended':
      return event.data.proof === 'tag-denied'
        ? `Access has ended: its tag is denied${version(event)}${mended(event)}.`
        : 'Access has ended: every session of it has expired.';
    case 'grant.evidence-attached':
      return `${count(event.data.events, 'call')} of its sessions were attached as evidence${event.data.complete ? '' : ', which is not complete'}.`;
    case 'grant.reviewed':
      return reviewed(event);
    case 'grant.shells-ended':
    case 'grant.shells-failed':
    case 'grant.evidence-failed':
    case 'grant.told':
      return errandSentence(event);
    case 'grant.drilled':
      return drilledSentence(event);
    case 'grant.noted':
      return `Grant ${event.data.grantId} is to be reviewed by ${day(event.data.reviewBy)}.`;
    case 'grant.settled':
      return `The review of grant ${event.data.grantId} is settled.`;
  }
}

function drilledSentence({ data }: EventOf<'grant.drilled'>): string {
  const failed = data.stages.find(({ outcome }) => outcome === 'failed');
  if (failed === undefined)
    return `The drill passed every stage: ${data.stages.map(({ stage }) => stage).join(', ')}.`;
  const why = failed.detail === undefined ? '' : ` (${failed.detail})`;
  return `The drill failed at the stage "${failed.stage}"${why}.`;
}

type AfterErrand = Extract<
  GrantEvent,
  { type: `grant.${'shells-ended' | 'shells-failed' | 'evidence-failed' | 'told'}` }
>;

function errandSentence(event: AfterErrand): string {
  switch (event.type) {
    case 'grant.shells-ended':
      return `${count(event.data.ended, 'shell')} it had left open ${event.data.ended === 1 ? 'was' : 'were'} ended${event.data.complete ? '; none is left' : '; looked for again'}.`;
    case 'grant.shells-failed':
      return `Its shells could not be ended (${event.data.code})${because(event)}; that is tried again.`;
    case 'grant.evidence-failed':
      return `What its sessions did could not be looked up (${event.data.code})${because(event)}; that is tried again.`;
    case 'grant.told': {
      const { recipient, about, outcome } = event.data;
      const reached = outcome === 'accepted' ? 'was told' : 'could not be reached, and was not told';
      return `${recipient} ${reached} ${ABOUT[about]}.`;
    }
  }
}

const ABOUT: Readonly<Record<GrantToldAbout, string>> = {
  begun: 'that it began',
  ended: 'that it has ended',
  'end-failed': 'that it could not be ended yet',
  review: 'that its use is to be reviewed',
  more: 'that there is more evidence of it',
  overdue: 'that its review is overdue',
};

function requested(event: EventOf<'grant.requested'>): string {
  const { role, accountId, approvalsNeeded, why, reviewBy } = event.data;
  const needs = approvalsNeeded === 0 ? '' : ` It takes ${count(approvalsNeeded, 'approval')}.`;
  return `${who(event.actor)} asked for ${role} in ${accountId}${until(event)}${because(event)}; ${why.join('; ')}.${needs} To be reviewed by ${day(reviewBy)}.`;
}

function failedErrands({ data }: EventOf<'grant.activated'>): string {
  const failed = [
    ...(data.endSchedule === 'failed' ? ['its end could not be scheduled'] : []),
    ...(data.announcement === 'failed' ? ['it could not be announced'] : []),
  ];
  return failed.length === 0 ? '' : `; ${failed.join(' and ')}, which is tried again`;
}

function mended({ data }: EventOf<'grant.ended' | 'grant.end-failed'>): string {
  return data.mended === true ? `; ${MENDED}` : '';
}

function version({ data }: EventOf<'grant.ended'>): string {
  return data.policyVersion === undefined ? '' : ` by version ${data.policyVersion} of the policy`;
}

function reviewed(event: EventOf<'grant.reviewed'>): string {
  const { verdict, followUp } = event.data;
  const what = verdict === 'closed' ? 'found nothing amiss' : 'has a finding';
  const next = followUp === undefined ? '' : ` To follow: ${followUp}.`;
  return `${who(event.actor)} reviewed the use and ${what}${because(event)}.${next}`;
}

const ERRANDS: Readonly<Record<Errand, string>> = {
  'end-schedule': 'Its end was scheduled',
  announcement: 'It was announced',
};
