import { InvalidArgumentError } from 'commander';
import { REASON_KINDS, REQUEST_KINDS, ticketSchema } from '../domain/request-events.ts';
import { STEP_KINDS } from '../domain/step.ts';
import { reasonArgument, untilArgument } from './flags.ts';
import type { Wanted } from './wanted.ts';

export const REASON: Wanted = {
  flag: '--reason <text>',
  question: 'Why? It is recorded, and whoever decides reads it.',
  placeholder: 'one line',
  parse: reasonArgument,
};

export const REASON_KIND: Wanted = {
  flag: '--reason-kind <kind>',
  question: 'What kind of reason is it?',
  options: REASON_KINDS,
};

export const TICKET: Wanted = {
  flag: '--ticket <reference>',
  question: 'Which ticket is it about?',
  placeholder: 'OPS-123',
  parse: ticketArgument,
};

export const UNTIL: Wanted = {
  flag: '--until <end>',
  question: 'Until when? For how long (14d), or a date.',
  placeholder: '14d',
  parse: untilArgument,
};

export const KIND: Wanted = {
  flag: '--kind <kind>',
  question: 'What do you ask for?',
  options: REQUEST_KINDS,
};

export const CREDENTIAL: Wanted = {
  flag: '--credential <id>',
  question: "Which credential? An access key id, a secret's name or a whole id.",
  placeholder: 'AKIAIOSFODNN7EXAMPLE',
};

export const RULE: Wanted = {
  flag: '--rule <id>',
  question: 'Which rule?',
  placeholder: 'access-key-unused',
};

export const STEP: Wanted = { flag: '--step <step>', question: 'Which step of it?', options: STEP_KINDS };

export const PLAN: Wanted = {
  flag: '--plan <id>',
  question: 'Which plan?',
  placeholder: 'plan/111122223333/4',
};

export const EXCEPTION: Wanted = { flag: '--exception <id>', question: 'Which exception?' };

export function ticketArgument(text: string): string {
  const parsed = ticketSchema.safeParse(text.trim());
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('Write the reference of a ticket, such as OPS-123.');
}
