import type { Grant, GrantResources } from './grant.ts';

/** Reading the one secret that holds the token for the ticket system, for functions that ask about tickets. */
export function readTicketToken({ ticketToken }: GrantResources): Grant[] {
  if (ticketToken === undefined) return [];
  return [{ sid: 'ReadTicketToken', actions: ['secretsmanager:GetSecretValue'], resources: [ticketToken] }];
}

/** The same for the token of the on-call system. */
export function readOnCallToken({ onCallToken }: GrantResources): Grant[] {
  if (onCallToken === undefined) return [];
  return [{ sid: 'ReadOnCallToken', actions: ['secretsmanager:GetSecretValue'], resources: [onCallToken] }];
}
