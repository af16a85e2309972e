import { ticketUrlProblem } from '../domain/ticket.ts';
import * as z from '../domain/zod.ts';
import { says, strict } from './schema-parts.ts';

/** More of these in one pattern could take long on a reference made for it. */
const MOST_REPETITIONS = 3;
const MOST_ALTERNATIVES = 8;

/**
 * Patterns are matched against what callers send, so only those are accepted that cannot be made to run for long:
 * nothing repeated that is itself a group, no look-around, no back reference, few open repetitions and alternatives.
 */
const patternSchema = z.string().check(
  z.minLength(1),
  z.maxLength(100),
  z.refine(isExpression, {
    error: says('is no regular expression', 'write one such as OPS-\\d{1,6} or (OPS|SEC)-\\d+'),
  }),
  z.refine((text) => isBounded(text.replaceAll('(?:', '(')), {
    error: says(
      'is too powerful a regular expression',
      `repeat no group, use * + ? at most ${MOST_REPETITIONS} times and | at most ${MOST_ALTERNATIVES} times, and no look-around and no back reference`,
    ),
  }),
);

function isExpression(text: string): boolean {
  try {
    // By itself: what closes a group that it did not open would not be anchored.
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

function isBounded(text: string): boolean {
  if (/\)[*+?{]|\(\?|\\[1-9kpP]/.test(text)) return false;
  const repetitions = [...text.matchAll(/[*+?]|\{\d*,/g)].length;
  return repetitions <= MOST_REPETITIONS && text.split('|').length <= MOST_ALTERNATIVES + 1;
}

const urlSchema = z.string().check(
  z.maxLength(500),
  z.refine((text) => ticketUrlProblem(text) !== 'no-address', {
    error: says(
      'is not the address of a ticket',
      'write it in full with {ticket} once in its path or query: https://tickets.example.com/api/tickets/{ticket}',
    ),
  }),
  z.refine((text) => ticketUrlProblem(text) !== 'unencrypted', {
    error: says(
      'would be asked without encryption',
      'write https://; http:// is for loopback addresses only',
    ),
  }),
  z.refine((text) => ticketUrlProblem(text) !== 'secret-or-host', {
    error: says(
      'holds a name or password, a fragment, or {ticket} in its host',
      'policies hold no secrets; the token is configured where the janitor runs',
    ),
  }),
);

export const ticketsSchema = z.prefault(
  strict({
    pattern: z.optional(
      patternSchema.check(
        z.describe(
          'A regular expression for the whole reference of a ticket, for example OPS-\\d+; any when left out.',
        ),
      ),
    ),
    system: z.optional(
      strict({
        url: urlSchema.check(
          z.describe('Where the state of a ticket is asked for; {ticket} stands for its reference.'),
        ),
        timeoutSeconds: z._default(
          z
            .int()
            .check(
              z.gte(1),
              z.lte(20),
              z.describe('Longer than this nobody waits for an answer; what is not answered is unknown.'),
            ),
          5,
        ),
      }).check(
        z.describe(
          'The ticket system; see Tickets below. Without it a reference is checked by its pattern only.',
        ),
      ),
    ),
  }).check(z.describe('Every request names a ticket.')),
  {},
);
