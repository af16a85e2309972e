import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../lib/domain/actor.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import type { Requester } from '../../lib/domain/request.ts';
import type { RequestContent } from '../../lib/domain/request-events.ts';
import { DAY_MS, HOUR_MS, plus } from '../../lib/domain/time.ts';
import {
  approveRequest,
  executeRequest,
  lapseRequest,
  rejectRequest,
  withdrawRequest,
} from '../../lib/requests/index.ts';
import { ASKED_KEY, agent, asker, content, REQUEST_ID } from '../builders/asked.ts';
import { NOW } from '../builders/credential.ts';
import { by, Ground, SERVICE } from './ground.ts';

const HASH = 'a'.repeat(64);
let ground: Ground;
beforeEach(async () => {
  ground = await Ground.open();
});

async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof JanitorError ? error.code : undefined;
}

async function approve(actor: Actor, requestHash: string) {
  return approveRequest(ground.context, { requestId: REQUEST_ID, requestHash, actor });
}

describe('asking', () => {
  it('is one event, with the policy version it is judged under and the quorum it needs', async () => {
    const submitted = await ground.submit();
    expect(submitted).toMatchObject({
      outcome: 'recorded',
      state: 'pending',
      request: { admission: { tier: 'critical', approvalsNeeded: 2, approverGroup: 'security' } },
    });
    expect(await ground.types(`request#${REQUEST_ID}`)).toEqual(['request.submitted']);
  });

  it('again with the same content gives what is stored, also after its end; with other content a conflict', async () => {
    await ground.submit();
    expect(await ground.submit()).toMatchObject({ outcome: 'repeated', state: 'pending' });
    expect(await ground.submit({ content: { reason: 'another' } })).toEqual({ outcome: 'conflict' });
    expect(await ground.submit({ requester: by(asker('eve')) })).toEqual({ outcome: 'conflict' });
    ground.pass(60 * DAY_MS);
    expect(await ground.submit()).toMatchObject({ outcome: 'repeated', state: 'lapsed' });
    expect(await ground.types(`request#${REQUEST_ID}`)).toEqual(['request.submitted']);
  });

  it('two ARNs of one person are one requester', async () => {
    await ground.submit();
    const elsewhere = { ...asker('ana'), arn: 'arn:aws:sts::222233334444:assumed-role/sso/ana' };
    expect(await ground.submit({ requester: by(elsewhere) })).toMatchObject({ outcome: 'repeated' });
  });

  const kinds: readonly (readonly [RequestContent['ask'], number, string, number])[] = [
    [content().ask, 7 * DAY_MS, 'routine', 0],
    [content().ask, 7 * DAY_MS + 1, 'critical', 2],
    [{ kind: 'restore', credentialId: ASKED_KEY }, DAY_MS, 'routine', 0],
    [{ kind: 'restore', credentialId: ASKED_KEY }, 2 * DAY_MS, 'guarded', 1],
    [{ kind: 'rotate-now', credentialId: ASKED_KEY }, HOUR_MS, 'guarded', 1],
    [{ kind: 'approve-plan', planId: 'plan/111122223333/4', planHash: HASH }, HOUR_MS, 'critical', 2],
    [
      { kind: 'policy-override', credentialId: ASKED_KEY, rule: 'r', ruleHash: HASH, step: 'delete' },
      HOUR_MS,
      'critical',
      2,
    ],
  ];
  it.each(kinds)('G10: %j for %d ms is %s and needs %d', async (ask, millis, tier, approvalsNeeded) => {
    const request = await ground.submitted({ content: { ask, endsAt: plus(NOW, millis) } });
    expect(request.admission).toMatchObject({ tier, approvalsNeeded });
    expect(await ground.state()).toBe(approvalsNeeded === 0 ? 'approved' : 'pending');
  });

  const planner = agent('planner');
  const denials: readonly (readonly [string, Requester, string])[] = [
    [
      'an unresolved caller',
      by({ kind: 'unresolved', arn: 'arn:aws:iam::111122223333:user/x' }),
      'caller-unresolved',
    ],
    [
      'an unresolved hop',
      by(asker('ana'), { onBehalfOf: [{ kind: 'unresolved', arn: 'arn:aws:iam::111122223333:user/x' }] }),
      'caller-unresolved',
    ],
    ['G20: an agent without a sponsor', by(planner, { autonomous: true }), 'sponsor-missing'],
    [
      'an agent whose sponsor is nobody',
      by(planner, { autonomous: true, sponsor: 'zoe' }),
      'sponsor-unknown',
    ],
  ];
  it.each(denials)('%s is denied, and the denial recorded', async (_who, requester, code) => {
    expect(await ground.submit({ requester })).toMatchObject({
      outcome: 'recorded',
      state: 'denied',
      request: { end: { code } },
    });
    expect(await ground.types(`request#${REQUEST_ID}`)).toEqual(['request.denied']);
    expect(await approve(asker('bo'), HASH)).toMatchObject({ ok: false });
  });

  it('G20: an agent may ask for what is routine, and above it with a person behind it', async () => {
    const requester = by(planner, { autonomous: true });
    const routine = { requester, content: { endsAt: plus(NOW, DAY_MS) } };
    expect(await ground.submit(routine)).toMatchObject({ state: 'approved' });
    const sponsored = { ...requester, sponsor: 'eve' };
    expect(await ground.submit({ requestId: 'request-0002', requester: sponsored })).toMatchObject({
      state: 'pending',
    });
  });

  it('exceptions that follow each other are capped in all', async () => {
    const exemptSince = plus(NOW, -100 * DAY_MS);
    expect(await ground.submit({ exemptSince })).toMatchObject({
      state: 'denied',
      request: { end: { code: 'exemption-cap' } },
    });
    const content = { endsAt: plus(NOW, 20 * DAY_MS) };
    expect(await ground.submit({ requestId: 'request-0002', exemptSince, content })).toMatchObject({
      state: 'pending',
    });
  });

  const impossible: readonly (readonly [string, Parameters<Ground['submit']>[0]])[] = [
    ['request-id-invalid', { requestId: '../etc' }],
    ['end-in-past', { content: { endsAt: NOW } }],
    ['end-too-far', { content: { endsAt: plus(NOW, 90 * DAY_MS + 1) } }],
    ['person-unknown', { content: { businessOwner: 'оlga' } }],
    ['person-unknown', { content: { beneficiary: 'zoe' } }],
    ['exception-not-found', { content: { ask: { kind: 'extension', exceptionId: 'request-0009' } } }],
    ['secret-shaped', { content: { reason: '-----BEGIN PRIVATE KEY-----' } }],
  ];
  it.each(impossible)('%s: nothing is stored', async (code, overrides) => {
    expect(await codeOf(ground.submit(overrides))).toBe(code);
    expect(await ground.types(`request#${REQUEST_ID}`)).toEqual([]);
  });
});

