import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HubWorld } from './hub-world.ts';
import { activate, ask, type Caller, iamUser, roleSession, urlEvent } from './operator.ts';
import { HUB, MEMBER, STRANGER } from './places.ts';
import { identityCenterUser, SSO_ROLE } from './stories.ts';

const SSO_PATH = '/aws-reserved/sso.amazonaws.com/eu-central-1/';
const HALT = { operation: 'halt', target: 'all', reason: 'an incident' };

let world: HubWorld;
beforeAll(async () => {
  world = await HubWorld.open();
}, 60_000);
afterAll(() => world?.[Symbol.asyncDispose]());

const ana = iamUser('ana');
const newest = async () => (await world.services.ledger.chain('halt#organisation')).at(-1);

describe('putting the deployed policy into force', () => {
  test('G8 names the policy that is meant: another hash is refused and says which one is deployed', async () => {
    const answer = await ask(world, ana, { operation: 'activate', hash: 'f'.repeat(64) });
    expect(answer).toMatchObject({
      status: 400,
      contentType: 'application/problem+json',
      body: { type: 'about:blank', code: 'policy-not-deployed', hint: expect.any(String) },
    });
    expect(String(answer.body.detail)).toContain(world.policyHash);
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
    ['a user nobody knows', () => iamUser('mallory'), { kind: 'unresolved' }],
    ['an Identity Center session', () => identityCenterUser(world, 'ana'), { kind: 'person', person: 'ana' }],
    [
      'an Identity Center session of somebody nobody knows',
      () => identityCenterUser(world, 'mallory'),
      { kind: 'unresolved' },
    ],
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
    [
      'a role that does not exist',
      () => roleSession('AWSReservedSSO_Gone_0123456789abcdef', 'ana', 'AROAGONE000000000000'),
      { kind: 'workload', claimed: 'ana' },
    ],
    [
      'an Identity Center session of another account, whose roles cannot be looked up',
      () => roleSession(SSO_ROLE, 'ana', world.role(SSO_ROLE, SSO_PATH), MEMBER),
      { kind: 'workload', claimed: 'ana' },
    ],
  ];
  test.each(callers)('%s', async (_who, make, actor) => {
    const caller = make();
    expect(await ask(world, caller, HALT)).toMatchObject({ status: 200, body: { target: 'all' } });
    expect((await newest())?.actor).toEqual({ arn: caller.userArn, ...actor });
    const other = 'person' in actor && actor.person === 'ana' ? 'cleo' : 'ana';
    const resume = { operation: 'resume', target: 'all', reason: 'it is over' };
    expect(await ask(world, iamUser(other), resume)).toMatchObject({ status: 200 });
  });

  test('G20 I16 who only claims to be somebody may halt, and decide nothing', async () => {
    const forged = roleSession(SSO_ROLE, 'ana', world.role(SSO_ROLE, '/'));
    await ask(world, iamUser('ben'), HALT);
    const operations = [
      { operation: 'resume', target: 'all', reason: 'let me' },
      { operation: 'restore', credentialId: world.key('kept'), reason: 'mine' },
    ];
    for (const operation of operations) {
      expect(await ask(world, forged, operation)).toMatchObject({
        status: 403,
        contentType: 'application/problem+json',
        body: { title: 'Refused by policy' },
      });
    }
    expect((await newest())?.type).toBe('halt.placed');
    await ask(world, ana, { operation: 'resume', target: 'all', reason: 'it is over' });
  });

  test('the person who halted does not resume', async () => {
    await ask(world, ana, HALT);
    const resume = { operation: 'resume', target: 'all', reason: 'never mind' };
    expect(await ask(world, ana, resume)).toMatchObject({
      status: 403,
      body: { code: 'same-person-may-not-resume' },
    });
    expect(await ask(world, iamUser('cleo'), resume)).toMatchObject({ status: 200 });
  });
});

describe('what cannot be done is a problem with a code and a way out', () => {
  const HASH = '0'.repeat(64);
  const problems: readonly [what: string, body: object | string, status: number, code: string][] = [
    ['no JSON', '{"operation":', 400, 'request-invalid'],
    ['nothing', '', 400, 'request-invalid'],
    ['an unknown operation', { operation: 'delete', target: 'all' }, 400, 'request-invalid'],
    ['an unknown field', { operation: 'activate', hash: HASH, force: true }, 400, 'request-invalid'],
    ['no reason', { operation: 'halt', target: 'all' }, 400, 'request-invalid'],
    ['an empty reason', { operation: 'halt', target: 'all', reason: ' ' }, 400, 'request-invalid'],
    ['half an account', { operation: 'halt', target: 'account:1234', reason: 'x' }, 400, 'request-invalid'],
    ['a rule nobody wrote', { operation: 'halt', target: 'rule:nothing', reason: 'x' }, 400, 'no-such-rule'],
    [
      'a halt nobody placed',
      { operation: 'resume', target: `account:${MEMBER}`, reason: 'x' },
      400,
      'no-such-halt',
    ],
    ['no plan', { operation: 'approve', planId: 'plan/1' }, 400, 'plan-not-found'],
    [
      'a plan nobody froze',
      { operation: 'reject', planId: `plan/${MEMBER}/9`, reason: 'x' },
      400,
      'plan-not-found',
    ],
    [
      'no credential',
      { operation: 'restore', credentialId: 'AKIA1', reason: 'x' },
      400,
      'credential-not-found',
    ],
    [
      'an account that lets nobody in',
      {
        operation: 'restore',
        credentialId: `arn:aws:iam::${STRANGER}:user/x/access-key/AKIAEXAMPLE000000001`,
        reason: 'x',
      },
      502,
      'member-unreachable',
    ],
  ];
  test.each(problems)('%s', async (_what, body, status, code) => {
    expect(await ask(world, ana, body)).toMatchObject({
      status,
      contentType: 'application/problem+json',
      body: { status, code, title: expect.any(String), detail: expect.any(String), hint: expect.any(String) },
    });
  });

  test('a reason that looks like a secret is refused before it is written', async () => {
    const reason = `the key is ${'AKIA'}IOSFODNN7EXAMPLE and wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`;
    expect(await ask(world, ana, { ...HALT, reason })).toMatchObject({
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
    const halt = { operation: 'halt', target: `account:${MEMBER}`, reason: 'an incident' };
    expect(await ask(world, ana, halt)).toMatchObject({ status: 503, body: { code: 'ledger-unavailable' } });
    world.mend();
    expect(await ask(world, ana, halt)).toMatchObject({ status: 200 });
  });
});

test('a body in base64 is a body, in any language', async () => {
  const halt = { ...HALT, target: `account:${HUB}`, reason: 'Störung: 復旧中' };
  const body = Buffer.from(JSON.stringify(halt)).toString('base64');
  const answer = await world.invoke('operate', { ...urlEvent(ana, body), isBase64Encoded: true });
  expect(answer).toMatchObject({ statusCode: 200 });
  expect((await newest())?.reason).toBe('Störung: 復旧中');
});

test('a body that only says it is base64 is a request that is wrong, not a defect of ours', async () => {
  const answer = await world.invoke('operate', { ...urlEvent(ana, '{"%'), isBase64Encoded: true });
  expect(answer).toMatchObject({ statusCode: 400 });
});
