import { SNSClient } from '@aws-sdk/client-sns';
import { type DeliveryResult, SnsDelivery } from '../../notify/index.ts';
import type { AccountOutcome, FinishedRun, FinishedSweep } from '../../sweep/index.ts';
import type { Environment } from './environment.ts';

/** What a run keeps of an account's sweep. */
export function sweepOutcome({
  complete,
  credentials,
  outcomes,
  actions,
}: FinishedSweep): NonNullable<AccountOutcome['sweep']> {
  return { complete, credentials, outcomes, actions };
}

/** One message to the operators' topic about a finished run. Never throws. */
export function tellOperators(
  { HOME_REGION: region, NOTICE_TOPIC_ARN: topicArn }: Pick<Environment, 'HOME_REGION' | 'NOTICE_TOPIC_ARN'>,
  run: FinishedRun,
): Promise<DeliveryResult> {
  const delivery = new SnsDelivery({ client: new SNSClient({ region }), topicArn });
  const { runId, accounts, swept, incomplete, notSwept } = run;
  const trouble = notSwept + incomplete;
  return delivery.deliver({
    id: `run/${runId}`,
    recipient: { id: 'operators', label: 'Operators' },
    subject: `Credential Janitor: ${swept} of ${accounts} accounts swept${trouble === 0 ? '' : `, ${trouble} with trouble`}`,
    text: textOf(run),
    items: [],
  });
}

function textOf(run: FinishedRun): string {
  const { runId, accounts, swept, incomplete, notSwept, examples, credentials, outcomes, actions } = run;
  const more = notSwept - examples.length;
  return [
    `Run ${runId}`,
    `Accounts: ${accounts}, swept ${swept}, of which incomplete ${incomplete}, not swept ${notSwept}`,
    `Credentials judged: ${credentials} (${tally(outcomes)})`,
    `Steps: ${tally(actions)}`,
    ...examples.map(({ accountId, status, reason }) => `Not swept: ${accountId}, ${status}: ${reason}`),
    ...(more > 0 ? [`and ${more} more accounts`] : []),
  ].join('\n');
}

function tally(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
