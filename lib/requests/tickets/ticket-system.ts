import { type Fact, unknown } from '../../domain/fact.ts';
import type { TicketState } from '../../domain/ticket.ts';

/** Where tickets are kept. Asking never throws: what could not be found out is unknown, with the reason (G22). */
export interface TicketSystem {
  stateOf(ticket: string, signal?: AbortSignal): Promise<Fact<TicketState>>;
}

/** Where the policy configures no ticket system: references are checked by their pattern, and nothing else is known. */
export const noTicketSystem: TicketSystem = {
  stateOf: async () => unknown('the policy names no ticket system to ask'),
};
