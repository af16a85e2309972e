import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, everythingPrinted, janitor } from '../builders/command-line.ts';
import { errorSchema } from './contract.ts';
import { type DeployedHub, deployHub, STACK } from './deployed/hub.ts';
import { type Answered, serveLoopback } from './deployed/loopback.ts';

let hub: DeployedHub;
let keyId = '';
let planId = '';

const on = (...argv: string[]) => janitor([...argv, '--stack', STACK, '--format', 'json']);
const errorOf = ({ err }: Answer) => errorSchema.parse(JSON.parse(err)).error;
const asked = () => hub.gateway.asked.at(-1);
const HASH = 'a'.repeat(64);
const enforce = () => hub.workflow.run('run-by-test', { trigger: 'person', enforce: true });

beforeAll(async () => {
  hub = await deployHub();
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.actAs('administrator');
  hub.gateway.instead = undefined;
  hub.gateway.insteadOf = 'POST';
});

describe('people decide through the API, in the name of who signs', () => {
  test('policy activate names the version that the stack runs', async () => {
    const { exit, out, err } = await on('policy', 'activate');
    expect([exit, JSON.parse(out)]).toMatchObject([0, { schemaVersion: 1, outcome: 'activated' }]);
    expect(asked()).toMatchObject({ what: 'POST /v1/policy/activate', body: { hash: hub.policyHash } });
    expect(err).toContain(`Stack ${STACK} runs policy ${hub.policyHash.slice(0, 12)}; --policy DIR`);
    expect(JSON.parse((await on('policy', 'activate')).out).outcome).toBe('already-active');
  });

  test('G8 with --policy the version in that folder is meant, and refused if the stack runs another', async () => {
    const folder = `${import.meta.dirname}/policy`;
    expect((await on('policy', 'activate', '--policy', folder)).exit).toBe(0);
    hub.actAs('ana');
    const other = await on('policy', 'activate', '--policy', `${import.meta.dirname}/../../policy`);
    expect([other.exit, errorOf(other)]).toMatchObject([
      2,
      { code: 'policy-not-deployed', hint: expect.stringContaining('Deploy the policy you mean first') },
    ]);
  });

  test('G20 halt is recorded as the caller; resuming takes another person: exit 5', async () => {
    hub.actAs('ana');
    const halted = await on('halt', '--rule', 'secret-unused', '--reason', 'incident 4711');
    expect([halted.exit, JSON.parse(halted.out)]).toMatchObject([
      0,
      { lifted: false, halt: { target: 'rule:secret-unused', by: { kind: 'person', person: 'ana' } } },
    ]);
    const own = await on('resume', '--rule', 'secret-unused', '--reason', 'over');
    expect([own.exit, errorOf(own)]).toMatchObject([
      5,
      {
        code: 'same-person-may-not-resume',
        operation: 'liftHalt',
        hint: expect.stringContaining('another person'),
      },
    ]);
    hub.actAs('ben');
    const resumed = await on('resume', '--rule', 'secret-unused', '--reason', 'over');
    expect([resumed.exit, JSON.parse(resumed.out).lifted]).toEqual([0, true]);
  });

  test('restore by a bare key id: the record leads to the credential id, which is what is asked for', async () => {
    await enforce();
    hub.live(14);
    await hub.workflow.run('run-14', { trigger: 'person', enforce: true });
    const disabled = hub.served.aws.changes.all.find(({ operation }) => operation === 'UpdateAccessKey');
    keyId = /AKIA\w+/.exec(disabled?.target ?? '')?.[0] ?? '';
    hub.actAs('ben');
    const { exit, out } = await on('restore', keyId, '--reason', 'quarter end');
    const credentialId = expect.stringMatching(new RegExp(`user/ci/forgotten/access-key/${keyId}$`));
    expect([exit, JSON.parse(out)]).toMatchObject([
      0,
      { credentialId, changes: [{ change: 'enable', outcome: 'done' }], left: [] },
    ]);
    expect(asked()).toMatchObject({
      what: 'POST /v1/restores',
      body: { credentialId, reason: 'quarter end' },
      by: expect.stringContaining('user/people/ben'),
    });
  });

  test('restore of nothing: exit 2; of a name that nothing has, before anything is asked for', async () => {
    hub.actAs('ben');
    const again = await on('restore', keyId, '--reason', 'again');
    expect([again.exit, errorOf(again).code]).toEqual([2, 'nothing-to-restore']);
    const before = hub.gateway.asked.length;
    const unknown = await on('restore', 'no-such-secret', '--reason', 'needed');
    expect([unknown.exit, errorOf(unknown).code]).toEqual([2, 'credential-not-found']);
    expect(hub.gateway.asked.slice(before).map(({ what }) => what)).toEqual(['GET /v1/explain']);
  });

  test('G10 approve and reject show what was decided; a plan that was rejected cannot be approved: exit 5', async () => {
    hub.live(50);
    await hub.workflow.run('run-50', { trigger: 'person', enforce: true });
    const plans = await janitor(['sweep', '--stack', STACK, '--format', 'json']);
    planId = JSON.parse(plans.out).plans[0].planId;
    const byRole = await on('approve', planId, '--yes');
    expect([byRole.exit, errorOf(byRole).code]).toEqual([5, 'not-an-approver']);
    hub.actAs('ana');
    const approved = await on('approve', planId, '--yes');
    expect([approved.exit, JSON.parse(approved.out)]).toMatchObject([
      0,
      { planId, state: 'approved', remaining: 0, items: [{ step: 'delete' }] },
    ]);
    const rejected = await on('reject', planId, '--reason', 'ask the owner first');
    expect([rejected.exit, JSON.parse(rejected.out).state]).toEqual([0, 'rejected']);
    const late = await on('approve', planId, '--yes');
    expect([late.exit, errorOf(late).code]).toEqual([5, 'plan-not-pending']);
  });

  test('G10 rotate: a plan, an approval, and the same call again, in the member account by the role that rotates', async () => {
    const account = hub.served.aws.account('111122223333');
    const tags = { owner: 'ben', 'janitor:rotation': 'managed' };
    account.addUser({ name: 'exporter', path: '/exports/', tags });
    const { id: key } = account.addAccessKey('exporter', {});
    const id = `arn:aws:iam::111122223333:user/exports/exporter/access-key/${key}`;
    hub.actAs('carla');
    const first = await on('rotate', id, '--reason', 'older than a year');
    expect([first.exit, JSON.parse(first.out)]).toMatchObject([
      0,
      { state: 'awaiting-approval', into: { kind: 'delivery' }, plan: { remaining: 1 } },
    ]);
    hub.actAs('ana');
    expect((await on('approve', JSON.parse(first.out).plan.planId, '--yes')).exit).toBe(0);
    hub.actAs('carla');
    const second = await on('rotate', id, '--reason', 'older than a year');
    expect([second.exit, JSON.parse(second.out)]).toMatchObject([0, { state: 'rotated', credentialId: id }]);
    expect(asked()).toMatchObject({ what: 'POST /v1/rotations', body: { credentialId: id } });
    const policies = hub.served.aws.changes.all.filter(({ operation }) => operation === 'PutResourcePolicy');
    expect(JSON.stringify(policies.at(-1)?.after)).toContain('role/credential-janitor/janitor-member-rotate');
  });

  test('resume --rotations: what is not stopped cannot go on: exit 2', async () => {
    hub.actAs('ben');
    const flags = ['--account', '111122223333', '--reason', 'mended'];
    const { exit, ...answer } = await on('resume', '--rotations', ...flags);
    expect([exit, errorOf({ exit, ...answer }).code]).toEqual([2, 'rotations-not-stopped']);
  });

  test('what the API does not take is said in its words: exit 2', async () => {
    const long = await on('halt', '--all', '--reason', 'x'.repeat(1_001));
    expect([long.exit, errorOf(long)]).toMatchObject([2, { code: 'request-invalid', status: 400 }]);
    const unknown = await on('approve', 'plan/111122223333/999', '--yes');
    expect([unknown.exit, errorOf(unknown).code]).toEqual([2, 'plan-not-found']);
  });

  test('the global form names the stack first', async () => {
    const { exit, out } = await janitor(['--stack', STACK, 'halt', '--list']);
    expect([exit, out]).toEqual([0, 'Nothing is halted.\n']);
  });
});

