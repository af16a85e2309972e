import { JanitorError } from '../../domain/error.ts';
import { type Fact, known, unknown } from '../../domain/fact.ts';
import {
  isTicket,
  TICKET_STATES,
  type TicketState,
  ticketUrl,
  ticketUrlProblem,
} from '../../domain/ticket.ts';
import type { Clock } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import { readAtMost } from './read-at-most.ts';
import type { TicketSystem, TicketToken } from './ticket-system.ts';

interface HttpTicketSystemOptions {
  /** With `{ticket}` in the place of the reference. */
  readonly url: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** The bearer token, read anew for each question; undefined when the system wants none. */
  readonly token?: TicketToken | undefined;
}

/** The published contract (docs/policy-reference.md, Tickets): nothing but these two fields. */
const answerSchema = z.strictObject({ ticket: z.string(), state: z.enum(TICKET_STATES) });
const MOST_BYTES = 4096;

/**
 * Asks a ticket system over HTTP, by one published contract. An answer other than 200 says nothing about the ticket:
 * 404 neither, since systems say so, too, of what the caller may not see, and a token that lost its rights must not
 * close every ticket and with it end every exception. Reasons are fixed texts: neither token nor answer gets into them.
 */
export class HttpTicketSystem implements TicketSystem {
  readonly #options: HttpTicketSystemOptions;
  readonly #source: string;

  /** Throws `ticket-url-invalid`. */
  constructor(options: HttpTicketSystemOptions) {
    const problem = ticketUrlProblem(options.url);
    if (problem !== undefined) {
      throw new JanitorError(`the address of the ticket system is not usable: ${problem}`, {
        code: 'ticket-url-invalid',
        source: 'user',
        hint: 'Correct requests.tickets.system.url in janitor.yaml: https, {ticket} once in path or query, no password.',
      });
    }
    this.#options = options;
    this.#source = `ticket system at ${new URL(options.url).host}`;
  }

  async stateOf(ticket: string, signal?: AbortSignal): Promise<Fact<TicketState>> {
    if (!isTicket(ticket)) return unknown('it is no reference of a ticket');
    const deadline = AbortSignal.timeout(this.#options.timeoutMs);
    const until = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
    try {
      return await this.#ask(ticket, until);
    } catch {
      if (deadline.aborted) return unknown('the ticket system did not answer in time');
      if (signal?.aborted === true) return unknown('asking the ticket system was called off');
      return unknown('the ticket system could not be reached');
    }
  }

  async #ask(ticket: string, signal: AbortSignal): Promise<Fact<TicketState>> {
    const { url, clock } = this.#options;
    const headers = await this.#headers();
    if (headers === undefined) return unknown('the token for the ticket system could not be used');
    const response = await fetch(ticketUrl(url, ticket), { headers, signal, redirect: 'manual' });
    if (response.status === 401 || response.status === 403) this.#options.token?.refused();
    const refusal = unfit(response);
    if (refusal !== undefined) {
      await response.body?.cancel();
      return unknown(refusal);
    }
    const bytes = await readAtMost(response, MOST_BYTES);
    const answer = answerSchema.safeParse(bytes === undefined ? undefined : parsed(bytes));
    if (!answer.success) return unknown('the answer of the ticket system is not of the published form');
    if (answer.data.ticket !== ticket) return unknown('the ticket system answered about another ticket');
    return known(answer.data.state, clock.now(), this.#source);
  }

  /** Undefined when there is a token and it cannot be read or sent; what is wrong with it is not for records. */
  async #headers(): Promise<Headers | undefined> {
    const headers = new Headers({ accept: 'application/json' });
    try {
      const token = await this.#options.token?.read();
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
      return headers;
    } catch {
      return undefined;
    }
  }
}

function unfit({ status, headers }: Response): string | undefined {
  if (status === 404) return 'the ticket system shows no such ticket, or may not show it';
  if (status >= 300 && status < 400) return 'the ticket system redirects, which is not followed';
  if (status !== 200) return `the ticket system answered with status ${status}`;
  const type = headers.get('content-type') ?? '';
  return /^application\/json\s*(;|$)/i.test(type) ? undefined : 'the ticket system did not answer with JSON';
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
