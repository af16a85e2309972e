import { Command, Option } from 'commander';
import * as z from 'zod';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { clockFlags, instantArgument, recordFlags, withClock, withRecord } from '../flags.ts';
import { explanationText } from '../render/explanation.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({
  ...recordFlags,
  ...clockFlags,
  at: z.string().optional(),
});

export function explainCommand(run: Run): Command {
  const at = new Option(
    '--at <instant>',
    'as it was recorded up to then; kept credentials are explained, too',
  );
  const command = new Command('explain')
    .description('Why something is as it is, from the record alone: who, what, why, until when.')
    .argument(
      '<id>',
      'a credential, a bare access key id, a plan, a notice, a sweep, an event, a request, an exception, a challenge or an account',
    )
    .addOption(at.argParser(instantArgument));
  withClock(withRecord(command));
  return withExamples(command, [
    ['janitor explain AKIAIOSFODNN7EXAMPLE', 'from its first finding to now'],
    ['janitor explain AKIAIOSFODNN7EXAMPLE --at 2026-02-01', 'why it was kept that day, on which evidence'],
    ['janitor explain plan/111122223333/4 --format json', 'what a plan would do, with the events behind it'],
    ['janitor explain 0f1e2d3c-4b5a-6978', 'who asked for an exception, who approved it, what ended it'],
    ['janitor explain --stack CredentialJanitor 111122223333', 'the newest deployed sweep of an account'],
  ]).action(action(run, flagsSchema, (session, flags, [id = '']) => explain(run, session, flags, id)));
}

async function explain(
  run: Run,
  session: Session,
  flags: z.output<typeof flagsSchema>,
  id: string,
): Promise<ExitCode> {
  const wiring = await run.wiring();
  const opened = await wiring.openLedger(flags, surroundings(session, 'explain'));
  try {
    const isLocal = flags.stack === undefined;
    const now = isLocal ? await wiring.explainingInstant(opened, flags.now) : opened.clock.now();
    const explanation = await wiring.explain(opened, id, {
      now,
      ...(flags.at === undefined ? {} : { at: flags.at }),
    });
    const asJson = session.format === 'json';
    await session.print(
      asJson
        ? JSON.stringify(explanation, null, 2)
        : explanationText(wiring.renderExplanation(explanation), session.style, session.width),
    );
    return EXIT.fine;
  } finally {
    await opened.close();
  }
}
