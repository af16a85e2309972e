import type { LedgerEvent } from '../../domain/event.ts';
import { type Incident, type IncidentState, incidentState } from '../../domain/incident.ts';
import { subjects } from '../../domain/subject.ts';
import type { Instant } from '../../domain/time.ts';
import { answer } from './asked-account.ts';
import { readAsked } from './asked-chain.ts';
import { ASKED_LINES } from './asked-line.ts';
import {
  type Answer,
  type ExplainDependencies,
  type ExplainOptions,
  type Explanation,
  timelineOf,
} from './explanation.ts';
import { callInWords } from './incident-sentence.ts';
import { notFound } from './not-found.ts';
import { day, who, withoutDot } from './say.ts';

/** What was used by whom, why that is an incident, who said what it was for, and who reviewed it. Throws `not-found`. */
export async function explainIncident(
  dependencies: Pick<ExplainDependencies, 'ledger'>,
  id: string,
  { now, at = now }: ExplainOptions,
): Promise<Explanation> {
  const { events, found, intact } = await readAsked(dependencies, 'incident', id, at);
  const subject = subjects.grantIncident(id);
  if (found === undefined) throw notFound(subject, at);
  const { record, state } = found;
  return {
    schemaVersion: 1,
    kind: 'incident',
    subject,
    at,
    summary: `${ASKED_LINES.incident(record, state)}.`,
    account: accountOf(record, events, at),
    asked: { kind: 'incident', id, state, record },
    facts: [],
    timeline: timelineOf(events),
    holds: [],
    next: nextOf(record, state),
    notes: [],
    chainVerified: intact,
    events,
  };
}

function accountOf(incident: Incident, events: readonly LedgerEvent[], at: Instant): Answer[] {
  const { principal, person, target, openedAt, why, calls, explanation } = incident;
  const claims = person === undefined ? '' : ` (of ${person}, as it claims)`;
  const kept = incident.custodians.length === 0 ? [] : [answer('Kept by', incident.custodians.join(', '))];
  return [
    answer('Used by', `${principal}${claims}`),
    answer('Exactly', target),
    answer('Incident since', `${day(openedAt)}: ${why}`),
    ...kept,
    answer('Calls', calls.map(callInWords).join('; ')),
    answer(
      'Explained by',
      explanation === undefined
        ? 'nobody yet'
        : `${who(explanation.by)} on ${day(explanation.at)}: ${withoutDot(explanation.reason)} (ticket ${explanation.ticket})`,
    ),
    answer('Reviewed by', reviewedBy(incident, events, at)),
    ...(incident.review?.followUp === undefined ? [] : [answer('To follow', incident.review.followUp)]),
  ];
}

function reviewedBy(incident: Incident, events: readonly LedgerEvent[], at: Instant): string {
  const { review, reviewBy } = incident;
  if (review === undefined) {
    const due = incidentState(incident, at) === 'overdue' ? 'was due' : 'is due';
    return `nobody yet; a review ${due} by ${day(reviewBy)}`;
  }
  const event = events.find((each) => each.type === 'incident.reviewed' && each.at === review.at);
  const why = event?.reason === undefined ? '' : `, because ${withoutDot(event.reason)}`;
  return `${who(review.by)} on ${day(review.at)}: ${review.verdict}${why}`;
}

function nextOf({ reviewers, custodians, reviewBy }: Incident, state: IncidentState): string {
  if (state === 'closed' || state === 'finding') return 'Nothing: it is settled.';
  const able = reviewers.filter((each) => !custodians.includes(each)).join(', ');
  const review = `Whoever of ${able} did not use it reviews it`;
  return state === 'overdue'
    ? `${review}: that was due by ${day(reviewBy)}.`
    : `${review} by ${day(reviewBy)}.`;
}
