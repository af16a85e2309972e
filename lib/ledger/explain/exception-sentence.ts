import { actorLabel } from '../../domain/actor.ts';
import type { ExceptionEvent } from './asked-events.ts';
import { CAUSES, conditionsInWords } from './asked-words.ts';
import { because, day, toldSentence, until, who } from './say.ts';

type EventOf<T extends ExceptionEvent['type']> = Extract<ExceptionEvent, { type: T }>;

export function exceptionSentence(event: ExceptionEvent): string {
  const by = who(event.actor);
  switch (event.type) {
    case 'exception.proposed':
      return proposed(event);
    case 'exception.activated':
      return 'The exception is in force.';
    case 'exception.challenged':
      return `${by} challenged the exception (challenge ${event.data.challengeId})${because(event)}; it ends on ${day(event.data.decideBy)} unless the challenge is dismissed before.`;
    case 'exception.cleared':
      return `Challenge ${event.data.challengeId} was dismissed${because(event)}; the exception stays, with the end it had.`;
    case 'exception.expired':
      return `The exception ended, since ${CAUSES[event.data.cause]}${because(event)}.`;
    case 'exception.revoked':
      return `${by} revoked the exception${because(event)}.`;
    case 'exception.renewed':
      return `The exception gave way to ${event.data.renewedBy}.`;
    case 'exception.told':
      return toldSentence(event);
  }
}

function proposed(event: EventOf<'exception.proposed'>): string {
  const { scope, renews, businessOwner, reasonKind } = event.data;
  const approvers = (event.approvals ?? []).map(({ actor }) => actorLabel(actor));
  const approved =
    approvers.length === 0 ? 'pre-approved as routine' : `approved by ${approvers.join(' and ')}`;
  const place = renews === undefined ? '' : `, in the place of ${renews}`;
  return `An exception of ${scope.credentialId} from ${scope.rules.join(', ')}${until(event)}, asked by ${who(event.data.requestedBy)} and ${approved}${place}${because(event)}; reason ${reasonKind}, ${businessOwner} answers for it; it lasts while ${conditionsInWords(event.data.while)}.`;
}
