/** What a ticket system may say of a ticket; whether work on it is going on says nothing about whether it counts. */
export const TICKET_STATES = ['open', 'closed'] as const;
export type TicketState = (typeof TICKET_STATES)[number];

/** Whether a text can be the reference of a ticket at all, as requests are parsed. */
export function isTicket(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9#/_.-]{0,63}$/.test(text);
}

const PLACE = '{ticket}';
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

type TicketUrlProblem = 'no-address' | 'unencrypted' | 'secret-or-host';

/**
 * What is wrong with the address that the state of tickets is asked for at: `{ticket}` stands once in its path or query,
 * it is https but on loopback addresses, and holds no name, password or fragment.
 */
export function ticketUrlProblem(template: string): TicketUrlProblem | undefined {
  if (template.split(PLACE).length !== 2 || !URL.canParse(template)) return 'no-address';
  const { protocol, hostname, host, username, password, hash } = new URL(template);
  if (protocol !== 'https:' && protocol !== 'http:') return 'no-address';
  if (protocol === 'http:' && !LOOPBACK.includes(hostname)) return 'unencrypted';
  const clean = username === '' && password === '' && hash === '' && !host.includes('{');
  return clean ? undefined : 'secret-or-host';
}

/** The address of one ticket. */
export function ticketUrl(template: string, ticket: string): URL {
  return new URL(template.split(PLACE).join(encodeURIComponent(ticket)));
}
