import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activate, apiEvent, ask, type Call, type Caller, iamUser, roleSession } from './asker.ts';
import { HubWorld } from './hub-world.ts';
import { HUB, MEMBER, STRANGER } from './places.ts';
import { identityCenterUser, SSO_ROLE } from './stories.ts';

const SSO_PATH = '/aws-reserved/sso.amazonaws.com/eu-central-1/';
const halt = (reason = 'an incident', target = 'all'): Call => ({
  route: 'POST /v1/halts',
  body: { target, reason },
});
const resume = (reason: string): Call => ({ route: 'POST /v1/halts/lift', body: { target: 'all', reason } });

let world: HubWorld;
beforeAll(async () => {
  world = await HubWorld.open();
}, 60_000);
afterAll(() => world?.[Symbol.asyncDispose]());

const ana = iamUser('ana');
const newest = async () => (await world.services.ledger.chain('halt#organisation')).at(-1);

describe('putting the deployed policy into force', () => {
  test('G8 names the policy that is meant: another hash is refused and says which one is deployed', async () => {
    const answer = await ask(world, ana, {
      route: 'POST /v1/policy/activate',
      body: { hash: 'f'.repeat(64) },
    });
    expect(answer).toMatchObject({
      status: 400,
      contentType: 'application/problem+json',
      body: { code: 'policy-not-deployed', hint: expect.any(String) },
    });
    expect(String(answer.body.detail)).toContain(world.policyHash);
    expect(await world.of('policy.activated')).toEqual([]);
  });

  test('G8 the first version is activated from the hub alone, whoever else may call', async () => {
    const elsewhere = roleSession('deploy', 'run-17', 'AROAEXAMPLE000000001', MEMBER);
    expect(await activate(world, elsewhere)).toMatchObject({
      status: 403,
      body: { code: 'not-an-approver' },
    });
    expect(await world.of('policy.activated')).toEqual([]);
  });

  test('G1 is recorded in the name of who asked, and once', async () => {
    expect(await activate(world)).toMatchObject({ status: 200, body: { outcome: 'activated' } });
    expect(await activate(world)).toMatchObject({ status: 200, body: { outcome: 'already-active' } });
    expect((await world.of('policy.activated')).map(({ actor }) => actor)).toEqual([
      { kind: 'person', arn: ana.userArn, person: 'ana' },
    ]);
  });
});

describe('who is calling', () => {
  const callers: readonly [who: string, make: () => Caller, actor: object][] = [
    ['a user the directory knows', () => iamUser('ben'), { kind: 'person', person: 'ben' }],
    ['an Identity Center session', () => identityCenterUser(world, 'ana'), { kind: 'person', person: 'ana' }],
    [
      'a pipeline that calls itself ana',
      () => roleSession('deploy', 'ana', world.role('deploy', '/')),
      { kind: 'workload', claimed: 'ana' },
    ],
    [
      'a role that only bears Identity Center’s name',
      () => roleSession(SSO_ROLE, 'ana', world.role(SSO_ROLE, '/')),
      { kind: 'workload', claimed: 'ana' },
    ],
    [
      'a session of a role that was deleted, whose name was given again',
      () => {
        world.role(SSO_ROLE, SSO_PATH);
        return roleSession(SSO_ROLE, 'ana', 'AROAOFTHEOLDROLE0000');
      },
      { kind: 'workload', claimed: 'ana' },
    ],
    ['a user nobody knows, who may halt all the same', () => iamUser('mallory'), { kind: 'unresolved' }],
  ];
  test.each(callers)('%s', async (_who, make, actor) => {
    const caller = make();
    expect(await ask(world, caller, halt())).toMatchObject({ status: 200, body: { target: 'all' } });
    expect((await newest())?.actor).toEqual({ arn: caller.userArn, ...actor });
    const other = 'person' in actor && actor.person === 'ana' ? 'cleo' : 'ana';
    expect(await ask(world, iamUser(other), resume('it is over'))).toMatchObject({ status: 200 });
  });

  const refused: readonly [who: string, caller: Caller, code: string][] = [
    ['nobody of the directory', iamUser('mallory'), 'caller-unresolved'],
    [
      'the root user',
      { accountId: HUB, userArn: `arn:aws:iam::${HUB}:root`, userId: HUB },
      'caller-unresolved',
    ],
    ['an account that is none of ours', iamUser('ana', '121212121212'), 'caller-refused'],
    ['an ARN of another account than is told', { ...ana, accountId: MEMBER }, 'caller-refused'],
  ];
  test.each(refused)('G1 %s is refused', async (_who, caller, code) => {
    expect(await ask(world, caller, { route: 'GET /v1/caller' })).toMatchObject({
      status: 403,
      contentType: 'application/problem+json',
      body: { code },
    });
  });

  test('G20 I16 who only claims to be somebody may halt, and decide nothing', async () => {
    const forged = roleSession(SSO_ROLE, 'ana', world.role(SSO_ROLE, '/'));
    await ask(world, iamUser('ben'), halt());
    expect(await ask(world, forged, resume('let me'))).toMatchObject({ status: 403 });
    expect((await newest())?.type).toBe('halt.placed');
    await ask(world, ana, resume('it is over'));
  });

  test('the person who halted does not resume', async () => {
    await ask(world, ana, halt());
    expect(await ask(world, ana, resume('never mind'))).toMatchObject({
      status: 403,
      body: { code: 'same-person-may-not-resume' },
    });
    expect(await ask(world, iamUser('cleo'), resume('never mind'))).toMatchObject({ status: 200 });
  });
});

