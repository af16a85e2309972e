import { Argument, Command } from 'commander';
import * as z from 'zod';
import type { EndedView } from '../../api/index.ts';
import { JanitorError } from '../../domain/error.ts';
import { atBroker, type BrokerErrand } from '../at-broker.ts';
import { dropProfiles } from '../aws-profile/keep-profile.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import { accountArgument, brokerFlags, reasonArgument, withBroker, withOutput } from '../flags.ts';
import { grantText } from '../render/grant.ts';
import type { Style } from '../render/style.ts';
import { requestIdArgument } from '../request-flags.ts';
import { action, type Run } from '../run.ts';
import { completed } from '../wanted.ts';
import { REASON } from '../wanted-values.ts';
import { grantCommand } from './about-grant.ts';
import { withExamples } from './examples.ts';

const ID = '0198c2f4-7d1e-7c11-a2c3-5e6f70819203';

export function breakGlassReturnCommand(run: Run): Command {
  return grantCommand(run, {
    verb: 'return',
    description: 'Give a role back before its time: its credentials end at once.',
    examples: [[`janitor break-glass return ${ID}`, 'also removes the profile that was written for it']],
    reason: true,
    does: (service, id, reason) => service.returnGrant(id, reason),
    text: endedText,
    afterwards: async (errand, { outcome, grant }) => {
      await tidied(errand, grant.grantId);
      return exitOf(outcome);
    },
  });
}

const flagsSchema = z.strictObject({
  ...brokerFlags,
  role: z.string().optional(),
  account: z.string().optional(),
  reason: z.string().optional(),
});
type RevokeFlags = z.output<typeof flagsSchema>;

export function breakGlassRevokeCommand(run: Run): Command {
  const command = new Command('revoke')
    .description('End a grant of somebody, or all of a role, at once.')
    .addArgument(new Argument('[id]', 'the grant').argParser(requestIdArgument))
    .option('--role <name>', 'every grant of this role, instead of one')
    .option('--account <id>', 'of that role, those in this account', accountArgument)
    .option('--reason <text>', 'why, for the record', reasonArgument);
  return withExamples(withBroker(withOutput(command)), [
    [`janitor break-glass revoke ${ID} --reason "the laptop was stolen"`, 'one grant'],
    ['janitor break-glass revoke --role database-admin --reason "incident 4711"', 'all of a role'],
  ]).action(
    action(run, flagsSchema, (session, flags, [id]) =>
      revoke({ run, session, flags, command: 'break-glass revoke' }, flags, id),
    ),
  );
}

async function revoke(errand: BrokerErrand, flags: RevokeFlags, id: string | undefined): Promise<ExitCode> {
  const { session, command } = errand;
  const { role, account } = flags;
  if ((id === undefined) === (role === undefined)) throw oneOrRole();
  if (account !== undefined && role === undefined) throw accountAlone();
  const { reason } = await completed(session, command, { reason: REASON }, flags);
  const items = await atBroker(errand, async ({ service }) => {
    if (role === undefined) return [await service.revokeGrant(id ?? '', reason)];
    const where = account === undefined ? {} : { accountId: account };
    return (await service.revokeRole({ role, ...where, reason })).items;
  });
  const [one] = items;
  await session.show(role === undefined && one !== undefined ? { ...one } : { items }, () =>
    items.length === 0
      ? `No grant of ${role} is open${account === undefined ? '' : ` in ${account}`}: nothing was ended.`
      : items.map((item) => endedText(item, session.style, session.width)).join('\n\n'),
  );
  for (const { grant } of items) await tidied(errand, grant.grantId);
  return exitCodeOf(...items.map(({ outcome }) => exitOf(outcome)));
}

/** What could not be ended now is tried again, but a script has to hear of it. */
function exitOf(outcome: EndedView['outcome']): ExitCode {
  return outcome === 'open' ? EXIT.failed : EXIT.fine;
}

function endedText({ outcome, grant }: EndedView, style: Style, width: number): string {
  return [...SAID[outcome], grantText(grant, style, width)].join('\n');
}

const SAID: Readonly<Record<EndedView['outcome'], readonly string[]>> = {
  ended: ['Ended: its sessions can do nothing any more.'],
  ending: [
    'No session is issued any more; those there are end within minutes, and are looked at until they have.',
  ],
  lapsed: ['It never began, and cannot any more.'],
  open: ['It could not be ended yet. It is tried again every five minutes; its own end stays where it is.'],
};

async function tidied({ session }: BrokerErrand, grantId: string): Promise<void> {
  for (const name of await dropProfiles(session.terminal, grantId)) {
    await session.note(`Profile ${name} was removed.`);
  }
}

function oneOrRole(): JanitorError {
  return new JanitorError('revoke takes the id of a grant or --role, and one of them', {
    code: 'usage',
    source: 'user',
    hint: '"janitor break-glass list" shows the grants there are.',
  });
}

function accountAlone(): JanitorError {
  return new JanitorError('--account narrows --role, and no role is named', {
    code: 'usage',
    source: 'user',
    hint: 'Add --role with the name of a role, or leave out --account: a grant is of one account.',
  });
}