describe('who may not call the API', () => {
  test('a wrong secret, or a key it does not know: exit 4, nothing was done, which right is missing', async () => {
    const before = hub.gateway.asked.length;
    const known = [...hub.gateway.signers];
    for (const [id, signer] of known) hub.gateway.signers.set(id, { ...signer, secretAccessKey: 'another' });
    const answer = await on('halt', '--all', '--reason', 'x');
    expect([answer.exit, errorOf(answer)]).toMatchObject([
      4,
      {
        code: 'api-denied',
        permission: 'execute-api:Invoke',
        message: expect.stringContaining('nothing was done'),
      },
    ]);
    expect(hub.gateway.asked).toHaveLength(before);
  });
});

describe('trouble on the way', () => {
  const problem = (status: number, code: string): Answered => ({
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', title: 't', status, detail: 'd', code, hint: 'h' }),
  });
  const cases: readonly (readonly [string, Answered | 'dropped', number, string])[] = [
    ['the connection ends', 'dropped', 1, 'outcome-unknown'],
    ['the gateway fails', { status: 502, body: '{"Message":"Internal Server Error"}' }, 1, 'outcome-unknown'],
    ['the answer is none', { status: 200, body: '<html>' }, 1, 'outcome-unknown'],
    ['the answer is of another shape', { status: 200, body: '{"halt":1}' }, 1, 'outcome-unknown'],
    ['the gateway has no room', { status: 429, body: '{"message":"Too Many Requests"}' }, 1, 'api-throttled'],
    ['the service is in trouble', problem(503, 'ledger-unavailable'), 1, 'ledger-unavailable'],
    ['a member account lets nobody in', problem(502, 'member-unreachable'), 4, 'member-unreachable'],
  ];
  test.each(cases)('%s', async (_name, instead, exit, code) => {
    hub.gateway.instead = instead;
    const answer = await on('halt', '--all', '--reason', 'x');
    expect([answer.exit, answer.out, errorOf(answer).code]).toEqual([exit, '', code]);
  });

  test.each([
    ['halt', ['halt', '--all', '--reason', 'x'], `janitor halt --stack ${STACK} --list`],
    ['resume', ['resume', '--all', '--reason', 'x'], `janitor halt --stack ${STACK} --list`],
    [
      'approve',
      ['approve', 'plan/111122223333/1', '--hash', HASH],
      `janitor explain --stack ${STACK} plan/111122223333/1`,
    ],
    [
      'restore',
      ['restore', 'old/token', '--reason', 'x'],
      `janitor explain --stack ${STACK} arn:aws:secretsmanager`,
    ],
    [
      'rotate',
      ['rotate', 'arn:aws:iam::111122223333:user/ci/busy/access-key/AKIAIOSFODNN7EXAMPLE', '--reason', 'x'],
      `janitor explain --stack ${STACK} arn:aws:iam`,
    ],
    [
      'resume --rotations',
      ['resume', '--rotations', '--account', '111122223333', '--reason', 'x'],
      `janitor explain --stack ${STACK} rotations#111122223333`,
    ],
  ])('%s may have happened, and the error says how to look', async (_name, argv, look) => {
    hub.gateway.instead = 'dropped';
    const error = errorOf(await on(...argv));
    expect(error.message).toContain('it may have happened');
    expect(error.hint).toContain(look);
  });

  test('what never left is not said to have happened', async () => {
    const { ApiUrl = '' } = hub.stack.outputs;
    const closed = await serveLoopback(async () => 'dropped');
    await closed.close();
    hub.stack.outputs.ApiUrl = closed.url;
    const answer = await on('halt', '--all', '--reason', 'x');
    hub.stack.outputs.ApiUrl = ApiUrl;
    expect([answer.exit, errorOf(answer)]).toMatchObject([
      1,
      { code: 'api-unreachable', awsCode: 'ECONNREFUSED' },
    ]);
  });
});

test('no secret and no signature was printed', () => {
  const printed = everythingPrinted();
  for (const secret of hub.served.secretValues) expect(printed).not.toContain(secret);
  expect(printed).not.toMatch(/AWS4-HMAC|Signature=/);
});
