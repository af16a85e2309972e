import type { ExceptionReview } from '../domain/exception.ts';
import { exceptionReview, type TicketToken } from '../requests/index.ts';
import type { RecordingContext } from '../sweep/index.ts';
import { ticketSystemOf } from './tickets.ts';

/** How a sweep looks again at the exceptions that hold a credential; `token` is for the ticket system. */
export function reviewOfExceptions(
  {
    ledger,
    state,
    clock,
    policy,
    actor,
  }: Pick<RecordingContext, 'ledger' | 'state' | 'clock' | 'policy' | 'actor'>,
  token?: TicketToken | undefined,
): ExceptionReview {
  const context = { ledger, clock, projected: state.requests.follow, rules: { policyHash: policy.hash } };
  const tickets = ticketSystemOf(policy, clock, token);
  return exceptionReview(context, { actor, ticketOf: (ticket) => tickets.stateOf(ticket) });
}
