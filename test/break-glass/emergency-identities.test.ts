import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { explainIncident, reviewIncident } from '../../lib/break-glass/index.ts';
import { DAY_MS, HOUR_MS, plus } from '../../lib/domain/time.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { person } from '../builders/event.ts';
import { ANA, BO, type Ground } from './ground.ts';
import { incidentOf, ROOT, VAULT, Watch } from './watch.ts';

let watch: Watch;
let ground: Ground;

beforeEach(async () => {
  watch = await Watch.open();
  ground = watch.ground;
});

type Data = Readonly<Record<string, unknown>>;
const detect = (input: unknown) => watch.detect(input);
const byVault = (overrides?: Data) => watch.byVault(overrides);

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
      const event = watch.detail({
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

  it.each(['signin.amazonaws.com', 'signin.amazonaws.cn', 'signin.amazonaws.com.cn'])(
    'by a sign-in that failed, in whatever partition: %s',
    async (eventSource) => {
      const userIdentity = { type: 'IAMUser', userName: 'emergency', accountId: ACCOUNT };
      const event = watch.detail({ eventSource, eventName: 'ConsoleLogin', userIdentity });
      expect(incidentOf(await detect(event))).toMatchObject({ target: VAULT });
    },
  );

  it('is explained by whoever it was and reviewed by somebody else; another use after that is another', async () => {
    const { incidentId } = incidentOf(await detect(byVault()));
    const say = { incidentId, reason: 'the identity provider was down', ticket: 'OPS-9' };
    expect(await explainIncident(watch.context, { ...say, actor: BO })).toMatchObject({
      reason: 'not-a-custodian',
    });
    expect(await explainIncident(watch.context, { ...say, actor: ANA })).toMatchObject({
      outcome: 'recorded',
    });
    const review = (actor: typeof BO, id = incidentId) =>
      reviewIncident(watch.context, { incidentId: id, actor, verdict: 'closed', reason: 'as it says' });
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

  it('in any order and however often, calls of a day come to the same incident', async () => {
    const names = ['CreateUser', 'DeleteUser', 'ListUsers'];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 8 }), async (told) => {
        const fresh = await Watch.open();
        const found = await Promise.all(told.map((eventName) => fresh.detect(fresh.byVault({ eventName }))));
        const ids = new Set(found.map((each) => incidentOf(each).incidentId));
        expect(ids.size).toBe(1);
        const [id = ''] = ids;
        const calls = (await fresh.ground.events(`grant#incident/${id}`)).flatMap(({ data }) =>
          'call' in data ? [data.call.name] : [],
        );
        expect(calls.toSorted()).toEqual([...new Set(told)].map((name) => `iam:${name}`).toSorted());
      }),
      { numRuns: 15 },
    );
  });
});
