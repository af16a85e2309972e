import type { Request, RequestState } from '../../domain/request.ts';
import { subjects } from '../../domain/subject.ts';
import type { AskedReference } from '../asked/asked-kind.ts';
import {
  answer,
  approvalsText,
  askingAccount,
  reasonAccount,
  requestEnding,
  ticketAccount,
} from './asked-account.ts';
import { readAsked, relatedOf } from './asked-chain.ts';
import { ASKED_LINES } from './asked-line.ts';
import { conditionsInWords, wish } from './asked-words.ts';
import {
  type Answer,
  type ExplainDependencies,
  type ExplainOptions,
  type Explanation,
  timelineOf,
} from './explanation.ts';
import { notFound } from './not-found.ts';
import { day } from './say.ts';

/** Who asked through whom for what, who decided, and what came of it (G1 to G5). Throws `not-found`. */
export async function explainRequest(
  dependencies: Pick<ExplainDependencies, 'ledger'>,
  id: string,
  { now, at = now }: ExplainOptions,
): Promise<Explanation> {
  const { events, found, intact } = await readAsked(dependencies, 'request', id, at);
  if (found === undefined) throw notFound(subjects.request(id), at);
  const { record, state } = found;
  const { related } = await relatedOf(dependencies, outcomesOf(id, record), at);
  return {
    schemaVersion: 1,
    kind: 'request',
    subject: subjects.request(id),
    at,
    summary: `${ASKED_LINES.request(record, state)}.`,
    account: accountOf(record, state),
    asked: { kind: 'request', id, state, record },
    related,
    facts: [],
    timeline: timelineOf(events),
    holds: [],
    next: nextOf(id, record, state),
    notes: [`What an approval names: hash ${record.requestHash}.`],
    chainVerified: intact,
    events,
  };
}

/** The exception of the request's own id, and the one it would follow. */
function outcomesOf(id: string, { content: { ask } }: Request): AskedReference[] {
  const own = { kind: 'exception', id } as const;
  if (ask.kind === 'exception') return [own];
  return ask.kind === 'extension' ? [{ kind: 'exception', id: ask.exceptionId }, own] : [];
}

function accountOf(request: Request, state: RequestState): Answer[] {
  const { content, admission, approvals, policyHash, end } = request;
  const { ask } = content;
  return [
    ...askingAccount(request),
    answer('Exactly', wish(ask)),
    ...(ask.kind === 'exception' ? [answer('Must stay true', conditionsInWords(ask.while))] : []),
    ...reasonAccount(content, content),
    ...ticketAccount(request),
    answer('Until', day(content.endsAt)),
    answer('Judged by', `policy ${policyHash}`),
    ...(admission === undefined
      ? []
      : [
          answer('Tier', `${admission.tier}${groupText(admission.approverGroup)}`),
          answer('Approved by', approvalsText(approvals, admission.approvalsNeeded)),
        ]),
    answer('What ended it', requestEnding(request, state)),
    ...(end?.outcome === undefined ? [] : [answer('Came of it', end.outcome)]),
  ];
}

function groupText(group: string | undefined): string {
  return group === undefined ? '' : `, decided by group ${group}`;
}

function nextOf(id: string, { requestHash, admission, executing, content }: Request, state: RequestState) {
  switch (state) {
    case 'pending':
      return `\`janitor approve ${id} --hash ${requestHash}\` or \`janitor reject ${id}\` by a member of group ${admission?.approverGroup ?? 'unknown'} before ${day(admission?.lapsesAt ?? content.endsAt)}; otherwise it lapses.`;
    case 'approved':
      return `The service carries it out, at the latest before ${day(content.endsAt)}.`;
    case 'executing':
      return `The service finishes it before ${day(executing?.finishBefore ?? content.endsAt)}, or records that it failed.`;
    case 'done':
      return content.ask.kind === 'exception' || content.ask.kind === 'extension'
        ? `\`janitor explain exception#${id}\` says whether the exception is still in force, and what ended it.`
        : 'Nothing: what was asked for is done.';
    default:
      return 'Nothing: whoever still needs it asks again, under a new id.';
  }
}