describe('what cannot be done is a problem with a code and a way out', () => {
  const problems: readonly [what: string, call: Call, status: number, code: string][] = [
    ['no such path', { route: 'GET /v1/nothing' }, 404, 'route-not-found'],
    ['half a JSON document', { route: 'POST /v1/halts', body: '{"target":' }, 400, 'body-not-json'],
    ['no reason', { route: 'POST /v1/halts', body: { target: 'all' } }, 400, 'request-invalid'],
    [
      'an unknown field',
      { route: 'POST /v1/halts', body: { target: 'all', reason: 'x', force: true } },
      400,
      'request-invalid',
    ],
    ['a rule nobody wrote', halt('x', 'rule:nothing'), 400, 'no-such-rule'],
    [
      'a plan nobody froze',
      { route: `POST /v1/plans/${MEMBER}/9/reject`, body: { reason: 'x' } },
      404,
      'plan-not-found',
    ],
    [
      'an account that lets nobody in',
      {
        route: 'POST /v1/restores',
        body: {
          credentialId: `arn:aws:iam::${STRANGER}:user/x/access-key/AKIAEXAMPLE000000001`,
          reason: 'x',
        },
      },
      502,
      'member-unreachable',
    ],
  ];
  test.each(problems)('%s', async (_what, call, status, code) => {
    expect(await ask(world, ana, call)).toMatchObject({
      status,
      contentType: 'application/problem+json',
      body: { status, code, title: expect.any(String), detail: expect.any(String), hint: expect.any(String) },
    });
  });

  test('a reason that looks like a secret is refused before it is written', async () => {
    const reason = `the key is ${'AKIA'}IOSFODNN7EXAMPLE and wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`;
    expect(await ask(world, ana, halt(reason))).toMatchObject({
      status: 400,
      body: { code: 'secret-shaped' },
    });
    expect(world.logs.join()).not.toContain('wJalrXUtnFEMI');
  });

  test('a throttled table: 503, nothing is half done, and asking again works', async () => {
    world.services.aws.faults.add({
      match: { service: 'dynamodb', operation: 'PutItem' },
      effect: 'throttle',
      times: Number.POSITIVE_INFINITY,
    });
    const here = halt('an incident', `account:${MEMBER}`);
    expect(await ask(world, ana, here)).toMatchObject({ status: 503, body: { code: 'ledger-unavailable' } });
    world.mend();
    expect(await ask(world, ana, here)).toMatchObject({ status: 200 });
  });
});

test('a body in base64 is a body, in any language', async () => {
  const call = halt('Störung: 復旧中', `account:${HUB}`);
  const body = Buffer.from(JSON.stringify(call.body)).toString('base64');
  const event = { ...apiEvent(ana, { ...call, body }), isBase64Encoded: true };
  expect(await world.invoke('answer-requests', event)).toMatchObject({ statusCode: 200 });
  expect((await newest())?.reason).toBe('Störung: 復旧中');
});
