import { Command } from 'commander';
import * as z from 'zod';
import type { ActivationOutcome } from '../../wiring/index.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { recordingFlags, withRecording } from '../flags.ts';
import { jsonDocument } from '../render/json-document.ts';
import { counted, shortHash } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject(recordingFlags);

export function policyActivateCommand(run: Run): Command {
  const command = new Command('activate').description(
    'Propose this version of the policy, or approve it if it is proposed; until activated it only observes.',
  );
  withRecording(command);
  return withExamples(command, [
    ['janitor policy activate', 'the first version; later ones take the quorum of the active one'],
    ['janitor policy activate --stack CredentialJanitor --policy policy', 'this one, if the stack runs it'],
  ]).action(action(run, flagsSchema, (session, flags) => activate(run, session, flags)));
}

async function activate(run: Run, session: Session, flags: z.output<typeof flagsSchema>): Promise<ExitCode> {
  const { openDesk } = await run.wiring();
  const outcome = await openDesk(flags, surroundings(session, 'policy activate')).activate();
  await session.print(session.format === 'json' ? jsonDocument({ ...outcome }) : activationText(outcome));
  return EXIT.fine;
}

export function activationText({
  outcome,
  hash,
  approvals,
  needed,
  approverGroup,
}: ActivationOutcome): string {
  const version = `Policy ${shortHash(hash)}`;
  if (outcome === 'already-active') return `${version} is the active one already.`;
  if (outcome === 'activated') {
    const by =
      approvals === 0 ? 'the first one, on the word of its deployer' : counted(approvals, 'approval');
    return `${version} is active now: ${by}.`;
  }
  const who = approverGroup === undefined ? 'approvers' : `group ${approverGroup}`;
  return `${version} is proposed: ${approvals} of ${counted(needed, 'approval')} by ${who}.`;
}
