import * as z from 'zod';
import { type FakeAnswer, type FakeRequest, type FakeService, json, jsonError } from './exchange.ts';

const part = z.strictObject({ Data: z.string(), Charset: z.literal('UTF-8') });
const email = z.strictObject({
  FromEmailAddress: z.email(),
  Destination: z.strictObject({ ToAddresses: z.array(z.email()).length(1) }),
  ConfigurationSetName: z.string(),
  EmailTags: z.array(
    z.strictObject({ Name: z.literal('noticeId'), Value: z.string().regex(/^[\w-]{1,256}$/) }),
  ),
  Content: z.strictObject({
    Simple: z.strictObject({
      Subject: part,
      Body: z.strictObject({ Text: part }),
      Headers: z.array(z.strictObject({ Name: z.string(), Value: z.string() })),
    }),
  }),
});
export type Email = z.infer<typeof email>;

/** SES (v2) as far as sending one plain mail goes, from verified senders only. */
export class FakeSes implements FakeService {
  /** Addresses that are verified. */
  readonly senders: Set<string>;
  readonly sent: Email[] = [];

  constructor(senders: readonly string[]) {
    this.senders = new Set(senders);
  }

  operationOf({ method, path }: FakeRequest): string | undefined {
    return method === 'POST' && path === '/v2/email/outbound-emails' ? 'SendEmail' : undefined;
  }

  answer(_operation: string, { body }: FakeRequest): FakeAnswer {
    const input = email.safeParse(JSON.parse(body.toString()));
    if (!input.success) return jsonError(400, 'BadRequestException', z.prettifyError(input.error));
    if (!this.senders.has(input.data.FromEmailAddress)) {
      return jsonError(400, 'MessageRejected', 'Email address is not verified.');
    }
    this.sent.push(input.data);
    return {
      ...json(200, { MessageId: `mail-${this.sent.length}` }),
      headers: { 'content-type': 'application/json' },
    };
  }
}
