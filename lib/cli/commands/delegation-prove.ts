import { Command } from 'commander';
import * as z from 'zod';
import { JanitorError } from '../../domain/error.ts';
import { atDesk, type Errand } from '../at-desk.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { deskFlags, withDesk } from '../flags.ts';
import { readDocument } from '../read-document.ts';
import { action, type Run } from '../run.ts';
import { submissionSchema } from '../submit.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({
  ...deskFlags,
  request: z.string(),
  next: z.string(),
  previous: z.string().optional(),
  apiId: z.string().optional(),
});
type ProveFlags = z.output<typeof flagsSchema>;

const AFTER = `
Each hop proves itself with its own credentials, for this one request, for the one it hands it to, at this one API, within
ten minutes. The output is the whole delegation so far: hand it to the one you named and to nobody else, and keep it out of
logs. A proof of a session carries its session token. The last one asks with "janitor request create", from the same file
and with the delegation; docs/requests.md goes through all of it.
`;

export function delegationProveCommand(run: Run): Command {
  const command = new Command('prove')
    .description('Print the proof that you hand a request on, for whom you hand it to.')
    .requiredOption('--request <file>', 'what is asked, as `request create --print` printed it')
    .requiredOption('--next <arn>', 'who gets it: the ARN of a user, a role or a session')
    .option('--previous <file>', 'the proofs handed to you; - is standard input; none if you ask first')
    .option('--api-id <id>', 'the id of the API; without it the API is asked for it');
  withDesk(command, ['json']);
  return withExamples(command, [
    [
      'janitor delegation prove --request request.json --next arn:aws:iam::111122223333:role/broker > proofs.json',
      'the first asker hands it to a role',
    ],
    [
      'janitor delegation prove --request request.json --previous proofs.json --next arn:aws:iam::111122223333:role/agent > both.json',
      'that role hands it on',
    ],
  ])
    .addHelpText('after', AFTER)
    .action(
      action(run, flagsSchema, (session, flags) =>
        prove({ run, session, flags, command: 'delegation prove' }, flags),
      ),
    );
}

async function prove(errand: Errand, flags: ProveFlags): Promise<ExitCode> {
  const { run, session } = errand;
  if (flags.request === '-' && flags.previous === '-') throw oneInput();
  const asked = await readDocument(session, flags.request, submissionSchema);
  const previous =
    flags.previous === undefined ? undefined : await readDocument(session, flags.previous, z.unknown());
  const { api, now } = await apiOf(errand, flags.apiId);
  const { proveDelegation } = await run.wiring();
  const proofs = await proveDelegation(flags, { api, now, asked, previous, next: flags.next });
  await session.note(
    `These proofs are worth as much as a session for ten minutes: hand them to ${flags.next} and to nobody else, and log them nowhere.`,
  );
  await session.terminal.handOver(`${JSON.stringify(proofs)}\n`);
  return EXIT.fine;
}

/** The API says by which clock it will judge the age of the proof. */
async function apiOf(errand: Errand, named: string | undefined) {
  if (named !== undefined) return { api: named, now: undefined };
  return atDesk(errand, ({ service }) => service.whoAmI());
}

function oneInput(): JanitorError {
  return new JanitorError('standard input holds one document, not two', {
    code: 'usage',
    source: 'user',
    hint: 'Give --request or --previous as a file.',
  });
}
