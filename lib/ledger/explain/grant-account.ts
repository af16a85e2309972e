import type { LedgerEvent } from '../../domain/event.ts';
import { afterUse, type Grant, type GrantState } from '../../domain/grant.ts';
import type { Standing } from '../../domain/grant-events.ts';
import type { Instant } from '../../domain/time.ts';
import { answer, approvalsText } from './asked-account.ts';
import type { Answer } from './explanation.ts';
import { END_CAUSES, MENDED } from './grant-words.ts';
import { count, day, who, withoutDot } from './say.ts';

type EventOf<T extends LedgerEvent['type']> = Extract<LedgerEvent, { type: T }>;

const STANDINGS: Readonly<Record<Standing, string>> = {
  'on-call': 'on call',
  'not-asked': 'eligible; the role asks for no more',
  emergency: 'one of the emergency group, although nobody could say who is on call: reviewed by two',
};

/** What an auditor asks about a grant, from its chain alone (G1 to G5, G11, G17). */
export function grantAccount(
  grant: Grant,
  state: GrantState,
  events: readonly LedgerEvent[],
  at: Instant,
): Answer[] {
  const { requestedBy, requestedAt, roleArn, reason, ticket, why, standing, policyHash } = grant;
  return [
    answer('Taken by', `${who(requestedBy)} on ${day(requestedAt)}`),
    answer('Exactly', `${roleArn}${grant.sessionManager ? ', shells of Session Manager included' : ''}`),
    answer('Why', `${withoutDot(reason)} (ticket ${ticket})`),
    answer('Standing', `${STANDINGS[standing]} (${why.join('; ')})`),
    answer('Judged by', `policy ${policyHash}, tier ${grant.tier}`),
    answer('Approved by', approvedBy(grant)),
    answer('In force', inForce(grant, state)),
    answer('Until', `${day(grant.endsAt)} at the latest`),
    ...sessions(grant),
    answer('What ended it', ending(grant, state, events)),
    ...drillAnswer(grant),
    ...(grant.endedAt === undefined ? [] : afterwards(grant, events, at)),
  ];
}

function approvedBy({ approvals, approvalsNeeded, approverGroup }: Grant): string {
  if (approvalsNeeded === 0) return 'nobody had to: announced at once and reviewed afterwards';
  return `${approvalsText(approvals, approvalsNeeded)} (group ${approverGroup})`;
}

function inForce({ activatedAt }: Grant, state: GrantState): string {
  if (activatedAt !== undefined) return `from ${day(activatedAt)}`;
  return state === 'requested' || state === 'activating' ? 'not yet' : 'never';
}

function sessions({ sessions: intended, accessKeyIds }: Grant): Answer[] {
  if (intended === 0) return [];
  const known = accessKeyIds.length === 0 ? 'none of them handed out' : accessKeyIds.join(', ');
  return [answer('Sessions', `${count(intended, 'session')} set out for: ${known}`)];
}

function ending(grant: Grant, state: GrantState, events: readonly LedgerEvent[]): string {
  if (state === 'lapsed') return 'nothing had begun: it lapsed';
  if (grant.ending === undefined)
    return state === 'ending' ? 'the clock, since its time is over' : 'nothing yet';
  const { cause, at, by } = grant.ending;
  const event = newest(events, 'grant.ending');
  const why = event?.reason === undefined ? '' : `, because ${withoutDot(event.reason)}`;
  const said = `${who(by)} on ${day(at)}, since ${END_CAUSES[cause]}${why}`;
  return `${said}; ${proof(grant, events)}`;
}

function proof({ endedAt, failure }: Grant, events: readonly LedgerEvent[]): string {
  const ended = newest(events, 'grant.ended');
  if (endedAt === undefined || ended === undefined)
    return failure === undefined ? 'not verified yet' : `not verified yet (${failure})`;
  const { proof: kind, policyVersion, mended } = ended.data;
  const version = policyVersion === undefined ? '' : ` by version ${policyVersion} of the policy`;
  const seen = kind === 'tag-denied' ? `its tag was seen denied${version}` : 'every session had expired';
  return `${seen} on ${day(endedAt)}${mended === true ? `; ${MENDED}` : ''}`;
}

function drillAnswer({ drill }: Grant): Answer[] {
  if (drill === undefined) return [];
  const stages = drill.stages.map(({ stage, outcome, at, detail }) => {
    const why = detail === undefined ? '' : ` (${detail})`;
    return `${stage} ${outcome}${why} on ${day(at)}`;
  });
  return [answer('Drill', stages.join('; '))];
}

function afterwards(grant: Grant, events: readonly LedgerEvent[], at: Instant): Answer[] {
  const follow = grant.reviews.flatMap(({ followUp }) => followUp ?? []);
  return [
    answer('Evidence', evidence(events)),
    ...shells(grant),
    answer('Reviewed by', reviewedBy(grant, events, at)),
    ...told(events),
    ...(follow.length === 0 ? [] : [answer('To follow', follow.join('; '))]),
  ];
}

function shells({ shells: ended, shellsFailure }: Grant): Answer[] {
  if (shellsFailure !== undefined)
    return [answer('Shells', `could not be ended (${shellsFailure}); tried again`)];
  if (ended === undefined) return [];
  return [answer('Shells', `${count(ended.ended, 'shell')} ended${ended.complete ? '; none is left' : ''}`)];
}

/** Whom notices about it reached, each once. */
function told(events: readonly LedgerEvent[]): Answer[] {
  const reached = events.flatMap((event) =>
    event.type === 'grant.told' && event.data.outcome === 'accepted' ? [event.data.recipient] : [],
  );
  return reached.length === 0 ? [] : [answer('Told', [...new Set(reached)].join(', '))];
}

function evidence(events: readonly LedgerEvent[]): string {
  const attached = newest(events, 'grant.evidence-attached');
  if (attached === undefined) return 'none yet';
  const [object] = attached.evidence ?? [];
  const where = object === undefined ? '' : `: ${object.key} (SHA-256 ${object.sha256})`;
  const whole = attached.data.complete ? '' : ', not complete';
  return `${count(attached.data.events, 'call')}${whole}${where}`;
}

function reviewedBy(grant: Grant, events: readonly LedgerEvent[], at: Instant): string {
  if (grant.reviewsNeeded === 0) return 'nobody has to: it was a drill';
  const given = grant.reviews.map(({ by, at: on, verdict }) => {
    const event = events.find((each) => each.type === 'grant.reviewed' && each.at === on);
    const why = event?.reason === undefined ? '' : `, because ${withoutDot(event.reason)}`;
    return `${who(by)} on ${day(on)}: ${verdict}${why}`;
  });
  const stage = afterUse(grant, at);
  if (stage === 'closed' || stage === 'finding') return given.join(' and ');
  const missing = count(grant.reviewsNeeded - grant.reviews.length, 'review');
  const overdue = stage === 'review-overdue' ? 'was due' : 'is due';
  return [...given, `${missing} ${overdue} by ${day(grant.reviewBy)}`].join('; ');
}

function newest<T extends LedgerEvent['type']>(
  events: readonly LedgerEvent[],
  type: T,
): EventOf<T> | undefined {
  return events.findLast((each): each is EventOf<T> => each.type === type);
}
