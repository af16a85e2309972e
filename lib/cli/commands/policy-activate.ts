import { Command } from 'commander';
import * as z from 'zod';
import { type Answer, atDesk, type Errand } from '../at-desk.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { deskFlags, withDesk } from '../flags.ts';
import { differencesText } from '../render/differences.ts';
import type { Style } from '../render/style.ts';
import { counted, shortHash, shortInstant } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import { widthOf } from '../terminal.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({ ...deskFlags, yes: z.boolean().default(false) });
type ActivateFlags = z.output<typeof flagsSchema>;
type Versions = Answer<'getPolicy'>;
type Activation = Answer<'activatePolicy'>;

export function policyActivateCommand(run: Run): Command {
  const command = new Command('activate')
    .description(
      'Propose this version of the policy, or approve it if it is proposed; until activated it only observes.',
    )
    .option('--yes', 'do not ask before proposing or approving');
  withDesk(command);
  return withExamples(command, [
    ['janitor policy activate', 'the first version; later ones take the quorum of the active one'],
    ['janitor policy activate --stack CredentialJanitor --policy policy', 'this one, if the stack runs it'],
  ]).action(
    action(run, flagsSchema, (session, flags) =>
      activate({ run, session, flags, command: 'policy activate' }, flags),
    ),
  );
}

/** What was shown is what is activated: another version deployed meanwhile is refused by its hash (G8). */
async function activate(errand: Errand, flags: ActivateFlags): Promise<ExitCode> {
  const { session } = errand;
  const meant = await hashInFolder(errand);
  const asks = session.terminal.interactive && !flags.yes;
  const shown = asks ? await atDesk(errand, ({ service }) => service.getPolicy()) : undefined;
  if (shown !== undefined && shown.active?.hash !== shown.deployed && !(await agreed(errand, shown))) {
    await session.note('Nothing was activated.');
    return EXIT.fine;
  }
  const { versions, outcome } = await atDesk(errand, async ({ service }) => {
    const versions = shown ?? (await service.getPolicy());
    const hash = meant ?? versions.deployed;
    if (meant === undefined) await saySo(errand, hash);
    return { versions, outcome: alreadyActive(versions, hash) ?? (await service.activatePolicy({ hash })) };
  });
  const { differences } = versions;
  await session.show({ ...outcome, differences }, () =>
    [
      ...(shown === undefined && outcome.outcome === 'pending'
        ? [differencesText(differences, session.style, session.width)]
        : []),
      activationText(outcome, session.style),
    ].join('\n'),
  );
  return EXIT.fine;
}

/** With `--policy` beside a stack or an API the version in that folder is meant; locally it is the one that counts anyway. */
async function hashInFolder({ run, session, flags }: Errand): Promise<string | undefined> {
  if (flags.policy === undefined || (flags.stack ?? flags.api) === undefined) return undefined;
  const { policyHashIn } = await run.wiring();
  return policyHashIn(flags.policy, session.terminal.cwd);
}

/** A pipeline may ask after every deployment, whoever it is. */
function alreadyActive({ active, deployed }: Versions, hash: string): Activation | undefined {
  if (active?.hash !== hash || deployed !== hash) return undefined;
  return { outcome: 'already-active', hash, approvals: 0, needed: 0 };
}

async function saySo({ session, flags }: Errand, hash: string): Promise<void> {
  const where = flags.stack === undefined ? flags.api : `Stack ${flags.stack}`;
  if (where === undefined) return;
  await session.note(
    `${where} runs policy ${shortHash(hash)}; --policy DIR makes sure that it is the one in a folder.`,
  );
}

async function agreed({ session }: Errand, versions: Versions): Promise<boolean> {
  const { deployed, active, differences, approvals, needed, approverGroup, proposedBy, lapsesAt } = versions;
  const { asideStyle: style, terminal } = session;
  const since =
    active === undefined
      ? 'No version is active yet: the first one is activated on the word of its deployer.'
      : `Active is ${shortHash(active.hash)}. Between the two:`;
  const count = `${approvals} of ${counted(needed, 'approval')}`;
  const group = approverGroup === undefined ? '' : ` of group ${approverGroup}`;
  const proposed =
    proposedBy === undefined
      ? 'It is not proposed yet: this proposes it.'
      : `It is proposed, with ${count}${group}${lapsesAt === undefined ? '' : `; it lapses on ${shortInstant(lapsesAt)}`}.`;
  const text = [
    style.bold(`Policy ${deployed}`),
    since,
    ...(active === undefined
      ? []
      : [differencesText(differences, style, widthOf(terminal.stderr)), proposed]),
  ];
  await session.aside(text.join('\n'));
  return terminal.confirm(
    `${proposedBy === undefined ? 'Activate' : 'Approve'} policy ${shortHash(deployed)}?`,
  );
}

export function activationText(
  { outcome, hash, approvals, needed, approverGroup, lapsesAt }: Activation,
  style: Style,
): string {
  const version = `Policy ${shortHash(hash)}`;
  if (outcome === 'already-active') return `${version} is the active one already.`;
  if (outcome === 'activated') {
    const by =
      approvals === 0 ? 'the first one, on the word of its deployer' : counted(approvals, 'approval');
    return style.green(`${version} is active now: ${by}.`);
  }
  const who = approverGroup === undefined ? 'approvers' : `group ${approverGroup}`;
  const by = lapsesAt === undefined ? '' : ` by ${shortInstant(lapsesAt)}`;
  return `${version} is proposed: ${approvals} of ${counted(needed, 'approval')} by ${who}.\nThey run the same command${by}: janitor policy activate`;
}
