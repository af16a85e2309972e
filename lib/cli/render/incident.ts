import type { IncidentView } from '../../api/index.ts';
import { actorLabel } from '../../domain/actor.ts';
import { type Field, fieldLines } from './fields.ts';
import type { Style } from './style.ts';
import { counted, printable, shortInstant } from './text.ts';

const KINDS: Readonly<Record<string, string>> = {
  'session-without-grant': 'a session that no grant explains',
  'emergency-identity': 'use of an emergency identity',
};

/** A use of break-glass access that nobody asked for before: who, what, and whose word is missing. */
export function incidentText(view: IncidentView, style: Style, width: number): string {
  const { incidentId, kind, state, accountId, openedAt, target, principal, why, person } = view;
  const done = ['closed', 'finding'].includes(state);
  const fields: readonly Field[] = [
    ['What', `${KINDS[kind] ?? kind} in ${accountId}, since ${shortInstant(openedAt)}: ${target}`],
    ['Why', why],
    ['By', person === undefined ? principal : `${principal} (${person})`],
    ['Calls', callWords(view)],
    ['Said to be for', explanationWords(view)],
    ['Reviewed by', reviewWords(view)],
    ['Next', done ? [`janitor explain ${incidentId}`] : nextOfIncident(view)],
  ];
  return [
    `${style.bold(printable(incidentId))}  ${done ? state : style.red(state)}`,
    fieldLines(fields, style, width),
  ].join('\n');
}

const SHOWN = 10;

function callWords({ calls }: IncidentView): string[] {
  const more = calls.length - SHOWN;
  return [
    ...calls.slice(0, SHOWN).map(({ at, name, region, sourceIp, error }) => {
      const from = sourceIp === undefined ? '' : ` from ${sourceIp}`;
      return `${shortInstant(at)} ${name} in ${region}${from}${error === undefined ? '' : `: ${error}`}`;
    }),
    ...(more > 0 ? [`and ${counted(more, 'other call')}`] : []),
  ];
}

function explanationWords({ explanation }: IncidentView): string | undefined {
  if (explanation === undefined) return undefined;
  const { by, at, reason, ticket } = explanation;
  return `${reason} (ticket ${ticket}), by ${actorLabel(by)} on ${shortInstant(at)}`;
}

function reviewWords({ review, reviewBy, reviewers }: IncidentView): string {
  if (review === undefined) return `nobody yet; due by ${shortInstant(reviewBy)}, by ${reviewers.join(', ')}`;
  const more = review.followUp === undefined ? '' : `, ${review.followUp}`;
  return `${actorLabel(review.by)} on ${shortInstant(review.at)}: ${review.verdict}${more}`;
}

function nextOfIncident({ incidentId, explanation }: IncidentView): string[] {
  const review = `janitor break-glass review-incident ${incidentId}`;
  if (explanation !== undefined) return ['Somebody else reviews it:', review];
  return [
    'Whoever did it, or keeps the identity, says what it was for:',
    `janitor break-glass explain-incident ${incidentId} --reason ... --ticket ...`,
    'Somebody else reviews it:',
    review,
  ];
}
