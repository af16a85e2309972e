import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RequestContent } from '../../lib/domain/request-events.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import type { Key } from '../sweep/ground.ts';
import { KEY_RULE } from '../sweep/ground-policy.ts';
import { iamUser, PARTNER, person, STRANGER, session } from './callers.ts';
import { codeOf, refusalOf, ServiceGround } from './service-ground.ts';

let ground: ServiceGround;
let key: Key;
let content: RequestContent;
beforeEach(async () => {
  ground = await ServiceGround.open();
  key = await ground.warnedKey();
  content = ground.content(key);
});

const alice = person('alice');
const bob = person('bob');
const carol = person('carol');
const erin = person('erin');

const submit = (caller: Parameters<typeof ground.asked>[0], over = {}, id = 'request-0000') =>
  ground.service.submitRequest(caller, {
    requestId: id,
    request: { ...content, ...over },
  });
const typesOf = async (subject: string) => (await ground.desk.ledger.chain(subject)).map(({ type }) => type);

describe('an exception asked for', () => {
  it('G10, I11: approved by two, holds exactly its rule, and a revoke lets the step go on', async () => {
    const asked = await ground.asked(erin, ground.content(key));
    expect(asked).toMatchObject({ state: 'pending', tier: 'critical', approvalsNeeded: 2 });
    expect(await ground.approve(alice, asked)).toMatchObject({ state: 'pending' });
    expect(await ground.approve(bob, asked)).toMatchObject({
      state: 'done',
      end: { outcome: `exception ${asked.requestId}` },
    });
    await ground.wait(15);
    await ground.ground.sweep();
    expect(ground.ground.deeds()).toEqual([]);
    const revoked = await ground.service.revokeException(carol, asked.requestId, 'it leaked');
    expect(revoked).toMatchObject({ repeated: false, exception: { state: 'revoked' } });
    expect(await ground.service.revokeException(carol, asked.requestId, 'it leaked')).toMatchObject({
      repeated: true,
    });
    await ground.ground.sweep();
    expect(ground.ground.deeds()).toEqual([`UpdateAccessKey deployer/${key.keyId}`]);
  });

  it('within the limits is pre-approved and in force at once', async () => {
    const asked = await ground.asked(
      erin,
      ground.content(key, { endsAt: plus(ground.ground.now(), DAY_MS) }),
    );
    expect(asked).toMatchObject({ state: 'done', tier: 'routine' });
    expect(await ground.service.getException(erin, asked.requestId)).toMatchObject({ state: 'active' });
  });

  it('G10: asked for again when it is over, it is no short one any more, and needs persons', async () => {
    const week = () => ({ endsAt: plus(ground.ground.now(), 6 * DAY_MS) });
    expect(await ground.asked(erin, ground.content(key, week()))).toMatchObject({ tier: 'routine' });
    await ground.wait(6);
    expect(await ground.asked(erin, ground.content(key, week()))).toMatchObject({
      tier: 'critical',
      state: 'pending',
    });
    await ground.wait(8);
    expect(await ground.asked(erin, ground.content(key, week()))).toMatchObject({ tier: 'routine' });
  });

  it('exceptions that were over long ago are not read again', async () => {
    const before = await ground.asked(
      erin,
      ground.content(key, { endsAt: plus(ground.ground.now(), 6 * DAY_MS) }),
    );
    await ground.wait(60);
    const chain = vi.spyOn(ground.desk.ledger, 'chain');
    await ground.asked(erin, ground.content(key, { endsAt: plus(ground.ground.now(), 6 * DAY_MS) }));
    const read = chain.mock.calls.map(([subject]) => subject);
    expect(read).toContain(`credential#${key.id}`);
    expect(read).not.toContain(`exception#${before.requestId}`);
  });

  it('I11: neither its owner nor who asked approves it', async () => {
    const owned = await ground.warnedKey('second');
    const asked = await ground.asked(alice, ground.content(owned));
    expect(await codeOf(ground.approve(alice, asked))).toBe('party-may-not-approve');
    expect(await codeOf(ground.approve(person('dave'), asked))).toBe('not-an-approver');
    expect(await codeOf(ground.approve(session('deploy', 'alice'), asked))).toBe('not-an-approver');
    const mine = ground.ground.key({ user: 'mine', owner: 'bob' });
    expect(await codeOf(ground.approve(bob, await ground.asked(alice, ground.content(mine))))).toBe(
      'party-may-not-approve',
    );
  });

  it('is listed, open and ended, and read by its id', async () => {
    const asked = await ground.asked(erin, ground.content(key));
    const query = { state: 'open', limit: 25 } as const;
    expect((await ground.service.listRequests(bob, query)).items).toEqual([asked]);
    await ground.service.withdrawRequest(erin, asked.requestId, undefined);
    expect((await ground.service.listRequests(bob, query)).items).toEqual([]);
    expect((await ground.service.listRequests(bob, { ...query, state: 'ended' })).items).toMatchObject([
      { state: 'withdrawn' },
    ]);
    expect(await codeOf(ground.service.getRequest(bob, 'request-9999'))).toBe('request-not-found');
  });
});

