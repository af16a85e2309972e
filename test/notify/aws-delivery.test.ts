import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import { EventBridgeDelivery, SesDelivery, SnsDelivery } from '../../lib/notify/index.ts';
import { digestItem, NOTICE_ID, notice, RECIPIENT } from '../builders/notice.ts';
import { connectionReset, jsonError, type WireAnswer, wire } from './wire.ts';

const ACCEPTED = { status: 200, body: '{"MessageId":"mail-1"}' };

function ses(...answers: WireAnswer[]) {
  const { sent, config } = wire(...answers);
  const client = new SESv2Client(config);
  return {
    sent,
    delivery: new SesDelivery({
      client: async () => client,
      from: 'janitor@example.com',
      configurationSet: 'janitor',
    }),
  };
}

describe('mail through SES', () => {
  test('the request: one recipient, plain text, the configuration set and the tag that bounces carry', async () => {
    const { sent, delivery } = ses(ACCEPTED);
    expect(await delivery.deliver(notice())).toEqual({ outcome: 'accepted', receipt: 'mail-1' });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.path).toBe('/v2/email/outbound-emails');
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      FromEmailAddress: 'janitor@example.com',
      Destination: { ToAddresses: ['ana@example.com'] },
      ConfigurationSetName: 'janitor',
      EmailTags: [{ Name: 'noticeId', Value: 'notice_111122223333_7' }],
      Content: {
        Simple: {
          Subject: { Data: notice().subject, Charset: 'UTF-8' },
          Body: { Text: { Data: notice().text, Charset: 'UTF-8' } },
          Headers: [{ Name: 'X-Janitor-Notice-Id', Value: NOTICE_ID }],
        },
      },
    });
  });

  test('a subject cannot add a header', async () => {
    const { sent, delivery } = ses(ACCEPTED);
    await delivery.deliver(notice({ subject: 'hello\r\nBcc: all@example.com' }));
    expect(JSON.parse(sent[0]?.body ?? '').Content.Simple.Subject.Data).toBe('hello Bcc: all@example.com');
  });

  test.each([
    ['no address', { id: 'ana', label: 'Ana' }],
    ['two addresses', { ...RECIPIENT, mail: 'ana@example.com, all@example.com' }],
    ['a line break', { ...RECIPIENT, mail: 'ana@example.com\r\nBcc: all@example.com' }],
    ['a display name', { ...RECIPIENT, mail: 'Ana <ana@example.com>' }],
    ['no domain', { ...RECIPIENT, mail: 'ana@' }],
  ])('a recipient with %s is refused and nothing is sent', async (_what, recipient) => {
    const { sent, delivery } = ses(ACCEPTED);
    expect(await delivery.deliver(notice({ recipient }))).toMatchObject({
      outcome: 'refused',
      reason: /ana/,
    });
    expect(sent).toEqual([]);
  });

  test.each([
    ['MessageRejected', jsonError(400, 'MessageRejected'), 'refused'],
    ['MailFromDomainNotVerifiedException', jsonError(400, 'MailFromDomainNotVerifiedException'), 'refused'],
    ['BadRequestException', jsonError(400, 'BadRequestException'), 'refused'],
    ['the sending of the account is paused', jsonError(400, 'SendingPausedException'), 'unknown'],
    ['the account is suspended', jsonError(400, 'AccountSuspendedException'), 'unknown'],
    ['throttling', jsonError(429, 'TooManyRequestsException'), 'unknown'],
    ['a missing permission', jsonError(403, 'AccessDeniedException'), 'unknown'],
    ['an ended session', jsonError(403, 'ExpiredTokenException'), 'unknown'],
    ['a server error', jsonError(503, 'ServiceUnavailable'), 'unknown'],
    ['a broken connection', connectionReset(), 'unknown'],
  ])('%s', async (_what, answer, outcome) => {
    const { sent, delivery } = ses(answer);
    expect(await delivery.deliver(notice())).toEqual({
      outcome,
      reason: expect.stringMatching(/ses:SendEmail|expired/),
    });
    expect(sent).toHaveLength(1);
  });
});

test('a mistake of our own set-up is not held against the recipient', async () => {
  const { config } = wire(ACCEPTED);
  const region = () => Promise.reject(new Error('Region is missing'));
  const client = new SESv2Client({ ...config, region });
  const delivery = new SesDelivery({
    client: async () => client,
    from: 'janitor@example.com',
    configurationSet: 'janitor',
  });
  expect(await delivery.deliver(notice())).toMatchObject({ outcome: 'unknown' });
});