describe('I11: who may approve', () => {
  const sponsored = by(agent('planner'), { onBehalfOf: [asker('fay')], autonomous: true, sponsor: 'cy' });
  const cases: readonly (readonly [string, Actor, string | undefined])[] = [
    ['a member', asker('bo'), undefined],
    ['a person outside the group', asker('eve'), 'not-an-approver'],
    ['I16: a workload', agent('bo'), 'not-an-approver'],
    ['a workload that claims a person', { ...agent('x'), person: 'bo' }, 'not-an-approver'],
    ['an unresolved caller', { kind: 'unresolved', arn: 'arn:aws:iam::1:user/bo' }, 'not-an-approver'],
    ['the beneficiary the client named', asker('ana'), 'party-may-not-approve'],
    ['the owner whom it serves', asker('dora'), 'party-may-not-approve'],
    ['a person of the chain', asker('fay'), 'party-may-not-approve'],
    ['the sponsor', asker('cy'), 'party-may-not-approve'],
    [
      'a person of the chain under another ARN',
      { ...asker('fay'), arn: 'arn:aws:sts::222233334444:assumed-role/sso/fay' },
      'party-may-not-approve',
    ],
  ];
  it.each(cases)('%s: %s %s', async (_who, actor, reason) => {
    const { requestHash } = await ground.submitted({
      requester: sponsored,
      content: { beneficiary: 'ana' },
    });
    const answered = await approve(actor, requestHash);
    expect(answered).toMatchObject(reason === undefined ? { ok: true } : { ok: false, reason });
    expect(await ground.types(`request#${REQUEST_ID}`)).toHaveLength(reason === undefined ? 2 : 1);
  });

  it('two distinct persons; one who approves twice, or through another ARN, counts once', async () => {
    const { requestHash } = await ground.submitted();
    expect(await approve(asker('bo'), requestHash)).toMatchObject({ repeated: false, state: 'pending' });
    expect(await approve(asker('bo'), requestHash)).toMatchObject({ repeated: true, state: 'pending' });
    const elsewhere = { ...asker('bo'), arn: 'arn:aws:sts::222233334444:assumed-role/sso/bo' };
    expect(await approve(elsewhere, requestHash)).toMatchObject({ repeated: true, state: 'pending' });
    expect(await approve(asker('cy'), requestHash)).toMatchObject({ repeated: false, state: 'approved' });
    expect(await ground.types(`request#${REQUEST_ID}`)).toHaveLength(3);
  });

  it('what was shown must be this request, under the policy version that is active', async () => {
    const { requestHash } = await ground.submitted();
    expect(await approve(asker('bo'), HASH)).toMatchObject({ ok: false, reason: 'another-request' });
    const changed = ground.under({ policyHash: 'b'.repeat(64) });
    const answer = { requestId: REQUEST_ID, requestHash, actor: asker('bo') };
    expect(await approveRequest(changed, answer)).toMatchObject({ ok: false, reason: 'policy-changed' });
  });
});

