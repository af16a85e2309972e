import type { LedgerEvent } from '../../domain/event.ts';
import { accountSentence } from './account-sentence.ts';
import { askedSentence, isAskedEvent } from './asked-sentence.ts';
import { credentialSentence } from './credential-sentence.ts';
import { grantSentence, isGrantEvent } from './grant-sentence.ts';
import { incidentSentence, isIncidentEvent } from './incident-sentence.ts';

/** One event as one plain sentence: who did what, why, until when. */
export function sentenceOf(event: LedgerEvent): string {
  if (isAskedEvent(event)) return askedSentence(event);
  if (isGrantEvent(event)) return grantSentence(event);
  if (isIncidentEvent(event)) return incidentSentence(event);
  switch (event.type) {
    case 'credential.born':
    case 'finding.opened':
    case 'finding.closed':
    case 'owner.notified':
    case 'owner.notice-bounced':
    case 'step.intended':
    case 'step.done':
    case 'step.failed':
    case 'step.abandoned':
    case 'quarantine.ended':
    case 'hold.placed':
    case 'hold.lifted':
    case 'rotation.blocked':
    case 'rotation.begun':
    case 'rotation.resumed':
    case 'rotation.key-created':
    case 'rotation.key-removed':
    case 'rotation.finished':
    case 'rotation.failed':
      return credentialSentence(event);
    default:
      return accountSentence(event);
  }
}
