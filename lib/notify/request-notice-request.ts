import { isKnown } from '../domain/fact.ts';
import type { Request, RequestState } from '../domain/request.ts';
import type { ToldAbout } from '../domain/told-events.ts';
import { readable } from './digest-text.ts';
import { shellArgument } from './plain-text.ts';
import {
  actorText,
  columns,
  conditionsText,
  effectText,
  endedBy,
  reasonText,
  requesterText,
  said,
  wishText,
} from './request-notice-words.ts';

interface Told {
  readonly id: string;
  readonly about: ToldAbout;
  readonly record: Request;
  readonly state: RequestState;
}

export function requestText(told: Told, evidence: readonly string[]) {
  return told.about === 'pending' ? pending(told, evidence) : concluded(told);
}

function pending({ id, record }: Told, evidence: readonly string[]) {
  const { content, requestHash, admission, policyHash } = record;
  const { ask, ticket } = content;
  const until = readable(admission?.lapsesAt ?? content.endsAt);
  const command = `janitor approve ${shellArgument(id)} --hash ${requestHash}`;
  return {
    subject: `Your approval is asked for: ${ask.kind}, ticket ${said(ticket)}, by ${until}`,
    lines: [
      `${requesterText(record.requester)} asks ${wishText(ask)}.`,
      '',
      ...columns([...substance(record), ['needs', needs(record)], ['answer by', `${until}, or it lapses`]]),
      '',
      ...(evidence.length === 0 ? [] : ['WHAT IS KNOWN', ...evidence.map((line) => `- ${said(line)}`), '']),
      'TO ANSWER, SIGNED WITH YOUR OWN CREDENTIALS',
      `  read it    janitor request show ${shellArgument(id)}`,
      `  approve    ${command}`,
      `  reject     janitor reject ${shellArgument(id)} --reason '...'`,
      '',
      `The approval counts for exactly what is shown here, under policy ${policyHash.slice(0, 12)}.`,
    ],
  };
}

function substance({ content, admission }: Request): (readonly [string, string | undefined])[] {
  const { ask, reason, reasonKind, ticket, businessOwner, beneficiary, endsAt } = content;
  const served = [...new Set([beneficiary, ...(admission?.beneficiaries ?? [])])];
  const persons = served.filter((person) => person !== undefined);
  return [
    ['effect', effectText(ask)],
    ['until', readable(endsAt)],
    ['while', ask.kind === 'exception' ? conditionsText(ask.while) : undefined],
    ['why', reasonText(reason, { reasonKind, ticket })],
    ['ticket', ticketText(admission?.ticketState)],
    ['answers', `${said(businessOwner)} answers for the need`],
    ['serves', persons.length === 0 ? undefined : persons.map(said).join(', ')],
  ];
}

/** An approver should know whether anybody looked. */
function ticketText(state: NonNullable<Request['admission']>['ticketState']): string | undefined {
  if (state === undefined) return undefined;
  if (!isKnown(state)) return `nobody has verified it: ${said(state.unknown)}`;
  return `${state.value} on ${readable(state.asOf)}, by ${said(state.source)}`;
}

function needs({ admission, approvals }: Request): string {
  if (admission === undefined) return 'nothing';
  const { approvalsNeeded, approverGroup, tier } = admission;
  const given = approvals.map(({ actor, at }) => `${actorText(actor)} on ${readable(at)}`);
  const so = given.length === 0 ? 'none given yet' : `given: ${given.join(', ')}`;
  const persons = approvalsNeeded === 1 ? 'one person' : `${approvalsNeeded} different persons`;
  return `${persons} of group ${said(approverGroup ?? 'unknown')} (${tier}); ${so}`;
}

const HEADINGS: Readonly<Record<RequestState, string>> = {
  pending: 'waits for approval',
  approved: 'is approved and will be carried out',
  executing: 'is approved and being carried out',
  denied: 'was denied',
  rejected: 'was rejected',
  withdrawn: 'was withdrawn',
  lapsed: 'lapsed: nobody answered in time',
  done: 'is done',
  failed: 'was approved and could not be done',
};

const NEXT: Partial<Record<RequestState, string>> = {
  rejected:
    'Nothing comes of it. Whoever still needs it asks again, under a new id and with what was missing.',
  lapsed: 'Nothing comes of it. Whoever still needs it asks again, under a new id.',
  failed:
    'Nothing was left half done that is not on record. Whoever still needs it asks again, under a new id.',
};

function concluded({ id, record, state }: Told) {
  const { content, requester, approvals, end } = record;
  const approvers = approvals.map(({ actor, at }) => `${actorText(actor)} on ${readable(at)}`);
  const next = NEXT[state];
  return {
    subject: `The ${content.ask.kind} of ticket ${said(content.ticket)} ${HEADINGS[state]}`,
    lines: [
      `What ${requesterText(requester)} asked for ${HEADINGS[state]}:`,
      `${wishText(content.ask)}.`,
      '',
      ...columns([
        ...substance(record),
        ['approved', approvers.length === 0 ? 'by nobody' : `by ${approvers.join(', ')}`],
        ['ended', end === undefined ? undefined : `${state} ${endedBy(end.by, end.at, end.reason)}`],
        ['came of it', end?.outcome === undefined ? undefined : said(end.outcome)],
      ]),
      '',
      ...(next === undefined ? [] : [next]),
      `The whole story: janitor explain ${shellArgument(id)}`,
    ],
  };
}
