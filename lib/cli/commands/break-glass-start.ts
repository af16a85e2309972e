import { Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import type { GrantView } from '../../api/index.ts';
import { JanitorError } from '../../domain/error.ts';
import type { BrokerErrand } from '../at-broker.ts';
import { keepProfile, refuseTakenProfile } from '../aws-profile/keep-profile.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { brokerFlags, withBroker } from '../flags.ts';
import { grantAsked, grantFlags, withGrant } from '../grant-flags.ts';
import { exportLines, usableUntil } from '../lent-credentials.ts';
import { startLine, waitingWords } from '../render/grant.ts';
import { jsonDocument } from '../render/json-document.ts';
import { shellLine } from '../render/shell-words.ts';
import { shortInstant } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import { type Begun, begun, sayLeft } from '../start-grant.ts';
import { withExamples } from './examples.ts';

const FORMATS = ['exports', 'json', 'profile'] as const;

const flagsSchema = z
  .strictObject({
    ...brokerFlags,
    ...grantFlags,
    format: z.enum(FORMATS).optional(),
    profileName: z.string().optional(),
  })
  .transform(({ format, ...flags }) => ({
    ...flags,
    form: format ?? (flags.profileName === undefined ? 'exports' : 'profile'),
    format: format === 'json' ? ('json' as const) : ('table' as const),
  }));
type StartFlags = z.output<typeof flagsSchema>;

const AFTER = `
Exports last 15 minutes and are not renewed: the same command with --id gives newer ones until the grant ends. A profile
renews itself, and so does "janitor break-glass exec". If others have to approve, the exit code is 5 and the command for
them is printed; the same command with --id goes on then. docs/break-glass.md has it on one page, and the last resort.
`;

export function breakGlassStartCommand(run: Run): Command {
  const format = new Option(
    '--format <format>',
    'exports for a shell, JSON, or a profile (default: exports)',
  );
  const name = new Option(
    '--profile-name <name>',
    'the profile to write, in the AWS configuration file (default: break-glass-ROLE)',
  );
  const command = new Command('start')
    .description('Take a break-glass role for a while, and print its credentials.')
    .argument('[role]', 'as "janitor break-glass roles" names it')
    .addOption(format.choices([...FORMATS]))
    .addOption(name.argParser(profileNameArgument))
    .option('--no-color', 'plain text, also with the environment variable NO_COLOR');
  return withExamples(withBroker(withGrant(command)), [
    [
      'eval "$(janitor break-glass start database-admin --account 111122223333 --reason "replica lags, failing over" --ticket OPS-123)"',
      'in this shell, for 15 minutes at a time',
    ],
    [
      'janitor break-glass start database-admin --account 111122223333 --reason "replica lags, failing over" --ticket OPS-123 --profile-name incident',
      'then aws --profile incident, from any shell, until the grant ends',
    ],
  ])
    .addHelpText('after', AFTER)
    .action(
      action(run, flagsSchema, (session, flags, [role]) =>
        start({ run, session, flags, command: 'break-glass start' }, flags, role),
      ),
    );
}

async function start(errand: BrokerErrand, flags: StartFlags, role: string | undefined): Promise<ExitCode> {
  const { session, command } = errand;
  if (flags.form !== 'profile' && flags.profileName !== undefined) throw noProfile(flags.form);
  const asked = await grantAsked(session, command, { ...flags, role });
  const profile = flags.form === 'profile' ? (flags.profileName ?? `break-glass-${asked.role}`) : undefined;
  // Before a role is taken for nothing.
  if (profile !== undefined) await refuseTakenProfile(session.terminal, profile);
  const taken = await begun(errand, asked);
  if (!('lent' in taken)) return waits(errand, taken);
  await handOver(errand, taken, profile);
  await sayLeft(errand, taken.lent.grant);
  await session.note('Give it back:');
  await session.note(`janitor break-glass return ${asked.grantId}`);
  return EXIT.fine;
}

/** On stderr, where a shell that evaluates the result does not take it for commands. */
async function waits({ session }: BrokerErrand, grant: GrantView): Promise<ExitCode> {
  if (session.format === 'json') await session.print(jsonDocument({ outcome: 'waiting', grant }));
  for (const line of waitingWords(grant)) await session.note(line);
  return EXIT.refused;
}

async function handOver(errand: BrokerErrand, taken: Begun, profile: string | undefined): Promise<void> {
  const { session } = errand;
  const { lent } = taken;
  if (session.format === 'json') {
    const { grant, credentials } = lent;
    await session.terminal.handOver(jsonDocument({ outcome: 'started', grant, credentials }));
    return;
  }
  if (profile !== undefined) {
    const file = await keepProfile(session.terminal, profile, lent.grant.grantId, taken.from);
    await session.print(shellLine(['export', `AWS_PROFILE=${profile}`]));
    await session.note(`Profile ${profile} of ${file} renews itself; "return" removes it.`);
    if (taken.from.own.profile === undefined) await session.note(ENVIRONMENT);
    return;
  }
  await session.terminal.handOver(exportLines(lent));
  await session.note(`These credentials last until ${shortInstant(usableUntil(lent))}. Newer ones:`);
  await session.note(startLine(lent.grant));
  await session.note('What they are set in signs as the role: return the grant from another shell.');
}

function noProfile(form: string): JanitorError {
  return new JanitorError(`--profile-name is for --format profile, and --format ${form} writes none`, {
    code: 'usage',
    source: 'user',
    hint: 'Leave out one of them.',
  });
}

const ENVIRONMENT =
  'Your own credentials are in the environment, which programs prefer to AWS_PROFILE: name the profile with --profile, in this shell. A profile of your own (--profile) works from everywhere.';

function profileNameArgument(text: string): string {
  if (/^[A-Za-z0-9][\w.@+-]{0,63}$/.test(text) && text !== 'default') return text;
  throw new InvalidArgumentError('Name it by letters, digits, . _ @ + or -, and not default.');
}
