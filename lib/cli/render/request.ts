import type { RequestView } from '../../api/index.ts';
import { actorLabel } from '../../domain/actor.ts';
import type { Ask, Conditions } from '../../domain/request-events.ts';
import { type Field, fieldLines } from './fields.ts';
import { handleOfId } from './handle.ts';
import type { Style } from './style.ts';
import { counted, printable, shortHash, shortInstant } from './text.ts';

/** A request with everything that is needed to decide it: what, why, who, until when, and what comes next (G1..G4). */
export function requestText(view: RequestView, style: Style, width: number): string {
  const { requestId, request, state, tier, requestHash } = view;
  const kind = tier === undefined ? request.ask.kind : `${request.ask.kind}, ${tier}`;
  const fields: readonly Field[] = [
    ['What', askWords(request.ask)],
    ['Why', `${request.reason} (${request.reasonKind}, ticket ${request.ticket})`],
    ['Asked by', askedBy(view)],
    ['For', request.beneficiary],
    ['Answers for it', request.businessOwner],
    ['Until', shortInstant(request.endsAt)],
    ['Judged by', `policy ${shortHash(view.policyHash)}`],
    ['Approved by', approvalWords(view)],
    ['Ended', endWords(view)],
    ['Hash', requestHash],
    ['Next', nextOfRequest(view)],
  ];
  return [
    `${style.bold(printable(requestId))}  ${stateWord(state, style)}, ${kind}`,
    fieldLines(fields, style, width),
  ].join('\n');
}

/** Colour says whether it waits, went well or did not. */
export function stateWord(state: string, style: Style): string {
  if (['done', 'approved', 'active', 'dismissed'].includes(state)) return style.green(state);
  return ['pending', 'executing', 'proposed', 'challenged', 'open'].includes(state)
    ? style.yellow(state)
    : style.red(state);
}

/** What is asked for in words, with the whole ids: this is what is approved. */
export function askWords(ask: Ask): string {
  switch (ask.kind) {
    case 'exception':
      return `${ask.scope.rules.join(', ')} does not apply to ${ask.scope.credentialId} as long as ${conditionWords(ask.while)}`;
    case 'extension':
      return `exception ${ask.exceptionId} for longer, with the same scope and conditions`;
    case 'restore':
      return `undo what the janitor did to ${ask.credentialId}`;
    case 'rotate-now':
      return `replace ${ask.credentialId} by a new key`;
    case 'approve-plan':
      return `carry out ${ask.planId} (hash ${shortHash(ask.planHash)})`;
    case 'policy-override':
      return `${ask.rule} does not ${ask.step} ${ask.credentialId} (rule ${shortHash(ask.ruleHash)})`;
  }
}

/** The same in the width of a table's cell. */
export function askBrief(ask: Ask): string {
  switch (ask.kind) {
    case 'exception':
      return `${ask.scope.rules.join(', ')} on ${handleOfId(ask.scope.credentialId).handle}`;
    case 'extension':
      return `of ${ask.exceptionId}`;
    case 'restore':
    case 'rotate-now':
      return handleOfId(ask.credentialId).handle;
    case 'approve-plan':
      return ask.planId;
    case 'policy-override':
      return `no ${ask.step} by ${ask.rule} of ${handleOfId(ask.credentialId).handle}`;
  }
}

export function conditionWords({ tag, owner, ticket }: Conditions): string {
  return [
    ...Object.entries(tag ?? {}).map(([key, value]) => `its tag ${key} is "${value}"`),
    ...(owner === undefined ? [] : ['its owner stays the same']),
    ...(ticket === undefined ? [] : ['the ticket is open']),
  ].join(' and ');
}

function askedBy({ requester, submittedAt }: RequestView): string {
  const [first, ...through] = [...requester.onBehalfOf, requester.actor].map(actorLabel);
  return [
    `${first}${through.length === 0 ? '' : ` through ${through.join(', then ')}`}`,
    ...(requester.autonomous ? ['an autonomous agent'] : []),
    ...(requester.sponsor === undefined ? [] : [`sponsor ${requester.sponsor}`]),
    `on ${shortInstant(submittedAt)}`,
  ].join(', ');
}

function approvalWords({ approvals, approvalsNeeded, approverGroup, tier }: RequestView): string | undefined {
  if (tier === undefined) return undefined;
  if (approvalsNeeded === 0) return 'the policy: routine, within its limits';
  const names = approvals.map(({ actor, at }) => `${actorLabel(actor)} on ${shortInstant(at)}`);
  const group = approverGroup === undefined ? '' : ` of group ${approverGroup}`;
  return `${approvals.length} of ${approvalsNeeded}${group}${names.length === 0 ? '' : `: ${names.join(', ')}`}`;
}

function endWords({ end, state }: RequestView): string | undefined {
  if (end === undefined) return undefined;
  const why = [end.reason, end.code].filter((part) => part !== undefined).join(', ');
  return `${state} on ${shortInstant(end.at)} by ${actorLabel(end.by)}${why === '' ? '' : `: ${why}`}`;
}

/** What comes next, and the exact command. */
function nextOfRequest(view: RequestView): readonly string[] {
  const { requestId, state } = view;
  switch (state) {
    case 'pending':
      return waiting(view);
    case 'approved':
    case 'executing':
      return ['It is carried out within minutes; look again:', `janitor request show ${requestId}`];
    case 'done':
      return afterwards(view);
    case 'denied':
      return ['Nothing happens. Ask for what the policy allows; why it does not allow this stands above.'];
    case 'rejected':
    case 'withdrawn':
    case 'lapsed':
      return ['Nothing happens. It takes a new request to ask again.'];
    case 'failed':
      return ['Mend what failed and ask again. The whole story:', `janitor explain request#${requestId}`];
  }
}

function waiting(view: RequestView): string[] {
  const { requestId, request, approvals, approvalsNeeded, approverGroup, lapsesAt } = view;
  const more = counted(approvalsNeeded - approvals.length, 'more approval');
  const group = approverGroup === undefined ? '' : ` of group ${approverGroup}`;
  const until = lapsesAt === undefined ? '' : ` by ${shortInstant(lapsesAt)}, else it lapses`;
  return [
    `It takes ${more}${group}${until}:`,
    `janitor approve ${requestId}`,
    'To read first what it is about:',
    `janitor explain ${subjectOf(request.ask)}`,
  ];
}

/** What `janitor explain` tells the evidence of. */
function subjectOf(ask: Ask): string {
  switch (ask.kind) {
    case 'exception':
      return handleOfId(ask.scope.credentialId).handle;
    case 'extension':
      return `exception#${ask.exceptionId}`;
    case 'approve-plan':
      return ask.planId;
    default:
      return handleOfId(ask.credentialId).handle;
  }
}

function afterwards({ requestId, request: { ask } }: RequestView): string[] {
  switch (ask.kind) {
    case 'exception':
    case 'extension':
      return [
        'It came into force. Whether it still is:',
        `janitor exception show ${requestId}`,
        'To end it at any time:',
        `janitor exception revoke ${requestId} --reason ...`,
      ];
    case 'restore':
    case 'rotate-now':
    case 'policy-override':
      return ['The whole story:', `janitor explain ${handleOfId(ask.credentialId).handle}`];
    case 'approve-plan':
      return ['What comes of it:', `janitor explain ${ask.planId}`];
  }
}
