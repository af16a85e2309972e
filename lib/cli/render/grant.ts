import type { GrantView } from '../../api/index.ts';
import { actorLabel } from '../../domain/actor.ts';
import { type Field, fieldLines } from './fields.ts';
import { shellLine } from './shell-words.ts';
import type { Style } from './style.ts';
import { counted, printable, shortInstant } from './text.ts';

/** A grant with everything that is needed to use, approve, end or review it. */
export function grantText(view: GrantView, style: Style, width: number): string {
  const { grantId, role, accountId, reason, ticket, requestedBy, requestedAt } = view;
  const fields: readonly Field[] = [
    ['Role', `${role} in ${accountId}, ${view.tier}: ${view.roleArn}`],
    ['Why', `${reason} (ticket ${ticket})`],
    ['Asked by', `${actorLabel(requestedBy)} on ${shortInstant(requestedAt)}`],
    ['Allowed by', view.why],
    ['Standing', standingWords(view)],
    ['Left', leftWords(view)],
    ['Approved by', approvalWords(view)],
    ['Sessions', sessionWords(view)],
    ['Still to do', view.errands.length === 0 ? undefined : `${view.errands.join(', ')}; tried again`],
    ['Ended', endWords(view)],
    ['Trouble', view.failure === undefined ? undefined : `ending it failed (${view.failure}); tried again`],
    ['Evidence', evidenceWords(view)],
    ['Reviewed by', reviewWords(view)],
    ['Next', nextOfGrant(view)],
  ];
  return [
    `${style.bold(printable(grantId))}  ${grantStateWord(view, style)}`,
    fieldLines(fields, style, width),
  ].join('\n');
}

/** The state, and once it has ended what is still owed. */
export function grantStateWord({ state, afterUse }: GrantView, style: Style): string {
  if (state === 'active') return style.green(state);
  if (state === 'lapsed') return style.dim(state);
  if (state !== 'ended') return style.yellow(state);
  const owed = afterUse === 'closed' ? style.dim(`${state}, reviewed`) : `${state}, ${afterUse}`;
  return ['finding', 'review-overdue'].includes(afterUse) ? style.red(owed) : owed;
}

/** `19 min left, until 2026-01-31 09:00 UTC`, or nothing where it is over. */
export function leftWords({ state, secondsLeft, endsAt }: GrantView): string | undefined {
  if (state === 'ended' || state === 'lapsed' || state === 'ending') return undefined;
  return `${minutesLeft(secondsLeft)}, until ${shortInstant(endsAt)}`;
}

