import { freshJanitorChanges, freshWrites, type Invariant } from '../chronicle.ts';
import { intentOf, named } from './acts.ts';

/**
 * I14: every pending thing lapses. Plans, holds, requests, exceptions, challenges, leases and intents are recorded
 * with an end; a plan is used before its, and a request is approved and begun before its. */
export const lapses: Invariant = (chronicle) => [
  ...freshWrites(chronicle).flatMap(({ event }) => {
    const end = endOf(event);
    return end === undefined || end > event.at
      ? []
      : [`I14: ${event.type} on ${event.subject} has no end after its beginning`];
  }),
  ...freshWrites(chronicle).flatMap(({ event }) => {
    if (event.type !== 'request.approved' && event.type !== 'request.executing') return [];
    const first = chronicle.writes.find(({ event: each }) => each.subject === event.subject)?.event;
    if (first?.type !== 'request.submitted') return [`I14: ${event.subject} was never submitted`];
    const until = event.type === 'request.approved' ? first.data.lapsesAt : (first.expiresAt ?? '');
    return event.at < until ? [] : [`I14: ${event.type} on ${event.subject}, which lapsed on ${until}`];
  }),
  ...freshJanitorChanges(chronicle).flatMap((change) => {
    const planId = intentOf(chronicle, change)?.event.data.planId;
    const plan = chronicle.writes.find(
      ({ event }) => event.type === 'plan.frozen' && event.data.planId === planId,
    )?.event;
    return plan?.expiresAt !== undefined && change.sentAt >= plan.expiresAt
      ? [`I14: ${named(change)}: ${planId} lapsed on ${plan.expiresAt}`]
      : [];
  }),
];

/** The end an event must have; undefined for events that need none. */
function endOf(event: ReturnType<typeof freshWrites>[number]['event']): string | undefined {
  switch (event.type) {
    case 'request.submitted':
      return event.data.lapsesAt;
    case 'challenge.opened':
      return event.data.decideBy;
    case 'policy.proposed':
    case 'plan.frozen':
    case 'hold.placed':
    case 'exception.proposed':
      return event.expiresAt ?? '';
    case 'lease.taken':
    case 'lease.renewed':
      return event.data.until;
    case 'step.intended':
      return event.data.actBefore;
    default:
      return undefined;
  }
}
