import type { Clock } from '../domain/time.ts';
import type { Policy } from '../policy/index.ts';
import { HttpTicketSystem, noTicketSystem, type TicketSystem } from '../requests/index.ts';

/** The ticket system that a policy names, asked with a token where there is one. */
export function ticketSystemOf(
  { document }: Pick<Policy, 'document'>,
  clock: Clock,
  token?: string | undefined,
): TicketSystem {
  const { system } = document.requests.tickets;
  if (system === undefined) return noTicketSystem;
  const options = { url: system.url, timeoutMs: system.timeoutSeconds * 1000, clock };
  return new HttpTicketSystem(token === undefined ? options : { ...options, token: async () => token });
}
