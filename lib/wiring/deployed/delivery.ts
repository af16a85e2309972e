import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { lazily } from '../../domain/lazily.ts';
import {
  broadcast,
  EventBridgeDelivery,
  type NoticeDelivery,
  SesDelivery,
  SnsDelivery,
} from '../../notify/index.ts';
import type { Environment } from './environment.ts';

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
      : new SesDelivery({
          client: lazily(async () => (await import('./mail-client.ts')).mailClient(region)),
          from,
          configurationSet,
        });
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
