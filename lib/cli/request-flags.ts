import { type Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import { type Conditions, REASON_KINDS, requestIdSchema } from '../domain/request-events.ts';
import { deskFlags, gathered, reasonArgument, tagArgument, untilArgument, withDesk } from './flags.ts';
import { ticketArgument } from './wanted-values.ts';

/** What every request says, whatever it asks for: why, on whose account, until when. */
export const contentFlags = {
  ...deskFlags,
  reason: z.string().optional(),
  reasonKind: z.enum(REASON_KINDS).optional(),
  ticket: z.string().optional(),
  businessOwner: z.string().optional(),
  for: z.string().optional(),
  until: z.string().optional(),
  requestId: z.string().optional(),
  delegation: z.string().optional(),
  print: z.boolean().default(false),
};
const contentFlagsSchema = z.object(contentFlags);
export type ContentFlags = z.output<typeof contentFlagsSchema>;

export function withContent(command: Command): Command {
  const kind = new Option('--reason-kind <kind>', 'what kind of reason it is').choices([...REASON_KINDS]);
  const ticket = new Option('--ticket <reference>', 'the ticket behind it, such as OPS-123');
  const until = new Option('--until <end>', 'for how long (14d, 12h) or until when (2026-03-31)');
  const id = new Option('--request-id <id>', 'to repeat a request safely: the same id is the same request');
  const print = new Option('--print', 'print what would be sent, to be signed by a delegation; ask nothing');
  command
    .addOption(new Option('--reason <text>', 'why, for the record').argParser(reasonArgument))
    .addOption(kind)
    .addOption(ticket.argParser(ticketArgument))
    .option('--business-owner <person>', 'who answers for the need (default: you, if you are a person)')
    .option('--for <person>', 'for whom you ask, if not for yourself')
    .addOption(until.argParser(untilArgument))
    .addOption(id.argParser(requestIdArgument))
    .option('--delegation <file>', 'the proofs of those you ask for, from `delegation prove`')
    .addOption(print.conflicts('delegation'));
  return withDesk(command);
}

/** The scope of an exception. */
export const scopeFlags = {
  credential: z.string().optional(),
  rule: z.array(z.string()).optional(),
  while: z.array(z.string()).optional(),
};

export function withScope(command: Command): Command {
  const rule = new Option('--rule <id>', 'a rule; may be given several times');
  const condition = new Option(
    '--while <condition>',
    'what must stay true: ticket, owner or tag:<key>=<value>; may be given several times',
  );
  return command
    .option('--credential <id>', "an access key id, a secret's name or a whole id")
    .addOption(rule.argParser(gathered()))
    .addOption(condition.argParser(gathered(conditionArgument)));
}

/** `ticket`: it is open; `owner`: it stays the same; `tag:project=x`: the credential keeps it. */
export function conditionArgument(text: string): string {
  const typed = text.trim();
  if (typed === 'ticket' || typed === 'owner') return typed;
  if (typed.startsWith('tag:')) return `tag:${tagArgument(typed.slice('tag:'.length))}`;
  throw new InvalidArgumentError('Write ticket, owner, or tag:<key>=<value>.');
}

export function conditionsOf(typed: readonly string[]): Conditions {
  const tags = typed.filter((each) => each.startsWith('tag:')).map((each) => each.slice('tag:'.length));
  const tag = Object.fromEntries(
    tags.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
  );
  return {
    ...(tags.length === 0 ? {} : { tag }),
    ...(typed.includes('owner') ? { owner: 'same' as const } : {}),
    ...(typed.includes('ticket') ? { ticket: 'open' as const } : {}),
  };
}

/** The id of a request, of an exception that came of it. */
export function requestIdArgument(text: string): string {
  if (requestIdSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('An id is 8 to 64 letters, digits, - or _, for example a UUID.');
}
