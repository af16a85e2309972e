import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Detected,
  type DetectionContext,
  explainIncident,
  recordDetection,
  reviewIncident,
} from '../../lib/break-glass/index.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { person } from '../builders/event.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { ANA, BO, Ground, ROLE_ARN } from './ground.ts';

const HUB = '444455556666';
const BROKER = `arn:aws:iam::${HUB}:role/janitor-broker`;
const VAULT = `arn:aws:iam::${ACCOUNT}:user/vault/emergency`;
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

let ground: Ground;
let context: DetectionContext;

beforeEach(async () => {
  ground = await Ground.open();
  ground.rules = {
    ...ground.rules,
    emergencyIdentities: [
      { arn: VAULT, custodians: ['ana'], reviewers: ['ana', 'bo', 'cy'] },
      { arn: ROOT, custodians: [], reviewers: ['bo', 'cy'] },
    ],
  };
  context = { ...(await ground.context()), brokerRoleArn: BROKER };
});

type Data = Readonly<Record<string, unknown>>;
let count = 0;

function detail(overrides: Data = {}): Data {
  count += 1;
  return {
    eventVersion: '1.11',
    eventID: `event-${count}`,
    eventTime: `${ground.now.slice(0, 19)}Z`,
    awsRegion: 'eu-central-1',
    sourceIPAddress: '192.0.2.7',
    recipientAccountId: ACCOUNT,
    ...overrides,
  };
}

/** As the trail of the role's account tells of it: of the caller no more than the account. */
function assumption(parameters: Data = {}, overrides: Data = {}): Data {
  return detail({
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    userIdentity: { type: 'AWSAccount', principalId: 'AROAEXAMPLE:broker', accountId: HUB },
    requestParameters: {
      roleArn: ROLE_ARN,
      roleSessionName: GRANT_ID,
      sourceIdentity: 'ana',
      ...parameters,
    },
    responseElements: { credentials: { accessKeyId: 'ASIASOMETHINGELSE000' } },
    ...overrides,
  });
}

function byVault(overrides: Data = {}): Data {
  return detail({
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateUser',
    userIdentity: { type: 'IAMUser', arn: VAULT, accountId: ACCOUNT, userName: 'emergency' },
    ...overrides,
  });
}

const detect = (input: unknown) => recordDetection(context, input);
function incidentOf(detected: Detected) {
  if (detected.outcome !== 'incident') throw new Error(`it was ${detected.outcome}`);
  return detected.incident;
}

