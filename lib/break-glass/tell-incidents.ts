import { foldIncident, type Incident, incidentReviewProblem, incidentState } from '../domain/incident.ts';
import type { IncidentToldAbout } from '../domain/incident-events.ts';
import { subjects } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import { toldIn, toldNoticeId } from '../domain/told.ts';
import type { IncidentTellingContext } from './after-use-context.ts';
import { contended, nowAfter } from './record.ts';

const ATTEMPTS = 20;

/**
 * Tells everybody who is still to be told of an incident, each once, as `tellOfGrant` does. Returns how many were told now.
 */
export async function tellOfIncident(context: IncidentTellingContext, incidentId: string): Promise<number> {
  const subject = subjects.grantIncident(incidentId);
  const events = await context.ledger.chain(subject);
  const incident = foldIncident(events);
  if (incident === undefined) return 0;
  const done = toldIn(events);
  let told = 0;
  for (const { about, recipient } of tellingsOf(incident, context.clock.now(), context.concerned)) {
    const noticeId = toldNoticeId(subject, about, recipient);
    if (done.has(noticeId)) continue;
    const outcome = await context.tellOfIncident({ about, recipient, incident }, noticeId);
    if (outcome === 'unknown') continue;
    await recordTold(context, subject, { about, recipient, noticeId, outcome });
    told += 1;
  }
  return told;
}

/** Whoever comes second finds that it was told. */
async function recordTold(
  context: IncidentTellingContext,
  subject: string,
  data: {
    readonly about: IncidentToldAbout;
    readonly recipient: string;
    readonly noticeId: string;
    readonly outcome: 'accepted' | 'refused';
  },
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const events = await context.ledger.chain(subject);
    if (toldIn(events).has(data.noticeId)) return;
    const appended = await context.ledger.append(subject, events.at(-1) ?? null, {
      at: nowAfter(context, events),
      actor: context.broker,
      type: 'incident.told',
      data,
    });
    if (!appended.ok) continue;
    await context.follow(subject, [...events, appended.event]);
    return;
  }
  throw contended(subject);
}

interface Due {
  readonly about: IncidentToldAbout;
  readonly recipient: string;
}

/** At once everybody who may know what it was, has to review it or answers for the account; late the latter two. */
function tellingsOf(
  incident: Incident,
  now: Instant,
  concerned: IncidentTellingContext['concerned'],
): readonly Due[] {
  const { custodians, reviewers, accountId, person } = incident;
  const state = incidentState(incident, now);
  if (state === 'closed' || state === 'finding') return [];
  const watching = [...reviewers, ...concerned(accountId)];
  const opened = [...custodians, ...(person === undefined ? [] : [person]), ...watching];
  return [
    ...to('opened', opened),
    ...(state === 'overdue'
      ? to(
          'overdue',
          watching.filter((id) => mayAct(incident, id)),
        )
      : []),
  ];
}

/** Who could have done it is not asked to review it. */
function mayAct(incident: Incident, id: string): boolean {
  const problem = incidentReviewProblem(incident, { kind: 'person', arn: '', person: id });
  return problem === undefined || problem === 'not-a-reviewer';
}

function to(about: IncidentToldAbout, recipients: readonly string[]): readonly Due[] {
  return [...new Set(recipients)].map((recipient) => ({ about, recipient }));
}
