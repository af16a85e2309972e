import { type Command, InvalidArgumentError, Option } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import type { StartGrantBody } from '../api/index.ts';
import { durationMs, durationSchema } from '../domain/time.ts';
import { accountArgument, reasonArgument } from './flags.ts';
import { requestIdArgument } from './request-flags.ts';
import type { Session } from './session.ts';
import { completed, type Wanted } from './wanted.ts';
import { REASON, TICKET, ticketArgument } from './wanted-values.ts';

/** What whoever takes a role says. */
export const grantFlags = {
  account: z.string().optional(),
  reason: z.string().optional(),
  ticket: z.string().optional(),
  duration: z.string(),
  id: z.string().optional(),
};

const grantFlagsSchema = z.object(grantFlags);
type GrantFlags = z.output<typeof grantFlagsSchema>;

export function withGrant(command: Command): Command {
  const duration = new Option('--duration <time>', 'for how long, such as 30m or 1h');
  const id = new Option('--id <id>', 'of the grant, to go on with it: the same id is the same grant');
  return command
    .option('--account <id>', 'in which account', accountArgument)
    .option('--reason <text>', 'why, for the record and for whoever reviews it', reasonArgument)
    .option('--ticket <reference>', 'the ticket behind it, such as OPS-123', ticketArgument)
    .addOption(duration.argParser(durationArgument).default('30m'))
    .addOption(id.argParser(requestIdArgument));
}

const ROLE: Wanted = { flag: 'ROLE', question: 'Which role? "janitor break-glass roles" lists them.' };
const ACCOUNT: Wanted = {
  flag: '--account <id>',
  question: 'In which account?',
  placeholder: '111122223333',
  parse: accountArgument,
};

/** What is asked for: a person is asked for what is missing, a script is told. */
export async function grantAsked(
  session: Session,
  command: string,
  { role, ...flags }: GrantFlags & { readonly role: string | undefined },
): Promise<StartGrantBody> {
  const wanted = { role: ROLE, account: ACCOUNT, reason: REASON, ticket: TICKET };
  const said = await completed(session, command, wanted, { role, ...flags });
  return {
    grantId: flags.id ?? uuidv7(),
    role: said.role,
    accountId: said.account,
    durationSeconds: durationMs(flags.duration) / 1000,
    reason: said.reason,
    ticket: said.ticket,
  };
}

function durationArgument(text: string): string {
  const typed = text.trim();
  if (durationSchema.safeParse(typed).success) return typed;
  throw new InvalidArgumentError('Write a whole number of minutes or hours, such as 30m or 1h.');
}
