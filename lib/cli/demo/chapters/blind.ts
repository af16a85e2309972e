import { sweepText } from '../../render/sweep-report.ts';
import { type Demo, mustHold } from '../demo.ts';

/** What the role may no longer do. */
const LOST = [
  'iam:GenerateCredentialReport',
  'iam:GetCredentialReport',
  'iam:GetAccessKeyLastUsed',
  'secretsmanager:ListSecrets',
];

/** Unknown is not unused. */
export async function blind(demo: Demo): Promise<void> {
  const { narrator, session, stage } = demo;
  const { accountId, janitorRoleArn } = stage.company;
  await narrator.chapter(
    demo.day(17),
    'A permission is lost, and nothing is destroyed',
    `Somebody tightens the janitor's role too far. Tools that take "cannot read" for "never used" delete keys in use at this point. Here an unread fact is unknown, and nothing is done on what is unknown, although the plans are approved and due. The result says that it is incomplete, and names each permission that is missing.`,
  );
  stage.aws.account(accountId).deny(janitorRoleArn, LOST);
  const before = changesTo(demo);
  await narrator.command('janitor sweep --enforce');
  const result = await demo.sweep();
  const changes = changesTo(demo) - before;
  stage.aws.account(accountId).allow(janitorRoleArn);
  mustHold(changes === 0 && !result.complete, `${changes} changes were made blindly`);
  await narrator.output(sweepText({ ...result, notices: [], held: [] }, session.style, session.width));
  const missing = new Set(result.problems.flatMap(({ permission }) => permission ?? []));
  const { unknown = 0 } = result.outcomes;
  await narrator.output(
    [
      `Complete:               ${result.complete ? 'yes' : 'no, so the exit code is 4'}`,
      `Missing permissions:    ${[...missing].join(', ')}`,
      `Unknown verdicts:       ${unknown}`,
      `Changes to the account: ${changes}`,
    ].join('\n'),
  );
}

/** Changes to credentials so far; signing in is none. */
function changesTo({ stage }: Demo): number {
  return stage.aws.changes.all.filter(({ service }) => service !== 'sts').length;
}