describe("the operators' topic", () => {
  const published = {
    status: 200,
    body: '<PublishResponse><PublishResult><MessageId>sns-1</MessageId></PublishResult></PublishResponse>',
  };

  test('the request: the text, a subject that SNS takes, attributes to filter by', async () => {
    const { sent, config } = wire(published);
    const delivery = new SnsDelivery({
      client: new SNSClient(config),
      topicArn: 'arn:aws:sns:eu-central-1:111122223333:ops',
    });
    const announces = { step: 'disable', notBefore: '2026-10-29T09:00:00.000Z' } as const;
    const items = [
      { credentialId: 'x', rule: 'r' },
      { credentialId: 'y', rule: 'r', announces },
    ];
    const result = await delivery.deliver(notice({ subject: ` Schlüssel\n${'x'.repeat(200)}`, items }));
    expect(result).toEqual({ outcome: 'accepted', receipt: 'sns-1' });
    const form = new URLSearchParams(sent[0]?.body);
    expect(form.get('Action')).toBe('Publish');
    expect(form.get('TopicArn')).toBe('arn:aws:sns:eu-central-1:111122223333:ops');
    expect(form.get('Subject')).toMatch(/^Schl\?ssel x{90}$/);
    expect(form.get('Message')).toBe(notice().text);
    expect(attributes(form)).toEqual({ noticeId: NOTICE_ID, recipient: 'ana', announces: 'disable' });
  });

  test.each([
    ['an invalid message', 400, 'InvalidParameter', 'refused'],
    ['throttling', 400, 'Throttling', 'unknown'],
    ['a server error', 500, 'InternalError', 'unknown'],
  ])('%s', async (_what, status, code, outcome) => {
    const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>m</Message></Error></ErrorResponse>`;
    const { config } = wire({ status, body });
    const delivery = new SnsDelivery({
      client: new SNSClient(config),
      topicArn: 'arn:aws:sns:eu-central-1:111122223333:ops',
    });
    expect(await delivery.deliver(notice())).toEqual({
      outcome,
      reason: expect.stringContaining('sns:Publish'),
    });
  });
});

function attributes(form: URLSearchParams): Record<string, string | null> {
  const names = [...form].filter(([key]) => key.endsWith('.Name'));
  return Object.fromEntries(
    names.map(([key, name]) => [name, form.get(key.replace('.Name', '.Value.StringValue'))]),
  );
}

describe('the event bus', () => {
  const deliveryOver = (...answers: WireAnswer[]) => {
    const { sent, config } = wire(...answers);
    const client = new EventBridgeClient(config);
    return { sent, delivery: new EventBridgeDelivery({ client, eventBusName: 'security' }) };
  };

  test('the request: ids and announced steps, neither the mail address nor the text', async () => {
    const { sent, delivery } = deliveryOver({
      status: 200,
      body: '{"FailedEntryCount":0,"Entries":[{"EventId":"e-1"}]}',
    });
    expect(await delivery.deliver(notice())).toEqual({ outcome: 'accepted', receipt: 'e-1' });
    const body = JSON.parse(sent[0]?.body ?? '');
    expect(body.Entries).toHaveLength(1);
    const { Detail, ...entry } = body.Entries[0];
    expect(entry).toEqual({
      EventBusName: 'security',
      Source: 'credential-janitor',
      DetailType: 'Credential Janitor Notice',
    });
    expect(JSON.parse(Detail)).toEqual({
      noticeId: NOTICE_ID,
      recipient: 'ana',
      subject: notice().subject,
      items: [{ credentialId: digestItem().credentialId, rule: 'access-key-unused' }],
    });
    expect(sent[0]?.body).not.toContain('ana@example.com');
  });

  test('an entry that failed in an accepted request is refused', async () => {
    const failed = {
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'MalformedDetail', ErrorMessage: 'no JSON' }],
    };
    const { delivery } = deliveryOver({ status: 200, body: JSON.stringify(failed) });
    expect(await delivery.deliver(notice())).toEqual({
      outcome: 'refused',
      reason: 'events:PutEvents: MalformedDetail: no JSON',
    });
  });

  test('no answer is unknown', async () => {
    const { delivery } = deliveryOver(connectionReset());
    expect(await delivery.deliver(notice())).toMatchObject({ outcome: 'unknown' });
  });
});