describe('an AssumeRole of a break-glass role', () => {
  it('that the record knows is explained, also by the broker’s own trail', async () => {
    const { accessKeyId } = await ground.started();
    const responseElements = { credentials: { accessKeyId } };
    expect(await detect(assumption({}, { responseElements }))).toEqual({ outcome: 'explained' });
    ground.pass(600);
    expect(await detect(assumption({}, { responseElements }))).toEqual({ outcome: 'explained' });
  });

  it('as the embedded CloudTrail tells of it: each one that the broker made is explained', async () => {
    await ground.started();
    ground.pass(10);
    await ground.renew();
    const trail = new CloudTrailClient(ground.config(ground.aws.account(ACCOUNT).credentials(), 'trail'));
    const { Events = [] } = await trail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'AssumeRole' }],
      }),
    );
    expect(Events).toHaveLength(2);
    for (const { CloudTrailEvent = '' } of Events) {
      expect(await detect(JSON.parse(CloudTrailEvent))).toEqual({ outcome: 'explained' });
    }
  });

  it('that the record does not know yet, or never will, is explained by the intent of its time', async () => {
    await ground.started();
    expect(await detect(assumption())).toEqual({ outcome: 'explained' });
    ground.pass(10);
    await ground.renew();
    expect(await detect(assumption())).toEqual({ outcome: 'explained' });
    ground.pass(600);
    const late = assumption({}, { eventTime: `${plus(ground.now, -610 * MINUTE_MS).slice(0, 19)}Z` });
    expect(await detect(late)).toEqual({ outcome: 'explained' });
  });

  it('also when it is told before the broker has come to record it', async () => {
    const told: Detected[] = [];
    ground.passage = async (effect, run) => {
      const answer = await run();
      if (effect === 'AssumeRole') told.push(await detect(assumption()));
      return answer;
    };
    await ground.started();
    expect(told).toEqual([{ outcome: 'explained' }]);
  });

  it.each<[string, Data, Data, string]>([
    ['is named after nothing', { roleSessionName: 'me' }, {}, 'after no grant'],
    ['is named after another role’s grant', { roleArn: `${ROLE_ARN}-other` }, {}, 'is for another role'],
    ['is of somebody else', { sourceIdentity: 'zoe' }, {}, 'it is of somebody else than grant'],
    ['is of nobody', { sourceIdentity: undefined }, {}, 'it is of somebody else than grant'],
    [
      'was begun by another account',
      {},
      { userIdentity: { type: 'AWSAccount', accountId: ACCOUNT, principalId: 'AIDA' } },
      'somebody else than the broker',
    ],
    [
      'was begun by another role of the hub',
      {},
      {
        userIdentity: {
          type: 'AssumedRole',
          arn: `arn:aws:sts::${HUB}:assumed-role/janitor-sweep/x`,
          accountId: HUB,
        },
      },
      'somebody else than the broker',
    ],
  ])('that %s is an incident', async (_what, parameters, overrides, why) => {
    await ground.started();
    const detected = await detect(assumption(parameters, overrides));
    expect(detected).toMatchObject({
      outcome: 'incident',
      recorded: true,
      incident: { kind: 'session-without-grant', accountId: ACCOUNT, why: expect.stringContaining(why) },
    });
    expect(incidentOf(detected).reviewers).toEqual(['bo', 'cy', 'dora']);
  });

  it('by the broker, but at a time when no session was intended, is one', async () => {
    await ground.started();
    ground.pass(5);
    expect(incidentOf(await detect(assumption())).why).toContain('had not set out for a session');
  });

  it('of a grant that waits for its approval is one', async () => {
    ground.rules = {
      ...ground.rules,
      roles: ground.rules.roles.map((each) => ({ ...each, tier: 'guarded' })),
    };
    expect(await ground.start()).toMatchObject({ outcome: 'waiting' });
    expect(incidentOf(await detect(assumption())).why).toContain('had not set out for a session');
  });

  it('told again, by two accounts or in two ways, is one incident', async () => {
    const event = assumption({}, { sharedEventID: 'shared-1' });
    const first = incidentOf(await detect(event));
    expect(await detect(event)).toMatchObject({ outcome: 'incident', recorded: false });
    const wrapped = { 'detail-type': 'AWS API Call via CloudTrail', detail: { ...event, eventID: 'x' } };
    const again = await detect(wrapped);
    expect(again).toMatchObject({ recorded: false, incident: { incidentId: first.incidentId } });
    expect(await ground.types(`grant#incident/${first.incidentId}`)).toEqual(['incident.opened']);
  });

  it('that AWS refused, or of any other role, is of no interest', async () => {
    const nothing = { outcome: 'of-no-interest' };
    expect(await detect(assumption({}, { errorCode: 'AccessDenied' }))).toEqual(nothing);
    const other = `arn:aws:iam::${ACCOUNT}:role/database-admin`;
    expect(await detect(assumption({ roleArn: other }))).toEqual(nothing);
    expect(await detect(detail({ eventSource: 's3.amazonaws.com', eventName: 'PutObject' }))).toEqual(
      nothing,
    );
  });
});

