import { type Fact, unknown } from '../../domain/fact.ts';
import type { TicketState } from '../../domain/ticket.ts';

/** Where tickets are kept. Asking never throws: what could not be found out is unknown, with the reason (G22). */
export interface TicketSystem {
  stateOf(ticket: string, signal?: AbortSignal): Promise<Fact<TicketState>>;
}

/** What a ticket system knows its caller by. */
export interface TicketToken {
  /** The bearer token; undefined when there is none. Throws when there is one and it cannot be read. */
  read(): Promise<string | undefined>;
  /** The ticket system did not accept it (401, 403): the next question must not be asked with an old copy. */
  refused(): void;
}

/** A token that stays as it is for as long as the process runs. */
export function fixedToken(token: string | undefined): TicketToken {
  return { read: async () => token, refused: () => {} };
}

/** Where the policy configures no ticket system: references are checked by their pattern, and nothing else is known. */
export const noTicketSystem: TicketSystem = {
  stateOf: async () => unknown('the policy names no ticket system to ask'),
};
