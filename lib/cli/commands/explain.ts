import { Command, Option } from 'commander';
import * as z from 'zod';
import { atDesk, type Errand } from '../at-desk.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { clockFlags, instantArgument, recordFlags, withApi, withClock, withRecord } from '../flags.ts';
import { explanationText } from '../render/explanation.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({
  ...recordFlags,
  ...clockFlags,
  api: z.string().optional(),
  at: z.string().optional(),
});
type ExplainFlags = z.output<typeof flagsSchema>;

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
  withApi(withClock(withRecord(command)));
  return withExamples(command, [
    ['janitor explain AKIAIOSFODNN7EXAMPLE', 'from its first finding to now'],
    ['janitor explain AKIAIOSFODNN7EXAMPLE --at 2026-02-01', 'why it was kept that day, on which evidence'],
    ['janitor explain plan/111122223333/4 --format json', 'what a plan would do, with the events behind it'],
    ['janitor explain 0f1e2d3c-4b5a-6978', 'who asked for an exception, who approved it, what ended it'],
    ['janitor explain --stack CredentialJanitor 111122223333', 'the newest deployed sweep of an account'],
  ]).action(
    action(run, flagsSchema, (session, flags, [id = '']) => {
      const errand = { run, session, flags, command: 'explain' };
      return flags.api === undefined ? explain(errand, flags, id) : explainOverApi(errand, flags.at, id);
    }),
  );
}

async function explain({ run, session }: Errand, flags: ExplainFlags, id: string): Promise<ExitCode> {
  const wiring = await run.wiring();
  const opened = await wiring.openLedger(flags, surroundings(session, 'explain'));
  try {
    const isLocal = flags.stack === undefined;
    const now = isLocal ? await wiring.explainingInstant(opened, flags.now) : opened.clock.now();
    const explanation = await wiring.explain(opened, id, {
      now,
      ...(flags.at === undefined ? {} : { at: flags.at }),
    });
    await shown(session, explanation, () => wiring.renderExplanation(explanation));
    return EXIT.fine;
  } finally {
    await opened.close();
  }
}

/** By the record behind the API, which the caller need not be able to read himself. */
async function explainOverApi(errand: Errand, at: string | undefined, id: string): Promise<ExitCode> {
  const { run, session } = errand;
  const query = { id, ...(at === undefined ? {} : { at }) };
  const answer = await atDesk(errand, ({ service }) => service.explain(query));
  const { isExplanation, renderExplanation } = await run.wiring();
  await shown(session, answer, isExplanation(answer) ? () => renderExplanation(answer) : undefined);
  return EXIT.fine;
}

/** Without words for it, as JSON. */
async function shown(
  session: Session,
  explanation: object,
  words: (() => readonly string[]) | undefined,
): Promise<void> {
  await session.print(
    session.format === 'json' || words === undefined
      ? JSON.stringify(explanation, null, 2)
      : explanationText(words(), session.style, session.width),
  );
}