describe('the other ends', () => {
  it('rejecting takes an approver, withdrawing the requester; the next caller is told which it was', async () => {
    const { requestHash } = await ground.submitted();
    const mine = { requestId: REQUEST_ID, actor: asker('ana') };
    const theirs = { requestId: REQUEST_ID, actor: asker('eve'), reason: 'no' };
    expect(await rejectRequest(ground.context, theirs)).toMatchObject({ reason: 'not-an-approver' });
    expect(await withdrawRequest(ground.context, theirs)).toMatchObject({ reason: 'not-the-requester' });
    expect(await withdrawRequest(ground.context, mine)).toMatchObject({ ok: true, state: 'withdrawn' });
    expect(await withdrawRequest(ground.context, mine)).toMatchObject({ ok: true, repeated: true });
    expect(await approve(asker('bo'), requestHash)).toMatchObject({
      ok: false,
      reason: 'not-pending',
      state: 'withdrawn',
      message: `request ${REQUEST_ID} is withdrawn by ana on ${NOW}`,
    });
  });

  it('I14: unanswered it lapses; whoever comes too late records it and is told', async () => {
    const { requestHash } = await ground.submitted();
    expect(await lapseRequest(ground.context, { requestId: REQUEST_ID, actor: SERVICE })).toBe('pending');
    ground.pass(7 * DAY_MS);
    expect(await approve(asker('bo'), requestHash)).toMatchObject({ reason: 'not-pending', state: 'lapsed' });
    const recorded = ['request.submitted', 'request.lapsed'];
    expect(await ground.types(`request#${REQUEST_ID}`)).toEqual(recorded);
    expect(await lapseRequest(ground.context, { requestId: REQUEST_ID, actor: SERVICE })).toBe('lapsed');
    expect(await ground.types(`request#${REQUEST_ID}`)).toEqual(recorded);
  });

  it('nobody answers what was never asked', async () => {
    const none = { requestId: 'request-0404', actor: asker('bo') };
    expect(await rejectRequest(ground.context, { ...none, reason: 'no' })).toMatchObject({
      reason: 'not-found',
    });
    expect(await lapseRequest(ground.context, none)).toBeUndefined();
  });
});

describe('doing what was approved', () => {
  const execute = (effect: Parameters<typeof executeRequest>[1]['effect'], context = ground.context) =>
    executeRequest(context, { requestId: REQUEST_ID, actor: SERVICE, effect });
  const fine = async () => ({ ok: true, outcome: 'event-1' }) as const;
  const routine = () => ground.submitted({ content: { endsAt: plus(NOW, 7 * DAY_MS) } });

  it('I1: is recorded before it is done, and its outcome after, once', async () => {
    await routine();
    let before: string[] = [];
    const effect = async () => {
      before = await ground.types(`request#${REQUEST_ID}`);
      return fine();
    };
    expect(await execute(effect)).toMatchObject({
      ok: true,
      state: 'done',
      request: { end: { outcome: 'event-1' } },
    });
    expect(before).toEqual(['request.submitted', 'request.executing']);
    expect(await execute(() => Promise.reject(new Error('done twice')))).toMatchObject({ state: 'done' });
  });

  it('is never begun before the quorum, nor under another policy version', async () => {
    await ground.submitted();
    expect(await execute(fine)).toMatchObject({ ok: false, reason: 'not-approved', state: 'pending' });
    await ground.submitted({ requestId: 'request-0002', content: { endsAt: plus(NOW, DAY_MS) } });
    const changed = ground.under({ policyHash: 'b'.repeat(64) });
    const other = { requestId: 'request-0002', actor: SERVICE, effect: fine };
    expect(await executeRequest(changed, other)).toMatchObject({ ok: false, reason: 'policy-changed' });
  });

  it('is taken up after a crash, and fails when its time is over', async () => {
    await routine();
    await expect(execute(() => Promise.reject(new Error('crash')))).rejects.toThrow('crash');
    expect(await ground.state()).toBe('executing');
    const first = await execute(async () => ({ ok: false, code: 'credential-gone', reason: 'it is gone' }));
    expect(first).toMatchObject({ state: 'failed', request: { end: { code: 'credential-gone' } } });

    await ground.submitted({ requestId: 'request-0002', content: { endsAt: plus(NOW, 7 * DAY_MS) } });
    const again = { requestId: 'request-0002', actor: SERVICE };
    const crash = { ...again, effect: () => Promise.reject(new Error('crash')) };
    await expect(executeRequest(ground.context, crash)).rejects.toThrow('crash');
    ground.pass(HOUR_MS);
    expect(await executeRequest(ground.context, { ...again, effect: fine })).toMatchObject({
      state: 'failed',
      request: { end: { code: 'not-finished' } },
    });
  });

  it('I14: what was approved and not begun by its end has lapsed', async () => {
    await routine();
    ground.pass(7 * DAY_MS);
    expect(await execute(fine)).toMatchObject({ ok: false, reason: 'not-approved', state: 'lapsed' });
  });
});
