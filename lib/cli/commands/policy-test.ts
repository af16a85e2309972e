import path from 'node:path';
import { Command } from 'commander';
import * as z from 'zod';
import { JanitorError } from '../../domain/error.ts';
import type { CaseResult } from '../../wiring/index.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { outputFlags, policyFlags, withOutput, withPolicy } from '../flags.ts';
import { jsonDocument } from '../render/json-document.ts';
import type { Style } from '../render/style.ts';
import { counted, printable, wrapped } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({ ...outputFlags, ...policyFlags });

export function policyTestCommand(run: Run): Command {
  const command = new Command('test').description('Run the cases in the policy folder against its rules.');
  withPolicy(withOutput(command));
  return withExamples(command, [
    ['janitor policy test', 'all files in policy/cases; exit 1 when one fails'],
  ]).action(action(run, flagsSchema, (session, flags) => test(run, session, flags)));
}

async function test(run: Run, session: Session, flags: z.output<typeof flagsSchema>): Promise<ExitCode> {
  const { policyDirectory, runPolicyCases } = await run.wiring();
  const { dir } = policyDirectory(flags.policy, session.terminal.cwd);
  const { cases } = await runPolicyCases(dir);
  if (cases.length === 0) throw noCases(dir);
  const failed = cases.filter((each) => !each.ok);
  if (session.format === 'json') {
    await session.print(
      jsonDocument({ dir, passed: cases.length - failed.length, failed: failed.length, cases }),
    );
  } else {
    const { style, width } = session;
    const lines = cases.map((each) => caseText(each, style, width));
    const total = `${counted(cases.length - failed.length, 'case')} passed, ${failed.length} failed`;
    await session.print([...lines, failed.length === 0 ? style.green(total) : style.red(total)].join('\n'));
  }
  return failed.length === 0 ? EXIT.fine : EXIT.failed;
}

/** Nothing tested must not look like nothing failed. */
function noCases(dir: string): JanitorError {
  const folder = path.join(dir, 'cases');
  return new JanitorError(`there are no cases in ${folder}`, {
    code: 'no-cases',
    source: 'user',
    hint: 'Write one there as in policy/cases of this program: a YAML file with "cases:" and, for each, name, rule, now, facts and expect.',
    details: { folder },
  });
}

function caseText(
  { file, name, ok, expected, got, reasons }: CaseResult,
  style: Style,
  width: number,
): string {
  if (ok) return `${style.green('ok')}      ${printable(name)}  ${style.dim(file)}`;
  return [
    `${style.red('failed')}  ${printable(name)}  ${style.dim(file)}`,
    `          expected ${JSON.stringify(expected)}`,
    `          got      ${JSON.stringify(got)}`,
    ...reasons.map((reason) => wrapped(printable(reason), width, '          ')),
  ].join('\n');
}