describe('one outcome per request', () => {
  it.each([
    ['a rejection', () => ground.service.rejectRequest(carol, 'request-0000', 'rotate it')],
    ['a withdrawal', () => ground.service.withdrawRequest(erin, 'request-0000', undefined)],
  ])('%s wins over a later approval, which is told', async (_what, end) => {
    const { request } = await submit(erin);
    const ended = await end();
    const lost = await refusalOf(ground.approve(bob, request));
    expect([lost.code, lost.message]).toEqual(['request-not-pending', expect.stringContaining(ended.state)]);
    expect(lost.details).toMatchObject({ state: ended.state });
  });

  it('approving, rejecting and withdrawing at once: one wins, the others are told which', async () => {
    const { request } = await submit(erin);
    await ground.approve(alice, request);
    const results = await Promise.allSettled([
      ground.approve(bob, request),
      ground.service.rejectRequest(carol, request.requestId, 'no'),
      ground.service.withdrawRequest(erin, request.requestId, undefined),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'request-not-pending' });
    }
  });

  it('the same id is the same request, and another one under it is a conflict', async () => {
    const first = await submit(erin);
    expect(await submit(erin)).toEqual({ outcome: 'repeated', request: first.request });
    expect(await codeOf(submit(erin, { reason: 'something else' }))).toBe('request-conflict');
    expect(await codeOf(submit(bob))).toBe('request-conflict');
  });

  it('I11: an approval names what was shown', async () => {
    const { request } = await submit(erin);
    const other = { ...request, requestHash: 'f'.repeat(64) };
    expect(await codeOf(ground.approve(bob, other))).toBe('another-request');
  });
});

describe('who may come in', () => {
  it('an unresolved caller is denied and the denial recorded', async () => {
    const refused = await refusalOf(submit(iamUser('mallory')));
    expect(refused).toMatchObject({ code: 'caller-unresolved', source: 'policy' });
    expect(await typesOf('request#request-0000')).toEqual(['request.denied']);
    expect(await codeOf(submit(iamUser('mallory')))).toBe('caller-unresolved');
    expect(await typesOf('request#request-0000')).toHaveLength(1);
  });

  it.each([
    ['a stranger', session('integration', 'run', undefined, STRANGER)],
    ['an account, ARN and user id of different principals', { ...erin, userId: 'AROAOTHER00000000000:bob' }],
  ])('%s is refused and the denial recorded', async (_who, caller) => {
    expect(await codeOf(submit(caller))).toBe('caller-refused');
    expect(await typesOf('request#request-0000')).toEqual(['request.denied']);
  });

  it('whoever is nobody reads nothing', async () => {
    await submit(erin);
    expect(await codeOf(ground.service.getRequest(iamUser('mallory'), 'request-0000'))).toBe(
      'caller-unresolved',
    );
    expect(await codeOf(ground.service.whoAmI(iamUser('mallory')))).toBe('caller-unresolved');
  });

  it('G19: an outside party asks, and sees what it asked for and nothing else', async () => {
    await submit(erin, {}, 'request-0001');
    const partner = session('integration', 'run', undefined, PARTNER);
    const mine = await submit(partner, {}, 'request-0002');
    expect(mine.request.requester.actor).toMatchObject({ kind: 'workload', outsideParty: 'acme' });
    const [submitted] = await ground.desk.ledger.chain('request#request-0002');
    expect(submitted?.data).toMatchObject({ beneficiaries: ['dave', 'erin'] });
    expect(await codeOf(ground.service.getRequest(partner, 'request-0001'))).toBe('request-not-found');
    const { items } = await ground.service.listRequests(partner, { state: 'open', limit: 25 });
    expect(items.map(({ requestId }) => requestId)).toEqual(['request-0002']);
    expect(await codeOf(ground.service.listHalts(partner))).toBe('may-not-read');
  });

  it('G20, I16: an agent asks by its sponsor, and neither of them approves', async () => {
    const { request } = await submit(session('planner', 'run-1'));
    expect(request.requester).toMatchObject({ autonomous: true, sponsor: 'erin' });
    expect(await codeOf(ground.approve(session('planner', 'run-1'), request))).toBe('not-an-approver');
  });
});

describe('what makes no sense is refused with nothing stored', () => {
  it.each([
    [
      'a rule nobody wrote',
      () => ({ ask: { ...exceptionAsk(), scope: scope(['no-such-rule']) } }),
      'no-such-rule',
    ],
    ['an end in the past', () => ({ endsAt: plus(ground.ground.now(), -1) }), 'end-in-past'],
    ['an end too far', () => ({ endsAt: plus(ground.ground.now(), 400 * DAY_MS) }), 'end-too-far'],
    ['a business owner who is nobody', () => ({ businessOwner: 'nobody' }), 'person-unknown'],
    [
      'a key AWS does not know',
      () => ({ ask: { kind: 'rotate-now', credentialId: `${key.id.slice(0, -4)}ZZZZ` } }),
      'credential-not-found',
    ],
    [
      'an exception that is none',
      () => ({ ask: { kind: 'extension', exceptionId: 'request-7777' } }),
      'exception-not-found',
    ],
    [
      'a plan nobody froze',
      () => ({ ask: { kind: 'approve-plan', planId: 'plan/111122223333/9', planHash: 'a'.repeat(64) } }),
      'plan-not-found',
    ],
    [
      'an override of another rule',
      () => ({
        ask: {
          kind: 'policy-override',
          credentialId: key.id,
          rule: KEY_RULE,
          ruleHash: 'a'.repeat(64),
          step: 'delete',
        },
      }),
      'another-request',
    ],
  ])('%s', async (_what, over, code) => {
    expect(await codeOf(submit(erin, over()))).toBe(code);
    expect(await typesOf('request#request-0000')).toEqual([]);
  });

  it('a closed ticket denies, on the record', async () => {
    ground.tickets = 'closed';
    const refused = await refusalOf(submit(erin));
    expect(refused).toMatchObject({ code: 'request-denied', details: { denied: 'ticket-closed' } });
    expect(await typesOf('request#request-0000')).toEqual(['request.denied']);
  });
});

const scope = (rules: readonly string[]) => ({ credentialId: key.id, rules });
const exceptionAsk = () => ({ kind: 'exception', scope: scope([KEY_RULE]), while: { ticket: 'open' } });
