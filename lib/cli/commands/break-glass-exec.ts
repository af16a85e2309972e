import { Command } from 'commander';
import * as z from 'zod';
import type { GrantView } from '../../api/index.ts';
import { JanitorError, messageOf } from '../../domain/error.ts';
import { atBroker, type BrokerErrand } from '../at-broker.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { stackFlags, withBroker } from '../flags.ts';
import { grantAsked, grantFlags, withGrant } from '../grant-flags.ts';
import { insideEnvironment } from '../inside/environment.ts';
import { openLentFolder } from '../inside/lent-profile-folder.ts';
import { LentSessions } from '../inside/lent-sessions.ts';
import { programOf, ranInside } from '../inside/run-command.ts';
import { processCredentials } from '../lent-credentials.ts';
import { startWords, waitingWords } from '../render/grant.ts';
import { shellLine } from '../render/shell-words.ts';
import { shortInstant } from '../render/text.ts';
import { renewed } from '../renew-grant.ts';
import { requestIdArgument } from '../request-flags.ts';
import { action, type Run } from '../run.ts';
import { type Begun, begun, sayLeft } from '../start-grant.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z
  .strictObject({
    ...stackFlags,
    ...grantFlags,
    api: z.string().optional(),
    grant: z.string().optional(),
    keep: z.boolean().default(false),
    color: z.boolean(),
  })
  .transform((flags) => ({ ...flags, format: 'table' as const }));
type ExecFlags = z.output<typeof flagsSchema>;

const AFTER = `
The command gets a profile that renews itself, and none of your own credentials; it ends by itself where the grant ends. Its
status is that of this command, 128 and the number of a signal that ended it. A role that was taken here is returned when
the command has ended, unless --keep is given; one named by --grant is kept.
`;

export function breakGlassExecCommand(run: Run): Command {
  const command = new Command('exec')
    .description('Run a command in a break-glass role, and give the role back when it has ended.')
    .usage('[options] [role] -- <command...>')
    .argument('[role]', 'as "janitor break-glass roles" names it; none with --grant')
    .argument('[command...]', 'after --: the command and everything it takes')
    .option('--grant <id>', 'in a grant there is, instead of a new one', requestIdArgument)
    .option('--keep', 'do not return the grant afterwards')
    .option('--no-color', 'plain text, also with the environment variable NO_COLOR');
  return withExamples(withBroker(withGrant(command)), [
    [
      'janitor break-glass exec database-admin --account 111122223333 --reason "replica lags, failing over" --ticket OPS-123 -- aws rds describe-db-instances',
      'takes the role, runs the command, returns the role',
    ],
    [
      'janitor break-glass exec --grant 0198c2f4-7d1e-7c11-a2c3-5e6f70819203 -- bash',
      'a shell in a grant that was taken before',
    ],
  ])
    .addHelpText('after', AFTER)
    .action(
      action(run, flagsSchema, (session, flags, args) =>
        exec({ run, session, flags, command: 'break-glass exec' }, flags, args),
      ),
    );
}

async function exec(errand: BrokerErrand, flags: ExecFlags, args: readonly string[]): Promise<number> {
  const { terminal } = errand.session;
  const { role, words } = split(args, errand.run.argv);
  if (flags.grant !== undefined && role !== undefined) throw roleOrGrant();
  const [word, ...rest] = words;
  if (word === undefined) throw noCommand();
  const program = await programOf(word, terminal.env, terminal.cwd);
  const taken = await takenFor(errand, flags, role);
  if (!('lent' in taken)) return waits(errand, flags, taken, words);
  const { grant } = taken.lent;
  await sayLeft(errand, grant);
  try {
    return await inside(errand, taken, [program, ...rest]);
  } finally {
    if (flags.grant === undefined && !flags.keep) await returned(errand, grant);
  }
}

/** What stands after `--` is not ours, whatever it looks like. */
function split(args: readonly string[], argv: readonly string[]) {
  const end = argv.indexOf('--');
  const words = end === -1 ? [] : argv.slice(end + 1);
  const [role, ...more] = args.slice(0, args.length - words.length);
  if (end === -1 || more.length > 0) throw noCommand();
  return { role, words };
}

async function takenFor(
  errand: BrokerErrand,
  { grant: grantId, ...flags }: ExecFlags,
  role: string | undefined,
): Promise<Begun | GrantView> {
  const { session, command } = errand;
  if (grantId === undefined) return begun(errand, await grantAsked(session, command, { ...flags, role }));
  const from = await atBroker(errand, async ({ url, region, own }) => ({ url, region, own }));
  const lent = await renewed(errand, grantId);
  return lent.outcome === 'started' ? { lent, from } : lent.grant;
}

async function waits(
  { session }: BrokerErrand,
  { grant: grantId }: ExecFlags,
  grant: GrantView,
  words: readonly string[],
): Promise<ExitCode> {
  const asked = grantId === undefined ? startWords(grant) : ['--grant', grantId];
  const again = shellLine(['janitor', 'break-glass', 'exec', ...asked, '--', ...words]);
  for (const line of waitingWords(grant, again)) await session.note(line);
  return EXIT.refused;
}

async function inside(
  errand: BrokerErrand,
  { lent, from }: Begun,
  words: readonly [string, ...string[]],
): Promise<number> {
  const { terminal } = errand.session;
  const { grantId } = lent.grant;
  // A stack is found once; its API is where it was.
  const there = { ...errand, flags: { api: from.url, region: from.region, profile: errand.flags.profile } };
  const sessions = new LentSessions(
    lent,
    async () => {
      const more = await renewed(there, grantId);
      if (more.outcome === 'started') return more;
      throw new JanitorError(`grant ${grantId} waits for approval`, { code: 'waiting', source: 'policy' });
    },
    () => performance.now() / 1000,
  );
  const folder = await openLentFolder({
    node: terminal.program[0] ?? process.execPath,
    settings: from.own.settings,
    credentials: async () => processCredentials(await sessions.current()),
  });
  try {
    const env = insideEnvironment(terminal.env, folder, grantId);
    const { interactive, stdout, stderr } = terminal;
    const isAtTerminal = interactive || stdout.isTTY || stderr.isTTY;
    return await ranInside(words, { env, cwd: terminal.cwd, isAtTerminal });
  } finally {
    await folder.close();
  }
}

/** What the command came to stands, whatever becomes of this: the grant ends by itself. */
async function returned(errand: BrokerErrand, { grantId, endsAt }: GrantView): Promise<void> {
  const { session } = errand;
  try {
    await atBroker(errand, ({ service }) => service.returnGrant(grantId, undefined));
    await session.note(`Grant ${grantId} was returned.`);
  } catch (error) {
    await session.note(
      `Grant ${grantId} could not be returned (${messageOf(error)}). It ends by itself at ${shortInstant(endsAt)}; to end it before:`,
    );
    await session.note(`janitor break-glass return ${grantId}`);
  }
}

function noCommand(): JanitorError {
  return new JanitorError('exec takes a role, then --, then the command to run in it', {
    code: 'usage',
    source: 'user',
    hint: 'For example: janitor break-glass exec ROLE --account 111122223333 --reason ... --ticket OPS-123 -- aws sts get-caller-identity',
  });
}

function roleOrGrant(): JanitorError {
  return new JanitorError('a grant is of a role already: name the one or the other', {
    code: 'usage',
    source: 'user',
    hint: 'Leave out the role, or --grant to take a new one.',
  });
}
