import { Command } from 'commander';
import * as z from 'zod';
import type { LedgerProblem, Verification } from '../../wiring/index.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { recordFlags, withRecord } from '../flags.ts';
import { ProgressBar } from '../progress.ts';
import { jsonDocument } from '../render/json-document.ts';
import type { Style } from '../render/style.ts';
import { counted, printable, wrapped } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject(recordFlags);

export function ledgerVerifyCommand(run: Run): Command {
  const command = new Command('verify').description(
    'Recompute every chain, fold, manifest and Merkle root; name what is not as it was recorded.',
  );
  withRecord(command);
  return withExamples(command, [
    ['janitor ledger verify', 'exit 1 and the first broken link when something was changed'],
    ['janitor ledger verify --stack CredentialJanitor', 'the same of the deployed record'],
  ]).action(action(run, flagsSchema, (session, flags) => verify(run, session, flags)));
}

async function verify(run: Run, session: Session, flags: z.output<typeof flagsSchema>): Promise<ExitCode> {
  const { openLedger, verifyLedger } = await run.wiring();
  const opened = await openLedger(flags, surroundings(session, 'ledger verify'));
  const progress = new ProgressBar(session.terminal.stderr, session.asideStyle);
  try {
    const verification = await verifyLedger(opened, progress.show);
    await progress.clear();
    const asJson = session.format === 'json';
    await session.print(
      asJson
        ? jsonDocument({ ...verification })
        : verificationText(
            verification,
            session.style,
            session.width,
            MENDS[session.place === undefined ? 'local' : 'deployed'],
          ),
    );
    return verification.ok ? EXIT.fine : EXIT.failed;
  } finally {
    await progress.clear();
    await opened.close();
  }
}

/** What brings rows of the projection up to date; people do not write a deployed one. */
const MENDS = {
  local: '"janitor ledger rebuild" mends them',
  deployed: 'the next "janitor sweep" of their account mends them',
} as const;

export function verificationText(
  verification: Verification,
  style: Style,
  width: number,
  mends: string = MENDS.local,
): string {
  const { ok, chains, events, sweeps, problems, repairable, omitted } = verification;
  const read = `${counted(events, 'event')} in ${counted(chains, 'chain')}, ${counted(sweeps, 'sweep')} with their manifests`;
  const head = ok
    ? `${style.green('The ledger verifies:')} ${read}. Nothing was changed, removed, inserted or reordered.`
    : `${style.red(style.bold('The ledger does NOT verify:'))} ${counted(problems.length + omitted, 'problem')} in ${read}.`;
  const stale = repairable.length === 0 ? [] : ['', `Rows of the projection are behind; ${mends}:`];
  return [
    wrapped(head, width),
    ...problems.flatMap((problem) => problemText(problem, style, width)),
    ...(omitted === 0 ? [] : [`and ${omitted} more`]),
    ...stale,
    ...repairable.flatMap((problem) => problemText(problem, style, width)),
  ].join('\n');
}

function problemText({ code, eventId, message }: LedgerProblem, style: Style, width: number): string[] {
  return [
    wrapped(`${style.bold(code)}  ${printable(message)}`, width, '  '),
    ...(eventId === undefined ? [] : [`    event ${eventId}`]),
  ];
}
