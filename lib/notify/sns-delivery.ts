import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { deliveryFailure } from './delivery-failure.ts';
import type { DeliveryResult, Notice, NoticeDelivery } from './notice.ts';
import { oneLine } from './plain-text.ts';

/** SNS takes printable ASCII only, at most 100 characters, not beginning with a space. */
function snsSubject(subject: string): string {
  return oneLine(subject)
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .trimStart()
    .slice(0, 100);
}

/** The same text for the operators' topic (chat, paging), with attributes to filter by. Not a route to an owner. */
export class SnsDelivery implements NoticeDelivery {
  readonly route = 'sns';
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor({ client, topicArn }: { readonly client: SNSClient; readonly topicArn: string }) {
    this.#client = client;
    this.#topicArn = topicArn;
  }

  async deliver(notice: Notice): Promise<DeliveryResult> {
    try {
      const published = await this.#client.send(
        new PublishCommand({
          TopicArn: this.#topicArn,
          Subject: snsSubject(notice.subject),
          Message: notice.text,
          MessageAttributes: {
            noticeId: { DataType: 'String', StringValue: notice.id },
            recipient: { DataType: 'String', StringValue: oneLine(notice.recipient.id) },
            announces: { DataType: 'String', StringValue: announcesOf(notice) },
          },
        }),
      );
      return { outcome: 'accepted', receipt: published.MessageId ?? notice.id };
    } catch (error) {
      return deliveryFailure(error, 'sns:Publish');
    }
  }
}

/** The gravest step announced, or `none`: what a subscription filters by. */
function announcesOf({ items }: Notice): string {
  const steps = items.map((item) => item.announces?.step);
  return ['delete', 'disable', 'tag', 'notify'].find((step) => steps.some((each) => each === step)) ?? 'none';
}
