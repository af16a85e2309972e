import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { deliveryFailure } from './delivery-failure.ts';
import type { DeliveryResult, Notice, NoticeDelivery } from './notice.ts';

/** One event per notice for integrations: ids and announced steps, neither mail addresses nor the text. */
export class EventBridgeDelivery implements NoticeDelivery {
  readonly route = 'eventbridge';
  readonly #client: EventBridgeClient;
  readonly #eventBusName: string;

  constructor({
    client,
    eventBusName,
  }: { readonly client: EventBridgeClient; readonly eventBusName: string }) {
    this.#client = client;
    this.#eventBusName = eventBusName;
  }

  async deliver(notice: Notice): Promise<DeliveryResult> {
    const { id, recipient, subject, items } = notice;
    try {
      const answer = await this.#client.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: this.#eventBusName,
              Source: 'credential-janitor',
              DetailType: 'Credential Janitor Notice',
              Detail: JSON.stringify({ noticeId: id, recipient: recipient.id, subject, items }),
            },
          ],
        }),
      );
      const [entry] = answer.Entries ?? [];
      if ((answer.FailedEntryCount ?? 0) === 0) {
        return { outcome: 'accepted', receipt: entry?.EventId ?? id };
      }
      const said = [entry?.ErrorCode, entry?.ErrorMessage].filter((part) => part !== undefined).join(': ');
      return { outcome: 'refused', reason: `events:PutEvents: ${said === '' ? 'the entry failed' : said}` };
    } catch (error) {
      return deliveryFailure(error, 'events:PutEvents');
    }
  }
}
