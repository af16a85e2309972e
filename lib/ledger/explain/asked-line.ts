import type { GrantState } from '../../domain/grant.ts';
import type { IncidentState } from '../../domain/incident.ts';
import type { Instant } from '../../domain/time.ts';
import type { AskedKind, AskedRecords, AskedStates } from '../asked/asked-kind.ts';
import { approvalsText } from './asked-account.ts';
import { challenged, wish } from './asked-words.ts';
import { day, who } from './say.ts';

function endedOn(end: { readonly at: Instant } | undefined): string {
  return end === undefined ? '' : ` on ${day(end.at)}`;
}

type Line<K extends AskedKind> = (record: AskedRecords[K], state: AskedStates[K]) => string;

/** Something asked in one line: by whom, what, and what came of it. */
export const ASKED_LINES: { readonly [K in AskedKind]: Line<K> } = {
  request: (request, state) => {
    const { actor, onBehalfOf } = request.requester;
    const asked = `${who(onBehalfOf[0] ?? actor)} asked ${wish(request.content.ask)}`;
    return `${asked}; ${state}${endedOn(request.end)}`;
  },
  exception: (exception, state) => {
    const { scope, endsAt, requestedBy, approvals } = exception;
    const asked = `from ${scope.rules.join(', ')} until ${day(endsAt)}, asked by ${who(requestedBy)}`;
    const approved = approvalsText(approvals, approvals.length);
    return `${asked}, approved by ${approved}; ${state}${endedOn(exception.end)}`;
  },
  challenge: ({ target, openedBy, openedAt, end, decideBy }, state) => {
    const opened = `${who(openedBy)} challenged ${challenged(target)} on ${day(openedAt)}`;
    if (end !== undefined && state !== 'undecided')
      return `${opened}; ${state} by ${who(end.by)} on ${day(end.at)}`;
    return state === 'open'
      ? `${opened}; to be decided by ${day(decideBy)}`
      : `${opened}; nobody decided it by ${day(decideBy)}`;
  },
  grant: ({ requestedBy, role, accountId, requestedAt, endsAt }, state) =>
    `${who(requestedBy)} took ${role} in ${accountId} on ${day(requestedAt)}, until ${day(endsAt)} at the latest; ${GRANT_STATES[state]}`,
  incident: ({ target, accountId, principal, openedAt, why }, state) =>
    `${principal} used ${target} in ${accountId}, found on ${day(openedAt)}: ${why}; ${INCIDENT_STATES[state]}`,
};

const INCIDENT_STATES: Readonly<Record<IncidentState, string>> = {
  open: 'nobody has said what it was for',
  explained: 'it was explained, and is to be reviewed',
  overdue: 'its review is overdue',
  closed: 'it was reviewed and closed',
  finding: 'it was reviewed, with a finding',
};

const GRANT_STATES: Readonly<Record<GrantState, string>> = {
  requested: 'it waits for an approval, or to be taken up',
  lapsed: 'it lapsed and was never in force',
  activating: 'it is about to begin',
  active: 'it is in force',
  ending: 'it is being ended',
  ended: 'it has ended',
};
