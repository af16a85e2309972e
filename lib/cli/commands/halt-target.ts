import { type Command, Option } from 'commander';
import * as z from 'zod';
import { actorLabel } from '../../domain/actor.ts';
import { JanitorError } from '../../domain/error.ts';
import type { HaltTarget } from '../../wiring/index.ts';
import { type Answer, atDesk, type Errand } from '../at-desk.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { accountArgument, deskFlags, reasonArgument } from '../flags.ts';
import type { Style } from '../render/style.ts';
import { printable, shortInstant } from '../render/text.ts';

/** Flags of halt and resume: one target, and why. */
export const targetFlags = {
  ...deskFlags,
  all: z.boolean().default(false),
  account: z.string().optional(),
  rule: z.string().optional(),
  reason: z.string().optional(),
};
const targetFlagsSchema = z.object(targetFlags);
type TargetFlags = z.output<typeof targetFlagsSchema>;

export function withTarget(command: Command): Command {
  const account = new Option('--account <id>', 'one account').argParser(accountArgument);
  const reason = new Option('--reason <text>', 'why, for the record').argParser(reasonArgument);
  return command
    .option('--all', 'everything')
    .addOption(account.conflicts(['all', 'rule']))
    .addOption(new Option('--rule <id>', 'one rule').conflicts(['all', 'account']))
    .addOption(reason);
}

/** Places or lifts a halt as the caller, and shows it. */
export async function changeHalt(
  errand: Errand,
  flags: TargetFlags,
  verb: 'halt' | 'resume',
): Promise<ExitCode> {
  const { session } = errand;
  const target = targetOf(flags);
  const { reason } = flags;
  if (target === undefined || reason === undefined) throw incomplete(verb, target, reason);
  const lifted = verb === 'resume';
  const halt = await atDesk(errand, ({ service }) =>
    lifted ? service.liftHalt({ target, reason }) : service.placeHalt({ target, reason }),
  );
  await session.show({ halt, lifted }, () => `${lifted ? 'Lifted: ' : ''}${haltText(halt, session.style)}`);
  return EXIT.fine;
}

/** `all halted by ana on 2026-01-31 09:00 UTC: incident 4711` */
export function haltText(halt: Answer<'placeHalt'>, style: Style): string {
  const by = `${printable(actorLabel(halt.by))} on ${shortInstant(halt.at)}`;
  return `${style.bold(halt.target)} halted by ${by}: ${printable(halt.reason)}`;
}

function targetOf({ all, account, rule }: TargetFlags): HaltTarget | undefined {
  if (all) return 'all';
  if (account !== undefined) return `account:${account}`;
  return rule === undefined ? undefined : `rule:${rule}`;
}

function incomplete(verb: string, target: HaltTarget | undefined, reason: string | undefined): JanitorError {
  const missing = [
    ...(target === undefined ? ['what: --all, --account ID or --rule ID'] : []),
    ...(reason === undefined ? ['why: --reason TEXT, which is recorded'] : []),
  ];
  return new JanitorError(`${verb} needs to know ${missing.join(', and ')}`, {
    code: 'usage',
    source: 'user',
    hint: `For example: janitor ${verb} ${targetWords(target)} --reason ${reason === undefined ? '"incident 4711"' : JSON.stringify(reason)}`,
  });
}

function targetWords(target: HaltTarget | undefined): string {
  if (target === undefined || target === 'all') return '--all';
  const [kind = '', ...id] = target.split(':');
  return `--${kind} ${id.join(':')}`;
}
