import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Detected, reviewIncident } from '../../lib/break-glass/index.ts';
import { MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { person } from '../builders/event.ts';
import { type Ground, ROLE_ARN } from './ground.ts';
import { HUB, incidentOf, Watch } from './watch.ts';

let watch: Watch;
let ground: Ground;

beforeEach(async () => {
  watch = await Watch.open();
  ground = watch.ground;
});

type Data = Readonly<Record<string, unknown>>;
const detect = (input: unknown) => watch.detect(input);
const assumption = (parameters?: Data, overrides?: Data) => watch.assumption(parameters, overrides);
const byVault = (overrides?: Data) => watch.byVault(overrides);
const detail = (overrides?: Data) => watch.detail(overrides);

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

  it.each<[string, Data]>([
    [
      'the trail of the hub',
      {
        type: 'AssumedRole',
        arn: `arn:aws:sts::${HUB}:assumed-role/AWSReservedSSO_Admin_1/bo@example.com`,
        accountId: HUB,
      },
    ],
    [
      'the trail of the role’s account',
      { type: 'AWSAccount', principalId: 'AROAEXAMPLE:bo@example.com', accountId: HUB },
    ],
  ])(
    'is reviewed by nobody who began it, by whichever identity, nor hidden behind another name: %s',
    async (_n, userIdentity) => {
      const { incidentId } = incidentOf(await detect(assumption({ sourceIdentity: 'cy' }, { userIdentity })));
      const review = { incidentId, verdict: 'closed', reason: 'nothing to be seen here' } as const;
      const by = (id: string) => reviewIncident(watch.context, { ...review, actor: person(id) });
      expect(await by('bo')).toMatchObject({ outcome: 'refused', reason: 'custodian' });
      expect(await by('cy')).toMatchObject({ outcome: 'refused', reason: 'own-use' });
      expect(await by('dora')).toMatchObject({ outcome: 'recorded' });
    },
  );

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

  it('is read or not, and never throws (I20)', async () => {
    const shape = fc.record(
      Object.fromEntries(
        Object.keys(assumption()).map((key) => [
          key,
          fc.oneof(fc.constant(assumption()[key]), fc.anything()),
        ]),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), shape), async (input) => {
        const { outcome } = await detect(input);
        expect(['incident', 'explained', 'of-no-interest', 'unreadable']).toContain(outcome);
      }),
      { numRuns: 100 },
    );
  });

  it('what looks like a secret is not repeated, and hides no incident', async () => {
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ3mPLEKEY';
    const { incidentId } = incidentOf(await detect(byVault({ eventName: secret, sourceIPAddress: secret })));
    expect(JSON.stringify(await ground.events(`grant#incident/${incidentId}`))).not.toContain(secret);
  });
});
