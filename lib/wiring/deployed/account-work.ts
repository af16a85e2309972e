import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import type { AwsClients } from '../../aws/index.ts';
import {
  broadcast,
  EventBridgeDelivery,
  type NoticeDelivery,
  SesDelivery,
  SnsDelivery,
} from '../../notify/index.ts';
import { compilePolicy, type Policy } from '../../policy/index.ts';
import type { SweepContext } from '../../sweep/index.ts';
import { reviewOfExceptions } from '../exception-review.ts';
import { type OpenRotator, rotateKeyWith } from '../rotate-key.ts';
import type { Environment } from './environment.ts';
import { type Hub, openBucket, openRecord } from './hub.ts';
import { tokenInSecret } from './ticket-token.ts';

type Stores = Pick<
  Environment,
  'HOME_REGION' | 'STATE_TABLE' | 'EVIDENCE_BUCKET' | 'TICKET_TOKEN_SECRET_ARN'
>;

/** What every account of a process is swept with. */
export type Everything = Omit<SweepContext, 'accountId' | 'clients' | 'pause' | 'acting'>;

export function openEverything(
  hub: Hub,
  policy: Policy,
  variables: Stores,
  delivery: NoticeDelivery,
): Everything {
  const { clock, ledger, actor, partition, newId } = hub;
  const stores = openRecord(hub, variables);
  return {
    clock,
    policy,
    judge: compilePolicy(policy),
    partition,
    ledger,
    ...stores,
    exceptions: reviewOfExceptions(
      { ledger, clock, policy, actor, ...stores },
      tokenInSecret(hub, variables),
    ),
    evidence: openBucket(variables.HOME_REGION, variables.EVIDENCE_BUCKET),
    actor,
    delivery,
    holder: `${actor.arn}/${newId()}`,
    newId,
  };
}

export function contextFor(
  everything: Everything,
  {
    openRotator,
    ...account
  }: Pick<SweepContext, 'accountId' | 'acting'> & {
    readonly clients: AwsClients;
    readonly openRotator?: OpenRotator | undefined;
  },
): SweepContext {
  const { pause } = account.clients;
  const rotateKey =
    openRotator === undefined ? undefined : rotateKeyWith({ ...everything, pause }, openRotator);
  return { ...everything, ...account, pause, rotateKey };
}

/** Nobody is told. refused: the recipient never will be; unknown: somebody else may know, and try. */
export function undeliverable(outcome: 'refused' | 'unknown', reason: string): NoticeDelivery {
  return { route: 'none', deliver: async () => ({ outcome, reason }) };
}

type Routes = Pick<
  Environment,
  'HOME_REGION' | 'EVENT_BUS_NAME' | 'NOTICE_TOPIC_ARN' | 'MAIL_FROM' | 'MAIL_CONFIGURATION_SET'
>;

/** Mail to the owner counts as telling; the operators' topic and the event bus get a copy. */
export function openDelivery(
  variables: Routes,
  onIntegrationFailure: Parameters<typeof broadcast>[0]['onIntegrationFailure'],
): NoticeDelivery {
  const { HOME_REGION: region, MAIL_FROM: from, MAIL_CONFIGURATION_SET: configurationSet } = variables;
  const toOwner =
    from === undefined || configurationSet === undefined
      ? undeliverable(
          'refused',
          'no sender of mail is configured in the stack (mail), so that no owner can be told',
        )
      : new SesDelivery({ client: new SESv2Client({ region }), from, configurationSet });
  return broadcast({
    toOwner,
    integrations: [
      new SnsDelivery({ client: new SNSClient({ region }), topicArn: variables.NOTICE_TOPIC_ARN }),
      new EventBridgeDelivery({
        client: new EventBridgeClient({ region }),
        eventBusName: variables.EVENT_BUS_NAME,
      }),
    ],
    onIntegrationFailure,
  });
}
