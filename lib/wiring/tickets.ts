import type { Clock } from '../domain/time.ts';
import type { Policy } from '../policy/index.ts';
import { HttpTicketSystem, noTicketSystem, type TicketSystem, type TicketToken } from '../requests/index.ts';

/** The ticket system that a policy names, asked with a token where there is one. */
export function ticketSystemOf(
  { document }: Pick<Policy, 'document'>,
  clock: Clock,
  token?: TicketToken | undefined,
): TicketSystem {
  const { system } = document.requests.tickets;
  if (system === undefined) return noTicketSystem;
  return new HttpTicketSystem({ url: system.url, timeoutMs: system.timeoutSeconds * 1000, clock, token });
}
