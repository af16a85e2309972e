import type { LedgerEvent } from '../../domain/event.ts';
import type { Exception, ExceptionState } from '../../domain/exception.ts';
import type { Request } from '../../domain/request.ts';
import { subjects } from '../../domain/subject.ts';
import type { Instant } from '../../domain/time.ts';
import type { AskedReference } from '../asked/asked-kind.ts';
import {
  answer,
  approvalsText,
  askingAccount,
  exceptionEnding,
  reasonAccount,
  ticketAccount,
} from './asked-account.ts';
import { merged, readAsked, relatedOf } from './asked-chain.ts';
import { conditionsInWords } from './asked-words.ts';
import {
  type Answer,
  type ExplainDependencies,
  type ExplainOptions,
  type Explanation,
  timelineOf,
} from './explanation.ts';
import { notFound } from './not-found.ts';
import { day, who } from './say.ts';

/**
 * Who asked for an exception, for whom through whom, who approved when, what exactly, why, until when, what must stay
 * true and what ended it: from its chain, its request's, its challenges' and the credential's. Throws `not-found`.
 */
export async function explainException(
  dependencies: Pick<ExplainDependencies, 'ledger' | 'state'>,
  id: string,
  { now, at = now }: ExplainOptions,
): Promise<Explanation> {
  const own = await readAsked(dependencies, 'exception', id, at);
  if (own.found === undefined) throw notFound(subjects.exception(id), at);
  const { record, state } = own.found;
  const request = await readAsked(dependencies, 'request', id, at);
  const references = await relatedTo(dependencies, id, record, own.events);
  const challengeIds = references.filter(({ kind }) => kind === 'challenge').map((each) => each.id);
  const challenges = await Promise.all(
    challengeIds.map((challengeId) => readAsked(dependencies, 'challenge', challengeId, at)),
  );
  const { related, notes } = await relatedOf(dependencies, references, at);
  const holds = await holdsOf(dependencies, id, record.scope.credentialId, at);
  const chains = [request, own, ...challenges, holds];
  const events = merged(chains);
  return {
    schemaVersion: 1,
    kind: 'exception',
    subject: subjects.exception(id),
    at,
    summary: summaryOf(record, state),
    account: accountOf(record, state, request.found?.record),
    asked: { kind: 'exception', id, state, record },
    related,
    facts: [],
    timeline: timelineOf(events),
    holds: [],
    next: nextOf(id, record, state),
    notes: [
      ...notes,
      ...(request.found === undefined ? [`The request it came of (${id}) cannot be read.`] : []),
    ],
    chainVerified: chains.every(({ intact }) => intact),
    events,
  };
}

/** What came of it and after it: by its own chain, and what else was asked about it. */
async function relatedTo(
  { state }: Pick<ExplainDependencies, 'state'>,
  id: string,
  { renews, end }: Exception,
  events: readonly LedgerEvent[],
): Promise<AskedReference[]> {
  const marked = events.flatMap((event) =>
    event.type === 'exception.challenged' ? [event.data.challengeId] : [],
  );
  const neighbours = [renews, end?.renewedBy].filter((each) => each !== undefined);
  return unique([
    ...marked.map((challengeId) => ({ kind: 'challenge', id: challengeId }) as const),
    ...(await state.requests.about(subjects.exception(id))),
    ...neighbours.map((each) => ({ kind: 'exception', id: each }) as const),
  ]);
}

function unique(references: readonly AskedReference[]): AskedReference[] {
  return [...new Map(references.map((each) => [`${each.kind}#${each.id}`, each])).values()];
}

/** The events by which it began and ceased to count on the credential's own chain. */
async function holdsOf(
  { ledger }: Pick<ExplainDependencies, 'ledger'>,
  id: string,
  credentialId: string,
  at: Instant,
): Promise<{ readonly events: readonly LedgerEvent[]; readonly intact: boolean }> {
  const { events, broken } = await ledger.inspect(subjects.credential(credentialId));
  const until = events.filter((event) => event.at <= at);
  const holdIds = new Set(
    until.flatMap((event) =>
      event.type === 'hold.placed' && event.data.ref?.kind === 'exception' && event.data.ref.id === id
        ? [event.data.holdId]
        : [],
    ),
  );
  const isOfIt = (event: LedgerEvent) =>
    (event.type === 'hold.placed' || event.type === 'hold.lifted') && holdIds.has(event.data.holdId);
  return { events: until.filter(isOfIt), intact: broken === undefined };
}

function summaryOf(exception: Exception, state: ExceptionState): string {
  const { scope, endsAt, challenge } = exception;
  const what = `${scope.credentialId} from ${scope.rules.join(', ')}`;
  switch (state) {
    case 'proposed':
      return `It would except ${what} until ${day(endsAt)}, and is not in force yet.`;
    case 'active':
      return `It excepts ${what} until ${day(endsAt)}.`;
    case 'challenged':
      return `It excepts ${what}, and is challenged: it ends on ${day(challenge?.decideBy ?? endsAt)} unless that is dismissed before.`;
    default:
      return `It excepted ${what} and has ended: ${exceptionEnding(exception, state)}.`;
  }
}

function accountOf(exception: Exception, state: ExceptionState, request: Request | undefined): Answer[] {
  const { scope, requestedBy, proposedAt, approvals, policyHash, activatedAt, exemptSince } = exception;
  const asked =
    request === undefined
      ? [answer('Asked by', `${who(requestedBy)}, before ${day(proposedAt)}`)]
      : askingAccount(request);
  const needed = request?.admission?.approvalsNeeded ?? approvals.length;
  return [
    ...asked,
    answer('Approved by', approvalsText(approvals, needed)),
    answer('Exactly', `the rules ${scope.rules.join(', ')} on ${scope.credentialId}, and nothing else`),
    ...reasonAccount(exception, exception),
    ...(request === undefined ? [] : ticketAccount(request)),
    answer('In force', activatedAt === undefined ? 'never' : `from ${day(activatedAt)}`),
    answer('Until', `${day(exception.endsAt)}; excepted without a gap since ${day(exemptSince)}`),
    answer('Must stay true', `${conditionsInWords(exception.while)}${ownerText(exception)}`),
    answer('Judged by', `policy ${policyHash}`),
    answer('What ended it', exceptionEnding(exception, state)),
  ];
}

function ownerText({ owner, while: conditions }: Exception): string {
  return owner === undefined || conditions.owner === undefined ? '' : ` (${owner})`;
}

function nextOf(id: string, { endsAt, challenge }: Exception, state: ExceptionState): string {
  switch (state) {
    case 'proposed':
      return 'The service puts it into force, or it ends by its clock.';
    case 'active':
      return `It ends on ${day(endsAt)}, or as soon as a sweep finds that something did not stay true; \`janitor exception revoke ${id}\` ends it at once.`;
    case 'challenged':
      return `\`janitor challenge decide ${challenge?.challengeId ?? ''}\`, by somebody who is no party of it.`;
    default:
      return 'Nothing: the rules count again, and every guard of theirs.';
  }
}
