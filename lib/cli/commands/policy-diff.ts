import { Command } from 'commander';
import * as z from 'zod';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { clockFlags, recordFlags, withRecord } from '../flags.ts';
import { differencesText } from '../render/differences.ts';
import { jsonDocument } from '../render/json-document.ts';
import { shortHash } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({ ...recordFlags, ...clockFlags });

export function policyDiffCommand(run: Run): Command {
  const command = new Command('diff')
    .description('What a version of the policy loosens, tightens and changes, as an approver is shown it.')
    .argument(
      '<version>',
      'the new version: its folder, or the hash of an archived one; with a second, the old one',
    )
    .argument('[after]', 'the new version, when the first is the old one');
  withRecord(command);
  return withExamples(command, [
    ['janitor policy diff policy', 'this folder, against the active version'],
    ['janitor policy diff old-policy policy', 'two folders; no record is read'],
    [
      'janitor policy diff policy --stack CredentialJanitor',
      'against what is active in the deployed janitor',
    ],
  ]).action(
    action(run, flagsSchema, (session, flags, [first = '', second]) =>
      diff(run, session, flags, second === undefined ? { after: first } : { before: first, after: second }),
    ),
  );
}

async function diff(
  run: Run,
  session: Session,
  flags: z.output<typeof flagsSchema>,
  versions: { readonly before?: string; readonly after: string },
): Promise<ExitCode> {
  const { comparePolicies } = await run.wiring();
  const compared = await comparePolicies(versions, flags, surroundings(session, 'policy diff'));
  if (session.format === 'json') {
    await session.print(jsonDocument({ ...compared }));
    return EXIT.fine;
  }
  const { before, after, differences } = compared;
  const text =
    before === after
      ? `Both are policy ${shortHash(after)}.`
      : `Policy ${shortHash(after)} against ${shortHash(before)}:\n${differencesText(differences, session.style, session.width)}`;
  await session.print(text);
  return EXIT.fine;
}
