import { Command } from 'commander';
import * as z from 'zod';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { outputFlags, policyFlags, withOutput, withPolicy } from '../flags.ts';
import { problemLines } from '../render/error.ts';
import { jsonDocument } from '../render/json-document.ts';
import { counted } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({ ...outputFlags, ...policyFlags });

export function policyCheckCommand(run: Run): Command {
  const command = new Command('check').description(
    'Every error of the policy and its cases at once, with what to write instead.',
  );
  withPolicy(withOutput(command));
  return withExamples(command, [
    ['janitor policy check', 'the policy in ./policy'],
    ['janitor policy check --policy other --format json', 'for an editor or a pipeline'],
  ]).action(action(run, flagsSchema, (session, flags) => check(run, session, flags)));
}

/** An invalid policy is the answer here, not an accident: it goes to stdout, with exit 2. */
async function check(run: Run, session: Session, flags: z.output<typeof flagsSchema>): Promise<ExitCode> {
  const { checkPolicyFolder, policyDirectory } = await run.wiring();
  const { dir } = policyDirectory(flags.policy, session.terminal.cwd);
  const checked = await checkPolicyFolder(dir);
  const { style, width } = session;
  if (session.format === 'json') {
    const { ok } = checked;
    await session.print(
      jsonDocument(
        ok
          ? { ok, dir, hash: checked.policy.hash, cases: checked.cases, problems: [] }
          : { ok, dir, problems: checked.problems },
      ),
    );
  } else if (checked.ok) {
    const { document, hash } = checked.policy;
    const rules = counted(document.rules.length, 'rule');
    await session.print(
      `${style.green('The policy is valid:')} ${rules}, ${counted(checked.cases, 'case')}, mode ${document.mode}, hash ${hash}\n${dir}`,
    );
  } else {
    const count = style.red(counted(checked.problems.length, 'problem'));
    const lines = checked.problems.flatMap((problem) => problemLines(problem, style, width));
    await session.print([`The policy in ${dir} has ${count}:`, ...lines].join('\n'));
  }
  return checked.ok ? EXIT.fine : EXIT.usage;
}
