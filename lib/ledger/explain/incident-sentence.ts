import type { LedgerEvent } from '../../domain/event.ts';
import type { IncidentCall } from '../../domain/incident-events.ts';
import { because, day, who } from './say.ts';

/** Events on chains of incidents and of drift. */
export type IncidentEvent = Extract<LedgerEvent, { type: `incident.${string}` | `drift.${string}` }>;

export function isIncidentEvent(event: LedgerEvent): event is IncidentEvent {
  return /^(incident|drift)\./.test(event.type);
}

export function incidentSentence(event: IncidentEvent): string {
  const by = who(event.actor);
  switch (event.type) {
    case 'incident.opened': {
      const { principal, target, why, call, reviewBy } = event.data;
      return `${principal} used ${target}: ${why}. CloudTrail shows ${callInWords(call)}. To be reviewed by ${day(reviewBy)}.`;
    }
    case 'incident.observed':
      return `CloudTrail shows ${callInWords(event.data.call)}, too.`;
    case 'incident.explained':
      return `${by} said that it was them${because(event)}.`;
    case 'incident.reviewed': {
      const { verdict, followUp } = event.data;
      const what = verdict === 'closed' ? 'found nothing amiss' : 'has a finding';
      return `${by} reviewed it and ${what}${because(event)}.${followUp === undefined ? '' : ` To follow: ${followUp}.`}`;
    }
    case 'incident.told': {
      const { recipient, about, outcome } = event.data;
      const what = about === 'opened' ? 'of it' : 'that its review is overdue';
      return `${recipient} ${outcome === 'accepted' ? 'was told' : 'could not be reached, and was not told'} ${what}.`;
    }
    case 'drift.found':
      return `${event.data.resource} is not as it has to be: ${event.data.differences.join('; ')}.`;
    case 'drift.mended':
      return `${event.data.resource} is again as it has to be.`;
  }
}

/** `sts:AssumeRole in eu-central-1 on 2026-01-31 09:00 UTC, from 192.0.2.1` */
export function callInWords({ name, region, at, sourceIp, error }: IncidentCall): string {
  const from = sourceIp === undefined ? '' : `, from ${sourceIp}`;
  const failed = error === undefined ? '' : `, which failed (${error})`;
  return `${name} in ${region} on ${day(at)}${from}${failed}`;
}
