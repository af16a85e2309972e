import type { EventDraft } from '../domain/event.ts';
import { foldIncident, type Incident } from '../domain/incident.ts';
import { subjects } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import type { BreakGlassContext } from './context.ts';
import { contended, nowAfter } from './record.ts';

const ATTEMPTS = 20;

/** An incident as it stands; `recorded`: this call wrote its newest event. */
export interface IncidentStood {
  readonly incident: Incident;
  readonly recorded: boolean;
}

/**
 * Appends what `draftOf` makes of an incident (undefined: there is none yet) right after what it was made of, or nothing
 * when it makes nothing; whoever lost that race decides anew. Undefined: there is none, and none was begun.
 */
export async function recordOnIncident(
  context: Pick<BreakGlassContext, 'clock' | 'ledger' | 'follow'>,
  incidentId: string,
  draftOf: (incident: Incident | undefined, at: Instant) => EventDraft | undefined,
): Promise<IncidentStood | undefined> {
  const subject = subjects.grantIncident(incidentId);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const events = await context.ledger.chain(subject);
    const before = foldIncident(events);
    const draft = draftOf(before, nowAfter(context, events));
    if (draft === undefined) return before === undefined ? undefined : { incident: before, recorded: false };
    const appended = await context.ledger.append(subject, events.at(-1) ?? null, draft);
    if (!appended.ok) continue;
    const grown = [...events, appended.event];
    await context.follow(subject, grown);
    const incident = foldIncident(grown);
    return incident === undefined ? undefined : { incident, recorded: true };
  }
  throw contended(subject);
}
