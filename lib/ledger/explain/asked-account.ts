import type { Approval } from '../../domain/event.ts';
import type { Exception, ExceptionState } from '../../domain/exception.ts';
import { isKnown } from '../../domain/fact.ts';
import type { Request, RequestState } from '../../domain/request.ts';
import { CAUSES } from './asked-words.ts';
import type { Answer } from './explanation.ts';
import { count, day, who, withoutDot } from './say.ts';

export function answer(question: string, text: string): Answer {
  return { question, answer: text };
}

/** Who asked, for whom through whom, and why (G1, G3, G18 to G20). */
export function askingAccount({ requester, content, submittedAt, admission }: Request): Answer[] {
  const [origin = requester.actor, ...hops] = [...requester.onBehalfOf, requester.actor];
  const through = hops.length === 0 ? 'nobody: the requester called itself' : hops.map(who).join(', then ');
  const served = admission?.beneficiaries ?? [];
  return [
    answer('Asked by', `${who(origin)} on ${day(submittedAt)}`),
    answer('Through', through),
    ...(requester.sponsor === undefined
      ? []
      : [answer('Sponsor', `${requester.sponsor}, for an autonomous agent`)]),
    answer('For', forWhom(content.beneficiary, served)),
  ];
}

function forWhom(beneficiary: string | undefined, served: readonly string[]): string {
  const others = served.filter((person) => person !== beneficiary);
  const also = others.length === 0 ? '' : `; it serves ${others.join(' and ')}`;
  return `${beneficiary ?? 'the requester'}${also}`;
}

export function reasonAccount(
  { reason, ticket }: { readonly reason: string; readonly ticket: string },
  { reasonKind, businessOwner }: { readonly reasonKind: string; readonly businessOwner: string },
): Answer[] {
  return [
    answer('Why', `${withoutDot(reason)} (${reasonKind}, ticket ${ticket})`),
    answer('Answers for it', businessOwner),
  ];
}

/** What the ticket system said when it was asked; nothing where there is none to ask. */
export function ticketAccount({ admission }: Request): Answer[] {
  const state = admission?.ticketState;
  if (state === undefined) return [];
  return isKnown(state)
    ? [answer('Ticket', `${state.value} on ${day(state.asOf)}, by ${state.source}`)]
    : [answer('Ticket', `nobody has verified it: ${state.unknown}`)];
}

/** Who approved, and when; of what the policy approved by itself, that it did. */
export function approvalsText(approvals: readonly Approval[], needed: number): string {
  if (needed === 0) return 'nobody had to: routine, within the limits of the policy';
  const given = approvals.map(({ actor, at }) => `${who(actor)} on ${day(at)}`);
  if (given.length === 0) return `nobody yet; ${count(needed, 'approval')} needed`;
  const missing = needed - given.length;
  return `${given.join(' and ')}${missing > 0 ? `; ${missing} more needed` : ''}`;
}

/** What ended a request, or that nothing has. */
export function requestEnding({ end, admission, content }: Request, state: RequestState): string {
  if (end === undefined) {
    if (state !== 'lapsed') return `nothing yet: it is ${state}`;
    const lapsedAt = admission === undefined ? content.endsAt : admission.lapsesAt;
    return `the clock, in want of an answer by ${day(lapsedAt)}`;
  }
  const why = end.reason === undefined ? '' : `, because ${withoutDot(end.reason)}`;
  const code = end.code === undefined ? '' : ` (${end.code})`;
  return `${state}${code} by ${who(end.by)} on ${day(end.at)}${why}`;
}

/** What ended an exception, or that nothing has (G13, G14). */
export function exceptionEnding(exception: Exception, state: ExceptionState): string {
  const { end, endsAt, challenge } = exception;
  if (end === undefined) {
    if (state !== 'expired') return `nothing yet: it is ${state}`;
    const undecided = challenge !== undefined && challenge.decideBy < endsAt;
    const [cause, at] = undecided
      ? (['challenge-undecided', challenge.decideBy] as const)
      : (['end', endsAt] as const);
    return `the clock on ${day(at)}, since ${CAUSES[cause]}`;
  }
  const why = end.reason === undefined ? '' : `, because ${withoutDot(end.reason)}`;
  if (end.cause !== undefined) return `expired on ${day(end.at)}, since ${CAUSES[end.cause]}${why}`;
  if (end.renewedBy !== undefined) return `renewed on ${day(end.at)}: exception ${end.renewedBy} follows`;
  return `${end.state} by ${who(end.by)} on ${day(end.at)}${why}`;
}
