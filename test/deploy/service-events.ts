import { REGION, type ServiceEvent } from './ministack-server.ts';
import { HUB } from './organisation.ts';

/** CloudTrail's word of a key that ana created. */
export function birthOf(accountId: string, userName: string, accessKeyId: string): ServiceEvent {
  const creator = `arn:aws:iam::${HUB}:user/people/ana`;
  return {
    Source: 'aws.iam',
    DetailType: 'AWS API Call via CloudTrail',
    Detail: JSON.stringify({
      eventID: '5c1e3b0e-0000-4000-8000-000000000001',
      eventTime: new Date().toISOString().replace(/\.\d+/, ''),
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateAccessKey',
      awsRegion: REGION,
      recipientAccountId: accountId,
      requestID: 'b5a9d3a2-0000-4000-8000-000000000002',
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDAEXAMPLE',
        arn: creator,
        accountId: HUB,
        userName: 'ana',
      },
      responseElements: { accessKey: { accessKeyId, userName, status: 'Active' } },
    }),
  };
}

/** What SES says of a notice that did not arrive. */
export function bounceOf(noticeId: string): ServiceEvent {
  return {
    Source: 'aws.ses',
    DetailType: 'Email Bounced',
    Detail: JSON.stringify({
      eventType: 'Bounce',
      bounce: { bounceType: 'Permanent', bounceSubType: 'General' },
      mail: {
        tags: {
          'ses:configuration-set': ['credential-janitor'],
          noticeId: [noticeId.replaceAll('/', '_')],
        },
      },
    }),
  };
}
