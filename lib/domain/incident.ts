import { type Actor, sameActor } from './actor.ts';
import type { LedgerEvent } from './event.ts';
import type { GrantReview } from './grant.ts';
import type { IncidentCall } from './incident-events.ts';
import { incidentOfSubject } from './subject.ts';
import type { Instant } from './time.ts';

type EventOf<T extends LedgerEvent['type']> = Extract<LedgerEvent, { type: T }>;
type Opened = EventOf<'incident.opened'>['data'];

/** open: nobody has said what it was for. overdue: not reviewed in time. */
export type IncidentState = 'open' | 'explained' | 'overdue' | 'closed' | 'finding';

/** Access that no grant explains, or a use of the last resort, folded from its chain. */
export interface Incident extends Opened {
  readonly incidentId: string;
  readonly openedAt: Instant;
  /** The call that opened it, and others since. */
  readonly calls: readonly IncidentCall[];
  readonly explanation?: {
    readonly by: Actor;
    readonly at: Instant;
    readonly reason: string;
    readonly ticket: string;
  };
  readonly review?: GrantReview;
}

/** Where an incident stands at an instant; what was reviewed stays so. */
export function incidentState(incident: Incident, now: Instant): IncidentState {
  if (incident.review !== undefined) return incident.review.verdict;
  if (now >= incident.reviewBy) return 'overdue';
  return incident.explanation === undefined ? 'open' : 'explained';
}

/** Why somebody may not say what an incident was for; undefined when they may. */
export function explanationProblem(
  incident: Incident,
  by: Actor,
): 'not-a-person' | 'not-a-custodian' | 'explained' | 'settled' | undefined {
  if (by.kind !== 'person' || by.person === undefined) return 'not-a-person';
  if (incident.review !== undefined) return 'settled';
  if (incident.explanation !== undefined) return 'explained';
  const { custodians, person, principal } = incident;
  const isIts = custodians.includes(by.person) || person === by.person || principal === by.arn;
  return isIts || (custodians.length === 0 && person === undefined) ? undefined : 'not-a-custodian';
}

/** Why somebody may not review an incident; undefined when they may. Nobody reviews what they did, or may have done. */
export function incidentReviewProblem(
  incident: Incident,
  by: Actor,
): 'not-a-person' | 'own-use' | 'custodian' | 'not-a-reviewer' | 'settled' | undefined {
  if (by.kind !== 'person' || by.person === undefined) return 'not-a-person';
  if (incident.review !== undefined) return 'settled';
  const { person, principal, explanation, custodians, reviewers } = incident;
  if (person === by.person || principal === by.arn) return 'own-use';
  if (explanation !== undefined && sameActor(explanation.by, by)) return 'own-use';
  if (custodians.includes(by.person)) return 'custodian';
  return reviewers.includes(by.person) ? undefined : 'not-a-reviewer';
}

/** Folds `grant#incident/<id>`, oldest first. What the state before it does not allow changes nothing. */
export function foldIncident(events: readonly LedgerEvent[]): Incident | undefined {
  const [first, ...rest] = events;
  if (first?.type !== 'incident.opened') return undefined;
  const opened: Incident = {
    ...first.data,
    incidentId: incidentOfSubject(first.subject) ?? '',
    openedAt: first.at,
    calls: [first.data.call],
  };
  return rest.reduce(applied, opened);
}

function applied(incident: Incident, event: LedgerEvent): Incident {
  if (incident.review !== undefined) return incident;
  const { actor: by, at } = event;
  switch (event.type) {
    case 'incident.observed':
      return { ...incident, calls: [...incident.calls, event.data.call] };
    case 'incident.explained': {
      if (explanationProblem(incident, by) !== undefined) return incident;
      const { reason = '', ticket = '' } = event;
      return { ...incident, explanation: { by, at, reason, ticket } };
    }
    case 'incident.reviewed':
      return incidentReviewProblem(incident, by) === undefined
        ? { ...incident, review: { by, at, ...event.data } }
        : incident;
    default:
      return incident;
  }
}
