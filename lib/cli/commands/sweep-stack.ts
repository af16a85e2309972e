import { JanitorError } from '../../domain/error.ts';
import type { OpenStack, RunOrder, RunReport } from '../../wiring/index.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import { ProgressBar } from '../progress.ts';
import { jsonDocument } from '../render/json-document.ts';
import { runCsv, runDocument, runText } from '../render/run-report.ts';
import { counted, shortHash } from '../render/text.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';

export interface StackSweepFlags extends RunOrder {
  readonly stack: string;
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly expectAccount?: string | undefined;
  readonly yes: boolean;
  /** A run to follow instead of starting one. */
  readonly follow?: string | undefined;
}

/** Starts a run of the deployed workflow, or takes up one that was started, and follows it to its end. */
export async function sweepStack(run: Run, session: Session, flags: StackSweepFlags): Promise<ExitCode> {
  const { openStack, reportOfRun } = await run.wiring();
  const stack = await openStack(flags.stack, flags);
  try {
    const runId = flags.follow ?? (await started(run, session, stack, flags));
    if (runId === undefined) return EXIT.fine;
    const ended = await followed(run, session, stack, runId);
    const report = await reportOfRun(stack, ended);
    await session.print(rendered(session, report));
    return exitCodeOfRun(report);
  } finally {
    await stack.close();
  }
}

/** The id of the run; undefined when the person declined. */
async function started(
  run: Run,
  session: Session,
  stack: OpenStack,
  flags: StackSweepFlags,
): Promise<string | undefined> {
  if (flags.enforce) refuseObserving(stack);
  if (flags.enforce && !flags.yes && !(await agreed(session, stack, flags))) {
    await session.note('Nothing was done.');
    return undefined;
  }
  const { startSweepRun } = await run.wiring();
  const runId = await startSweepRun(stack, flags);
  await session.note(`Run ${runId} has started; Ctrl-C stops following it, not the run.`);
  return runId;
}

async function followed(run: Run, session: Session, stack: OpenStack, runId: string) {
  const { followRun } = await run.wiring();
  const { terminal } = session;
  const progress = new ProgressBar(terminal.stderr, session.asideStyle);
  const stop = new AbortController();
  void terminal.interrupted().then(() => stop.abort());
  try {
    return await followRun(stack, runId, {
      pause: terminal.pause,
      signal: stop.signal,
      ...(terminal.stderr.isTTY ? { onProgress: progress.show } : {}),
    });
  } finally {
    await progress.clear();
  }
}

function rendered(session: Session, report: RunReport): string {
  if (session.format === 'json') return jsonDocument(runDocument(report));
  return session.format === 'csv' ? runCsv(report) : runText(report, session.style, session.width);
}

/** A step that AWS refused is a failure, as in a local sweep; an account that was not swept is a gap. */
function exitCodeOfRun({ finished }: RunReport): ExitCode {
  const { actions, incomplete, notSwept } = finished.data;
  const failed = Object.entries(actions).some(([step, count]) => step.endsWith(':failed') && count > 0);
  return exitCodeOf(failed && EXIT.failed, incomplete + notSwept > 0 && EXIT.incomplete);
}

/** Shows where, as whom and on what, then asks. */
async function agreed(session: Session, stack: OpenStack, { accounts }: RunOrder): Promise<boolean> {
  const { name, outputs, caller } = stack;
  const named = accounts === undefined ? 'all accounts' : counted(accounts.length, 'account');
  await session.note(`Stack:    ${name} in ${outputs.Region} of account ${caller.accountId}`);
  await session.note(`Identity: ${caller.arn}`);
  await session.note(`Policy:   ${shortHash(outputs.PolicyHash)}, mode ${outputs.Mode}`);
  await session.note(`Accounts: ${accounts?.join(', ') ?? `all of the stack, ${await sweptBefore(stack)}`}`);
  return session.terminal.confirm(`Act on ${named} of stack ${name} where the policy enforces?`);
}

async function sweptBefore({ state }: OpenStack): Promise<string> {
  let count = 0;
  let newest = '';
  for await (const { at } of state.accounts()) {
    count += 1;
    if (at > newest) newest = at;
  }
  return count === 0 ? 'none swept so far' : `${count} swept so far, the last at ${newest}`;
}

/** Throws `stack-observes`: the workflow would start and act on nothing. */
function refuseObserving({ name, outputs }: OpenStack): void {
  if (outputs.Mode === 'enforce') return;
  throw new JanitorError(`stack ${name} is deployed to observe only; no run of it acts`, {
    code: 'stack-observes',
    source: 'policy',
    hint: 'Deploy it with mode enforce in cdk.json, with a policy that enforces something and is activated; or leave out --enforce.',
    details: { stack: name, mode: outputs.Mode },
  });
}
