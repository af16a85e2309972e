import type { SESv2Client } from '@aws-sdk/client-sesv2';
import { deliveryFailure } from './delivery-failure.ts';
import { mailOf } from './mail-address.ts';
import { type DeliveryResult, type Notice, type NoticeDelivery, slugOfNotice } from './notice.ts';
import { oneLine } from './plain-text.ts';

export interface SesDeliveryOptions {
  /** Asked for by the first mail: the SDK of SES is large, and loaded for that alone. */
  readonly client: () => Promise<SESv2Client>;
  /** A verified identity. */
  readonly from: string;
  /** Its event destination reports bounces and complaints, with the message tag `noticeId`. */
  readonly configurationSet: string;
}

/** The account's sending is stopped, not this message. */
const PASSING = ['AccountSuspended', 'SendingPaused', 'LimitExceeded'];

/**
 * Mail through SES. Accepted means handed over: a bounce comes later, by the configuration set's events, whose tag
 * `noticeId` holds the notice's slug. SES has no idempotency: after an unknown outcome a mail may arrive twice.
 */
export class SesDelivery implements NoticeDelivery {
  readonly route = 'ses';
  readonly #options: SesDeliveryOptions;

  constructor(options: SesDeliveryOptions) {
    this.#options = options;
  }

  async deliver(notice: Notice): Promise<DeliveryResult> {
    const to = mailOf(notice.recipient);
    if (!to.ok) return to.refusal;
    const { client, from, configurationSet } = this.#options;
    try {
      const { SendEmailCommand } = await import('./send-email.ts');
      const sent = await (await client()).send(
        new SendEmailCommand({
          FromEmailAddress: from,
          Destination: { ToAddresses: [to.mail] },
          ConfigurationSetName: configurationSet,
          EmailTags: [{ Name: 'noticeId', Value: slugOfNotice(notice.id) }],
          Content: {
            Simple: {
              Subject: { Data: oneLine(notice.subject), Charset: 'UTF-8' },
              Body: { Text: { Data: notice.text, Charset: 'UTF-8' } },
              Headers: [{ Name: 'X-Janitor-Notice-Id', Value: notice.id }],
            },
          },
        }),
      );
      return { outcome: 'accepted', receipt: sent.MessageId ?? sent.$metadata.requestId ?? notice.id };
    } catch (error) {
      return deliveryFailure(error, 'ses:SendEmail', PASSING);
    }
  }
}
