import type { Event } from '@aws-sdk/client-cloudtrail';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarise } from '../../lib/break-glass/evidence-summary.ts';
import { usedCallOf } from '../../lib/break-glass/used-call.ts';
import { foldGrant, type Grant } from '../../lib/domain/grant.ts';
import type { GrantEvidence, UsedCall } from '../../lib/domain/grant-evidence.ts';
import { MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { ACCOUNT, NOW } from '../builders/credential.ts';
import { chainOf } from '../builders/event.ts';
import { GRANT_DRAFTS, GRANT_ID } from '../builders/grant-drafts.ts';

const SECRET = `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:orders/db-AbCdEf`;
const KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ3mPLEKEY';

function event(action: string, record: object, over: Partial<Event> = {}): Event {
  return {
    EventId: 'e-1',
    EventTime: new Date(NOW),
    EventName: action,
    EventSource: 'secretsmanager.amazonaws.com',
    ReadOnly: 'false',
    AccessKeyId: 'ASIAEXAMPLESESSION01',
    CloudTrailEvent: JSON.stringify({ awsRegion: 'eu-central-1', ...record }),
    ...over,
  };
}

describe('what is kept of a call', () => {
  it.each<[string, Event, Partial<UsedCall>]>([
    [
      'a secret that was read, by the name that was asked for',
      event('GetSecretValue', { requestParameters: { secretId: 'orders/db' } }),
      { resources: ['orders/db'], touched: [{ kind: 'secret', how: 'read', name: 'orders/db' }] },
    ],
    [
      'several at once',
      event('BatchGetSecretValue', { requestParameters: { secretIdList: ['a', SECRET] } }),
      {
        touched: [
          { kind: 'secret', how: 'read', name: 'a' },
          { kind: 'secret', how: 'read', name: SECRET },
        ],
      },
    ],
    [
      'a secret that was made, by the ARN of the answer',
      event('CreateSecret', { requestParameters: { name: 'new' }, responseElements: { aRN: SECRET } }),
      { touched: [{ kind: 'secret', how: 'written', name: SECRET }] },
    ],
    [
      'or by its name, where there is no answer',
      event('CreateSecret', { requestParameters: { name: 'new' }, responseElements: null }),
      { touched: [{ kind: 'secret', how: 'written', name: 'new' }] },
    ],
    [
      'a key that was made',
      event(
        'CreateAccessKey',
        { responseElements: { accessKey: { accessKeyId: 'AKIAEXAMPLE000000001', userName: 'ana' } } },
        { EventSource: 'iam.amazonaws.com' },
      ),
      {
        service: 'iam',
        touched: [{ kind: 'access-key', how: 'written', name: 'AKIAEXAMPLE000000001', userName: 'ana' }],
      },
    ],
    [
      'a call that was denied touches nothing, and is known by what it was denied on',
      event('GetSecretValue', {
        errorCode: 'AccessDenied',
        errorMessage: `User: x is not authorized to perform: secretsmanager:GetSecretValue on resource: ${SECRET} because`,
        requestParameters: { secretId: 'orders/db' },
      }),
      { error: 'AccessDenied', resources: ['orders/db', SECRET] },
    ],
    [
      'a record of another form',
      event(
        'RunInstances',
        {},
        { CloudTrailEvent: '{"requestParameters":[1],', EventSource: 'ec2.amazonaws.com' },
      ),
      { service: 'ec2', action: 'RunInstances', resources: [] },
    ],
    [
      'fields of another form',
      event('GetSecretValue', { requestParameters: { secretId: { a: 1 } }, responseElements: 'x' }),
      { resources: [] },
    ],
  ])('%s', (_name, found, kept) => {
    const call = usedCallOf(found, 'eu-central-1');
    expect(call).toMatchObject(kept);
    if (kept.touched === undefined) expect(call?.touched).toBeUndefined();
  });

  it('never what was sent or answered, nor what looks like a secret', () => {
    const call = usedCallOf(
      event('PutSecretValue', {
        requestParameters: { secretId: 'orders/db', secretString: 'hunter2', name: KEY },
        responseElements: { credentials: { sessionToken: 'token-value' }, arn: SECRET },
        additionalEventData: { note: 'more' },
      }),
      'eu-central-1',
    );
    const text = JSON.stringify(call);
    for (const value of ['hunter2', KEY, 'token-value', 'more']) expect(text).not.toContain(value);
  });

  it('whatever a record holds, it is read or passed over (I20)', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (CloudTrailEvent, action) => {
        expect(usedCallOf(event(action, {}, { CloudTrailEvent }), 'r')).toMatchObject({
          eventId: 'e-1',
          action,
        });
      }),
    );
    expect(usedCallOf({}, 'r')).toBeUndefined();
  });
});

