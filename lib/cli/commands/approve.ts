import { Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import { JanitorError } from '../../domain/error.ts';
import { atDesk, type Errand } from '../at-desk.ts';
import { type Decidable, type Decisions, decisionsAbout } from '../decidable.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import { deskFlags, withDesk } from '../flags.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { widthOf } from '../terminal.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({
  ...deskFlags,
  yes: z.boolean().default(false),
  hash: z.string().optional(),
});
type ApproveFlags = z.output<typeof flagsSchema>;

const AFTER = `
An approval counts for exactly what was shown: it names the hash of it, and is refused when something else stands under
the id. It never counts from who asked, from whom it serves, or from a program. A plan is run by the next sweep, or by the
same janitor rotate; a request is carried out within minutes.
`;

export function approveCommand(run: Run): Command {
  const hash = new Option('--hash <sha256>', 'approve only what has this hash, without asking');
  const command = new Command('approve')
    .description('Approve a frozen plan or a request, as the person AWS says you are.')
    .argument('<id>', 'a plan as the sweep that froze it printed it, or the id of a request')
    .option('--yes', 'do not ask; approves what stands under the id now')
    .addOption(hash.argParser(hashArgument));
  withDesk(command);
  return withExamples(command, [
    ['janitor approve plan/111122223333/4', 'read it, be asked, approve exactly that'],
    ['janitor approve 0198c2f4-7d1e-7c11-a2c3-5e6f70819203', 'the same for a request'],
    ['janitor approve plan/111122223333/4 --stack CredentialJanitor', 'one of the deployed janitor'],
    [
      'janitor approve plan/111122223333/4 --hash 5f0c... --format json',
      'from a script that knows what it read',
    ],
  ])
    .addHelpText('after', AFTER)
    .action(
      action(run, flagsSchema, (session, flags, [id = '']) =>
        approve({ run, session, flags, command: 'approve' }, flags, id),
      ),
    );
}

async function approve(errand: Errand, flags: ApproveFlags, id: string): Promise<ExitCode> {
  const { session } = errand;
  const decisions = decisionsAbout(id);
  const asks = !flags.yes && flags.hash === undefined;
  if (asks && !session.terminal.interactive) throw cannotAsk(id);
  const shown = asks ? await agreed(errand, decisions, id) : undefined;
  if (asks && shown === undefined) {
    await session.note('Nothing was approved.');
    return EXIT.fine;
  }
  const { before, approved } = await atDesk(errand, async ({ service }) => {
    if (flags.hash !== undefined) return { approved: await decisions.approve(service, flags.hash) };
    const read = shown ?? (await decisions.read(service));
    return { before: read, approved: await decisions.approve(service, read.hash) };
  });
  if (before?.approvals === approved.approvals) {
    await session.note('You had approved it before: a person counts once.');
  }
  await session.show(approved.document, () => approved.text(session.style, session.width));
  return exitCodeOf(approved.failed && EXIT.failed);
}

/** What was shown, if the person agreed to it. The desk is closed before the question. */
async function agreed(errand: Errand, decisions: Decisions, id: string): Promise<Decidable | undefined> {
  const { session } = errand;
  const shown = await atDesk(errand, ({ service }) => decisions.read(service));
  await showAside(session, shown);
  return (await session.terminal.confirm(`Approve ${id} as it stands above?`)) ? shown : undefined;
}

/** On stderr: standard output is for what was decided. */
async function showAside(session: Session, shown: Decidable): Promise<void> {
  await session.aside(shown.text(session.asideStyle, widthOf(session.terminal.stderr)));
}

function hashArgument(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError('A hash is 64 hexadecimal digits, as show prints it.');
}

function cannotAsk(id: string): JanitorError {
  return new JanitorError('approve asks before it approves, and nobody can answer here', {
    code: 'confirmation-needed',
    source: 'user',
    hint: `Add --hash with the hash of what you read, or --yes for whatever stands under ${id} now.`,
  });
}
