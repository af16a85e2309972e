import type { Actor } from '../domain/actor.ts';
import type { EventDraft } from '../domain/event.ts';
import { explanationProblem, type Incident, incidentReviewProblem } from '../domain/incident.ts';
import type { Instant } from '../domain/time.ts';
import type { BreakGlassContext } from './context.ts';
import { recordOnIncident } from './record-incident.ts';

type Recording = Pick<BreakGlassContext, 'clock' | 'ledger' | 'follow'>;

type Said<Problem extends string> =
  | { readonly outcome: 'recorded'; readonly incident: Incident }
  | { readonly outcome: 'refused'; readonly reason: Problem; readonly incident: Incident }
  | { readonly outcome: 'not-found' };

/** Somebody says what an incident was for, and that it was them. */
export function explainIncident(
  context: Recording,
  said: {
    readonly incidentId: string;
    readonly actor: Actor;
    readonly reason: string;
    readonly ticket: string;
  },
): Promise<Said<NonNullable<ReturnType<typeof explanationProblem>>>> {
  const { incidentId, actor, reason, ticket } = said;
  return say(
    context,
    incidentId,
    (at) => ({ at, actor, reason, ticket, type: 'incident.explained', data: {} }),
    (incident) => explanationProblem(incident, actor),
  );
}

/** The word of somebody who did not use it (I17); one is enough. */
export function reviewIncident(
  context: Recording,
  review: {
    readonly incidentId: string;
    readonly actor: Actor;
    readonly verdict: 'closed' | 'finding';
    readonly reason: string;
    readonly followUp?: string;
  },
): Promise<Said<NonNullable<ReturnType<typeof incidentReviewProblem>>>> {
  const { incidentId, actor, verdict, reason, followUp } = review;
  const data = { verdict, ...(followUp === undefined ? {} : { followUp }) };
  return say(
    context,
    incidentId,
    (at) => ({ at, actor, reason, type: 'incident.reviewed', data }),
    (incident) => incidentReviewProblem(incident, actor),
  );
}

async function say<Problem extends string>(
  context: Recording,
  incidentId: string,
  draftAt: (at: Instant) => EventDraft,
  problemOf: (incident: Incident) => Problem | undefined,
): Promise<Said<Problem>> {
  let reason: Problem | undefined;
  const stood = await recordOnIncident(context, incidentId, (incident, at) => {
    if (incident === undefined) return undefined;
    reason = problemOf(incident);
    return reason === undefined ? draftAt(at) : undefined;
  });
  if (stood === undefined) return { outcome: 'not-found' };
  const { incident } = stood;
  return reason === undefined ? { outcome: 'recorded', incident } : { outcome: 'refused', reason, incident };
}