export function minutesLeft(seconds: number): string {
  if (seconds < 60) return `${seconds} s left`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

function standingWords({ standing }: GrantView): string | undefined {
  if (standing === 'on-call') return 'on call';
  return standing === 'emergency'
    ? 'emergency group: nobody could say who is on call, so two persons review it'
    : undefined;
}

function approvalWords({ approvals, approvalsNeeded, approverGroup }: GrantView): string | undefined {
  if (approvalsNeeded === 0) return undefined;
  const names = approvals.map(({ actor, at }) => `${actorLabel(actor)} on ${shortInstant(at)}`);
  const all = `${approvals.length} of ${approvalsNeeded} of group ${approverGroup}`;
  return names.length === 0 ? all : `${all}: ${names.join(', ')}`;
}

function sessionWords({ sessions, accessKeyIds, sessionManager }: GrantView): string | undefined {
  if (sessions === 0) return undefined;
  const shells = sessionManager ? '; may open shells by Session Manager' : '';
  return `${counted(sessions, 'session')} of 15 minutes at most: ${accessKeyIds.join(', ')}${shells}`;
}

function endWords({ ending, endedAt, lapsedAt, endsAt }: GrantView): string | undefined {
  if (lapsedAt !== undefined) return `lapsed on ${shortInstant(lapsedAt)}: nobody took it up`;
  if (ending === undefined) return endedAt === undefined ? undefined : shortInstant(endsAt);
  const said = `${ending.cause} on ${shortInstant(ending.at)} by ${actorLabel(ending.by)}`;
  return endedAt === undefined ? said : `${said}; seen to have no access on ${shortInstant(endedAt)}`;
}

function evidenceWords({ evidence, afterUse }: GrantView): string | undefined {
  if (evidence !== undefined) {
    const all = evidence.complete ? 'complete' : 'not complete';
    return `${counted(evidence.events, 'event')} of CloudTrail, ${all}`;
  }
  return afterUse === 'evidence-pending'
    ? 'not yet: it is read a quarter of an hour after the end'
    : undefined;
}

function reviewWords({ reviews, reviewsNeeded, reviewBy, afterUse }: GrantView): string | undefined {
  if (afterUse === 'not-ended' || reviewsNeeded === 0) return undefined;
  const said = reviews.map(({ by, at, verdict, followUp }) => {
    const more = followUp === undefined ? '' : `, ${followUp}`;
    return `${actorLabel(by)} on ${shortInstant(at)}: ${verdict}${more}`;
  });
  return [`${reviews.length} of ${reviewsNeeded}, due by ${shortInstant(reviewBy)}`, ...said].join('; ');
}

/** What comes next, and the exact command. */
function nextOfGrant(view: GrantView): readonly string[] {
  const { grantId, state } = view;
  switch (state) {
    case 'requested':
      return waitingWords(view);
    case 'activating':
    case 'active':
      return [
        'Use it in a command, and give it back:',
        `janitor break-glass exec --grant ${grantId} -- aws sts get-caller-identity`,
        `janitor break-glass return ${grantId}`,
      ];
    case 'ending':
      return ['It is being ended; look again:', `janitor break-glass show ${grantId}`];
    case 'lapsed':
      return ['Nothing happens. Ask for another grant.'];
    case 'ended':
      return afterwards(view);
  }
}

/** Whose approval it takes, the command for them, and the command that then goes on. */
export function waitingWords(view: GrantView, goesOn = startLine(view)): string[] {
  const { grantId, approvals, approvalsNeeded, approverGroup, approvers, endsAt } = view;
  const may = approvers.filter((person) => person !== view.requestedBy.person);
  const more = counted(approvalsNeeded - approvals.length, 'more person');
  if (approvals.length >= approvalsNeeded) return ['It is approved. Take it up:', goesOn];
  return [
    `It takes ${more} of group ${approverGroup} (${may.join(', ')}) before ${shortInstant(endsAt)}:`,
    `janitor break-glass approve ${grantId}`,
    'Then the same command goes on:',
    goesOn,
  ];
}

/** The command that goes on with a grant. */
export function startLine(view: GrantView): string {
  return shellLine(['janitor', 'break-glass', 'start', ...startWords(view)]);
}

/** What says the same grant again, in any command that takes it. */
export function startWords(view: GrantView): string[] {
  const { role, accountId, reason, ticket, durationSeconds, grantId } = view;
  const flags = ['--account', accountId, '--reason', reason, '--ticket', ticket];
  const more = ['--duration', `${Math.round(durationSeconds / 60)}m`, '--id', grantId];
  return [role, ...flags, ...more];
}

function afterwards(view: GrantView): string[] {
  const { grantId, afterUse } = view;
  switch (afterUse) {
    case 'review-due':
    case 'review-overdue':
      return [`Somebody else reviews it${mayReview(view)}:`, `janitor break-glass review ${grantId}`];
    case 'closed':
    case 'finding':
      return ['The whole story:', `janitor explain grant#${grantId}`];
    default:
      return ['What it was used for is gathered; look again:', `janitor break-glass evidence ${grantId}`];
  }
}

/** Of its reviewers those who neither took nor approved it nor have said. */
function mayReview({ reviewers, requestedBy, approvals, reviews }: GrantView): string {
  const had = [requestedBy, ...approvals.map(({ actor }) => actor), ...reviews.map(({ by }) => by)];
  const may = reviewers.filter((id) => !had.some(({ person }) => person === id));
  return may.length === 0 ? '' : ` (${may.join(', ')})`;
}