function used(action: string, over: Partial<UsedCall> = {}): UsedCall {
  const [service = '', name = ''] = action.split(':');
  return {
    eventId: 'e',
    at: plus(NOW, 5 * MINUTE_MS),
    service,
    action: name,
    region: 'eu-central-1',
    readOnly: true,
    resources: [],
    accessKeyId: 'ASIA1',
    ...over,
  };
}

function grant(): Grant {
  const folded = foldGrant(
    chainOf(`grant#${GRANT_ID}`, [
      GRANT_DRAFTS['grant.requested'],
      GRANT_DRAFTS['grant.activated'],
      { ...GRANT_DRAFTS['grant.ending'], at: plus(NOW, 20 * MINUTE_MS) },
    ]),
  );
  if (folded === undefined) throw new Error('no grant');
  return folded;
}

function summaryOf(events: readonly UsedCall[], over: Partial<GrantEvidence> = {}): readonly string[] {
  const evidence: GrantEvidence = {
    schemaVersion: 1,
    grantId: GRANT_ID,
    accountId: ACCOUNT,
    lookedAt: NOW,
    regions: [],
    accessKeyIds: [],
    complete: true,
    missing: [],
    events: [...events],
    ...over,
  };
  return summarise(grant(), evidence);
}

describe('what a reviewer is shown first', () => {
  it.each<[string, UsedCall, string]>([
    [
      'what was denied',
      used('iam:CreateUser', { error: 'AccessDenied', resources: ['eve'] }),
      'iam:CreateUser was denied, on eve',
    ],
    [
      'denied in words of EC2',
      used('ec2:RunInstances', { error: 'Client.UnauthorizedOperation' }),
      'ec2:RunInstances was denied',
    ],
    [
      'secrets that were read',
      used('secretsmanager:GetSecretValue'),
      'secretsmanager:GetSecretValue shows a value that is secret',
    ],
    ['parameters as well', used('ssm:GetParameters'), 'ssm:GetParameters shows a value that is secret'],
    [
      'passwords that were set',
      used('iam:CreateLoginProfile', { readOnly: false }),
      'iam:CreateLoginProfile makes or changes a credential',
    ],
    [
      'rights that were changed',
      used('iam:PutRolePolicy', { readOnly: false }),
      'iam:PutRolePolicy changes who may do what',
    ],
    ['going on as somebody else', used('sts:AssumeRole'), 'sts:AssumeRole goes on as somebody else'],
    [
      'records that were changed',
      used('cloudtrail:StopLogging', { readOnly: false }),
      'cloudtrail:StopLogging changes what is recorded',
    ],
    [
      'a shell where the role has none',
      used('ssm:StartSession', { readOnly: false }),
      'ssm:StartSession opens a shell, which this role may not',
    ],
    [
      'after the end',
      used('s3:CreateBucket', { at: plus(NOW, 21 * MINUTE_MS) }),
      's3:CreateBucket succeeded after the end on 2026-10-15 09:20 UTC',
    ],
    [
      'what failed',
      used('rds:RebootDBInstance', { error: 'DBInstanceNotFound' }),
      'rds:RebootDBInstance failed with DBInstanceNotFound',
    ],
  ])('%s', (_name, call, line) => {
    expect(summaryOf([call])).toContain(`Stands out: ${line}.`);
  });

  it('the ordinary does not stand out: reading IAM, asking who one is, reading tables', () => {
    const calls = [used('iam:ListUsers'), used('sts:GetCallerIdentity'), used('rds:DescribeDBInstances')];
    expect(summaryOf(calls).filter((line) => line.startsWith('Stands out'))).toEqual([]);
  });

  it('the most frequent first, many things counted, many names cut', () => {
    const many = Array.from({ length: 30 }, (_none, index) => used(`rds:Action${index}`));
    const often = Array.from({ length: 8 }, (_none, index) =>
      used('rds:Reboot', { resources: [`db-${index}`] }),
    );
    const lines = summaryOf([...many, ...often]).filter((line) => line.startsWith('Called'));
    expect(lines[0]).toBe('Called: rds:Reboot, 8 times, on db-0, db-1, db-2, db-3, db-4 and 3 more.');
    expect(lines.at(-1)).toBe('Called: and 19 more actions.');
  });

  it('what is missing, before anything else is believed', () => {
    const lines = summaryOf([], { complete: false, missing: ['eu-west-1: no permission'] });
    expect(lines).toEqual(['No call of its sessions is known.', 'Not complete: eu-west-1: no permission.']);
  });
});
