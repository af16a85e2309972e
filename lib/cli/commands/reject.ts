import { Command, Option } from 'commander';
import * as z from 'zod';
import { atDesk, type Errand } from '../at-desk.ts';
import { decisionsAbout } from '../decidable.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { deskFlags, reasonArgument, withDesk } from '../flags.ts';
import { action, type Run } from '../run.ts';
import { completed } from '../wanted.ts';
import { REASON } from '../wanted-values.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({ ...deskFlags, reason: z.string().optional() });

export function rejectCommand(run: Run): Command {
  const reason = new Option('--reason <text>', 'why, for the record and for who asked');
  const command = new Command('reject')
    .description('Reject a frozen plan or a request: nothing of it will be done.')
    .argument('<id>', 'a plan as the sweep that froze it printed it, or the id of a request')
    .addOption(reason.argParser(reasonArgument));
  withDesk(command);
  return withExamples(command, [
    ['janitor reject plan/111122223333/4 --reason "quarter end, ask again on Monday"', 'nothing of it runs'],
    ['janitor reject 0198c2f4-7d1e-7c11-a2c3-5e6f70819203 --reason "rotate it instead"', 'a request'],
  ]).action(
    action(run, flagsSchema, (session, flags, [id = '']) =>
      reject({ run, session, flags, command: 'reject' }, flags.reason, id),
    ),
  );
}

async function reject(errand: Errand, typed: string | undefined, id: string): Promise<ExitCode> {
  const { session } = errand;
  const { reason } = await completed(session, 'reject', { reason: REASON }, { reason: typed });
  const rejected = await atDesk(errand, ({ service }) => decisionsAbout(id).reject(service, reason));
  await session.show(rejected.document, () => rejected.text(session.style, session.width));
  return EXIT.fine;
}
