import { actorLabel } from '../../domain/actor.ts';
import type { RequestEvent } from './asked-events.ts';
import { wish } from './asked-words.ts';
import { because, count, day, toldSentence, until, who } from './say.ts';

type EventOf<T extends RequestEvent['type']> = Extract<RequestEvent, { type: T }>;

export function requestSentence(event: RequestEvent): string {
  const by = who(event.actor);
  switch (event.type) {
    case 'request.submitted':
      return `${asked(event)}; ${wayOn(event)}.`;
    case 'request.denied':
      return `${asked(event)}; it was denied (${event.data.code}): ${event.data.why}`;
    case 'request.approved':
      return `${by} approved the request as submitted (hash ${event.data.requestHash.slice(0, 12)})${because(event)}.`;
    case 'request.rejected':
      return `${by} rejected the request${because(event)}; nothing comes of it.`;
    case 'request.withdrawn':
      return `${by} withdrew the request${because(event)}; nothing comes of it.`;
    case 'request.lapsed':
      return 'The request lapsed in want of an answer in time; nothing comes of it.';
    case 'request.executing':
      return `${by} set out to do what was approved, to be finished before ${day(event.data.finishBefore)}.`;
    case 'request.done':
      return `What was asked for is done: ${event.data.outcome}.`;
    case 'request.failed':
      return `What was asked for could not be done (${event.data.code})${because(event)}.`;
    case 'request.told':
      return toldSentence(event);
  }
}

/** Who asks through whom, for whom, what, why and until when (G1 to G4, G18). */
function asked(event: EventOf<'request.submitted' | 'request.denied'>): string {
  const { ask, reasonKind, businessOwner, beneficiary, onBehalfOf, sponsor } = event.data;
  const [origin, ...hops] = [...onBehalfOf, event.actor];
  const through = hops.length === 0 ? '' : ` through ${hops.map(who).join(', then ')}`;
  const backed = sponsor === undefined ? '' : ` with ${sponsor} as sponsor`;
  const served = beneficiary === undefined ? '' : ` on behalf of ${beneficiary}`;
  const asker = origin === undefined ? actorLabel(event.actor) : who(origin);
  return `${asker}${through}${backed} asked${served} ${wish(ask)}${until(event)}${because(event)}; reason ${reasonKind}, ${businessOwner} answers for it`;
}

function wayOn({ data }: EventOf<'request.submitted'>): string {
  const { tier, approvalsNeeded, approverGroup, lapsesAt } = data;
  if (approvalsNeeded === 0) return 'it is routine and pre-approved within the limits of the policy';
  return `it is ${tier} and waits for ${count(approvalsNeeded, 'approval')} by group ${approverGroup ?? 'unknown'} until ${day(lapsesAt)}`;
}