describe('a use of an identity of the last resort', () => {
  it('is one incident a day, with each kind of call once', async () => {
    const opened = await detect(byVault());
    expect(opened).toMatchObject({
      recorded: true,
      incident: { kind: 'emergency-identity', target: VAULT, custodians: ['ana'] },
    });
    const { incidentId } = incidentOf(opened);
    expect(await detect(byVault())).toMatchObject({ recorded: false, incident: { incidentId } });
    expect(await detect(byVault({ eventName: 'DeleteUser' }))).toMatchObject({ recorded: true });
    expect(await detect(byVault({ awsRegion: 'us-east-1' }))).toMatchObject({ recorded: true });
    ground.aws.clock.advance(DAY_MS);
    expect(incidentOf(await detect(byVault())).incidentId).not.toBe(incidentId);
    const types = await ground.types(`grant#incident/${incidentId}`);
    expect(types).toEqual(['incident.opened', 'incident.observed', 'incident.observed']);
  });

  it.each([
    ['AWS Console Sign In via CloudTrail', { type: 'Root', arn: ROOT, accountId: ACCOUNT }, ROOT, 'Success'],
    [
      'AWS Console Signin via CloudTrail',
      { type: 'IAMUser', arn: VAULT, accountId: ACCOUNT },
      VAULT,
      'Success',
    ],
    [
      'AWS Console Sign In via CloudTrail',
      { type: 'IAMUser', userName: 'emergency', accountId: ACCOUNT },
      VAULT,
      'Failure',
    ],
  ])(
    'by the console, however it is spelt: %s of %o',
    async (spelling, userIdentity, target, ConsoleLogin) => {
      const event = detail({
        eventSource: 'signin.amazonaws.com',
        eventName: 'ConsoleLogin',
        userIdentity,
        ...(ConsoleLogin === 'Failure' ? { errorMessage: 'Failed authentication' } : {}),
        responseElements: { ConsoleLogin },
      });
      const found = incidentOf(
        await detect({ 'detail-type': spelling, source: 'aws.signin', detail: event }),
      );
      expect(found).toMatchObject({ target, calls: [{ name: 'signin:ConsoleLogin' }] });
      expect(found.calls[0]?.error).toBe(ConsoleLogin === 'Failure' ? 'Failed authentication' : undefined);
    },
  );

  it('is explained by whoever it was and reviewed by somebody else; another use after that is another', async () => {
    const { incidentId } = incidentOf(await detect(byVault()));
    const say = { incidentId, reason: 'the identity provider was down', ticket: 'OPS-9' };
    expect(await explainIncident(context, { ...say, actor: BO })).toMatchObject({
      reason: 'not-a-custodian',
    });
    expect(await explainIncident(context, { ...say, actor: ANA })).toMatchObject({ outcome: 'recorded' });
    const review = (actor: typeof BO, id = incidentId) =>
      reviewIncident(context, { incidentId: id, actor, verdict: 'closed', reason: 'as it says' });
    expect(await review(ANA)).toMatchObject({ outcome: 'refused', reason: 'own-use' });
    expect(await review(person('zoe'))).toMatchObject({ reason: 'not-a-reviewer' });
    ground.pass(30);
    expect(await review(BO)).toMatchObject({
      outcome: 'recorded',
      incident: { review: { verdict: 'closed' } },
    });
    expect(await review(person('cy'))).toMatchObject({ reason: 'settled' });
    expect(await review(BO, 'f'.repeat(32))).toEqual({ outcome: 'not-found' });
    const before = byVault({ eventTime: `${plus(ground.now, -HOUR_MS).slice(0, 19)}Z` });
    expect(await detect(before)).toMatchObject({ recorded: false, incident: { incidentId } });
    ground.pass(30);
    const next = await detect(byVault());
    expect(next).toMatchObject({ recorded: true });
    expect(incidentOf(next).incidentId).not.toBe(incidentId);
  });

  it('by fifty kinds of calls is told by these; CloudTrail has the rest', async () => {
    for (let index = 0; index < 60; index += 1) await detect(byVault({ eventName: `Call${index}` }));
    expect(incidentOf(await detect(byVault())).calls).toHaveLength(50);
  });
});

describe('whatever comes', () => {
  it('that is not of CloudTrail’s form is unreadable, and records nothing (I20)', async () => {
    for (const input of [
      undefined,
      null,
      7,
      'x',
      [],
      {},
      { detail: {} },
      { 'detail-type': 'x', detail: 3 },
    ]) {
      expect(await detect(input)).toEqual({ outcome: 'unreadable' });
    }
    expect(await detect(byVault({ eventTime: 'yesterday' }))).toEqual({ outcome: 'unreadable' });
  });

  it('what looks like a secret is not repeated, and hides no incident', async () => {
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ3mPLEKEY';
    const { incidentId } = incidentOf(await detect(byVault({ eventName: secret, sourceIPAddress: secret })));
    expect(JSON.stringify(await ground.events(`grant#incident/${incidentId}`))).not.toContain(secret);
  });

  it('in any order and however often, calls of a day come to the same incident', async () => {
    const names = ['CreateUser', 'DeleteUser', 'ListUsers'];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 8 }), async (told) => {
        ground = await Ground.open();
        ground.rules = { ...ground.rules, emergencyIdentities: [...context.rules.emergencyIdentities] };
        const fresh = { ...(await ground.context()), brokerRoleArn: BROKER };
        const found = await Promise.all(
          told.map((eventName) => recordDetection(fresh, byVault({ eventName }))),
        );
        const ids = new Set(found.map((each) => incidentOf(each).incidentId));
        expect(ids.size).toBe(1);
        const [id = ''] = ids;
        const calls = (await ground.events(`grant#incident/${id}`)).flatMap(({ data }) =>
          'call' in data ? [data.call.name] : [],
        );
        expect(calls.toSorted()).toEqual([...new Set(told)].map((name) => `iam:${name}`).toSorted());
      }),
      { numRuns: 15 },
    );
  });
});
