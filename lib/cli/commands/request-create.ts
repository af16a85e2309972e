import { Command, Option } from 'commander';
import * as z from 'zod';
import { REQUEST_KINDS, type RequestKind } from '../../domain/request-events.ts';
import { STEP_KINDS } from '../../domain/step.ts';
import { askedFor } from '../ask-of.ts';
import type { Errand } from '../at-desk.ts';
import type { ExitCode } from '../exit-code.ts';
import { contentFlags, scopeFlags, withContent, withScope } from '../request-flags.ts';
import { action, type Run } from '../run.ts';
import { submit, submitDocument } from '../submit.ts';
import { completed } from '../wanted.ts';
import { KIND } from '../wanted-values.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({
  ...contentFlags,
  ...scopeFlags,
  kind: z.enum(REQUEST_KINDS).optional(),
  step: z.enum(STEP_KINDS).optional(),
  plan: z.string().optional(),
  exception: z.string().optional(),
  from: z.string().optional(),
});
type CreateFlags = z.output<typeof flagsSchema>;

const OF_CONTENT = ['kind', 'credential', 'rule', 'while', 'step', 'plan', 'exception', 'reason'];

export function requestCreateCommand(run: Run): Command {
  const kind = new Option('--kind <kind>', 'what you ask for').choices([...REQUEST_KINDS]);
  const step = new Option('--step <step>', 'of a policy-override').choices([...STEP_KINDS]);
  const from = new Option('--from <file>', 'send what --print printed, as it is; - is standard input');
  const command = new Command('create')
    .description('Ask for something: an exception, a restore, a rotation, the approval of a plan.')
    .addOption(kind);
  withScope(command)
    .addOption(step)
    .option('--plan <id>', 'of an approve-plan')
    .option('--exception <id>', 'of an extension')
    .addOption(from.conflicts([...OF_CONTENT, 'print']));
  withContent(command);
  return withExamples(command, [
    ['janitor request create', 'be asked for everything'],
    [
      'janitor request create --kind restore --credential AKIAIOSFODNN7EXAMPLE --reason "quarter end" --reason-kind business-need --ticket OPS-7 --until 1d',
      'from a script',
    ],
    [
      'janitor request create --kind policy-override --credential AKIAIOSFODNN7EXAMPLE --rule access-key-unused --step disable --reason "key of the disaster recovery" --reason-kind business-need --ticket OPS-8 --until 30d',
      'one step of one rule is not taken',
    ],
    ['janitor request create --from request.json --delegation proofs.json', 'on behalf of others'],
  ]).action(
    action(run, flagsSchema, (session, flags) =>
      create({ run, session, flags, command: 'request create' }, flags),
    ),
  );
}

async function create(errand: Errand, flags: CreateFlags): Promise<ExitCode> {
  const { from, delegation } = flags;
  if (from !== undefined) return submitDocument(errand, { from, delegation });
  const { session, command } = errand;
  const { kind } = await completed(session, command, { kind: KIND }, { kind: flags.kind });
  const known: RequestKind = z.enum(REQUEST_KINDS).parse(kind);
  return submit(errand, flags, await askedFor(session, command, known, flags));
}
