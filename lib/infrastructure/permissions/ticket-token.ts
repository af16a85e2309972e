import type { Grant, GrantResources } from './grant.ts';

/** Reading the one secret that holds the token for the ticket system, for functions that ask about tickets. */
export function readTicketToken({ ticketToken }: GrantResources): Grant[] {
  if (ticketToken === undefined) return [];
  return [{ sid: 'ReadTicketToken', actions: ['secretsmanager:GetSecretValue'], resources: [ticketToken] }];
}
