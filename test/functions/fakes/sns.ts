import { type FakeAnswer, type FakeRequest, type FakeService, queryError } from './exchange.ts';

export interface Publication {
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
}

/** SNS as far as publishing goes. A topic that was deleted answers NotFound. */
export class FakeSns implements FakeService {
  readonly topics: Set<string>;
  readonly published: Publication[] = [];

  constructor(topics: readonly string[]) {
    this.topics = new Set(topics);
  }

  operationOf({ body }: FakeRequest): string | undefined {
    return new URLSearchParams(body.toString()).get('Action') === 'Publish' ? 'Publish' : undefined;
  }

  answer(_operation: string, { body }: FakeRequest): FakeAnswer {
    const input = new URLSearchParams(body.toString());
    const topicArn = input.get('TopicArn') ?? '';
    const subject = input.get('Subject') ?? '';
    if (!this.topics.has(topicArn)) return queryError(404, 'NotFound', 'Topic does not exist');
    if (!/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(subject)) {
      return queryError(400, 'InvalidParameter', 'Invalid parameter: Subject');
    }
    this.published.push({ topicArn, subject, message: input.get('Message') ?? '' });
    const answer = `<PublishResponse><PublishResult><MessageId>message-${this.published.length}</MessageId></PublishResult></PublishResponse>`;
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: answer };
  }
}
