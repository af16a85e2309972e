import { beforeEach, describe, expect, it } from 'vitest';
import { type ApiCaller, breakGlassHandler } from '../../lib/api/index.ts';
import { attachEvidence } from '../../lib/break-glass/index.ts';
import type { BreakGlassDesk } from '../../lib/wiring/break-glass/desk.ts';
import { breakGlassServiceOf } from '../../lib/wiring/break-glass/service.ts';
import { content, Ground, ROLE } from '../break-glass/ground.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import {
  type BrokerPolicy,
  brokerDesk,
  brokerPolicy,
  onCallEngineer,
  workloadCaller,
} from './broker-ground.ts';
import { ask, recordedLog } from './gateway.ts';

const PARTNER = '333344445555';
const PARTNER_USER = `arn:aws:iam::${PARTNER}:user/ana`;

let ground: Ground;

beforeEach(async () => {
  ground = await Ground.open();
});

/** The broker behind its handler: what somebody asks, and what is answered. */
async function broker(policy: BrokerPolicy = {}, overrides: Partial<BreakGlassDesk> = {}) {
  const desk = await brokerDesk(ground, brokerPolicy(policy), overrides);
  const { log, lines } = recordedLog();
  const handler = breakGlassHandler({ service: async () => breakGlassServiceOf(desk), log });
  const send = (method: string, caller: ApiCaller | string, path: string, body?: object) => {
    const { accountId, arn, userId } = typeof caller === 'string' ? onCallEngineer(caller) : caller;
    return ask(handler, {
      method,
      path: `/v1/break-glass/${path}`,
      body: body === undefined ? null : JSON.stringify(body),
      identity: { accountId, userArn: arn, user: userId, caller: userId },
    });
  };
  const post = (caller: ApiCaller | string, path: string, body?: object) => send('POST', caller, path, body);
  return {
    lines,
    get: (caller: string, path: string) => send('GET', caller, path),
    post,
    start: (caller: ApiCaller | string, over = {}) => post(caller, 'grants', content(over)),
  };
}

describe('who wants a role and may not is refused by a code of its own, and on record', () => {
  const outside: ApiCaller = { accountId: PARTNER, arn: PARTNER_USER, userId: 'AIDAPARTNER000000000' };
  it.each<[string, ApiCaller | string, object, string]>([
    ['a workload', workloadCaller('deploy'), {}, 'not-a-person'],
    ['nobody the directory knows', 'nobody', {}, 'not-a-person'],
    ['somebody of an outside party, whom the directory names', outside, {}, 'not-a-person'],
    [
      'an account that nobody knows',
      { ...outside, accountId: PARTNER.replace('3', '4') },
      {},
      'not-a-person',
    ],
    ['somebody in no group of the role', 'eve', {}, 'not-eligible'],
    ['somebody who is not on call', 'bo', {}, 'not-on-call'],
    ['a role that does not exist', 'ana', { role: 'no-such-role' }, 'role-unknown'],
    ['another account', 'ana', { accountId: '444455556666' }, 'account-not-covered'],
    ['too short a reason', 'ana', { reason: 'because' }, 'reason-too-short'],
    ['too long', 'ana', { durationSeconds: 7_200 }, 'duration-too-long'],
  ])('%s', async (_who, caller, over, code) => {
    const directory = {
      people: ['ana', 'bo', 'cy', 'dora', 'eve'].map((id) => ({
        id,
        mail: `${id}@example.com`,
        principals: id === 'ana' ? ['sso:ana', PARTNER_USER] : [`sso:${id}`],
      })),
      externalParties: [
        {
          id: 'acme',
          organisation: 'Acme',
          contact: 'acme@example.com',
          sponsor: 'bo',
          contractEnds: '2027-12-31',
          accounts: [PARTNER],
        },
      ],
    };
    const { start } = await broker({ directory });
    const { status, body } = await start(caller, over);
    expect({ status, code: body.code }).toEqual({ status: 403, code });
    expect(body.hint).toContain('docs/break-glass.md');
    expect(await ground.types()).toEqual(['grant.refused']);
    expect(ground.log).not.toContain('AssumeRole');
  });

  it('nothing is recorded of whom nobody can place, and the same call may be sent again', async () => {
    const lookups = { roleOf: async () => undefined, standingOf: async () => 'unknown' as const };
    const { start } = await broker({}, { lookups });
    expect((await start('ana')).body.code).toBe('organisation-unreadable');
    expect(await ground.types()).toEqual([]);
  });
});

describe('trouble gives no credentials, says what is wrong and where the last resort is', () => {
  it('a record that cannot be written: 503, and STS is never asked', async () => {
    const { start } = await broker();
    ground.passage = async (effect, run) => {
      if (effect === 'PutItem')
        throw Object.assign(new Error('the table is away'), { name: 'InternalServerError' });
      return run();
    };
    const { status, body } = await start('ana');
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'ledger-unavailable' });
    expect(body.credentials).toBe(undefined);
    expect(body.hint).toContain('docs/break-glass.md');
    expect(ground.log).not.toContain('AssumeRole');
  });

  it('STS down for longer than it is asked: 503, and the grant can be gone on with', async () => {
    const { start } = await broker();
    const match = { service: 'sts', operation: 'AssumeRole', process: 'broker' };
    const fault = ground.aws.faults.add({ match, effect: 'throttle', times: Number.POSITIVE_INFINITY });
    const { status, body } = await start('ana');
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'aws-throttled' });
    expect(body.hint).toContain('docs/break-glass.md');
    fault.remove();
    expect((await start('ana')).body.outcome).toBe('started');
  });
});

describe('a grant from its beginning to its end', () => {
  it('answers are kept by nobody, and no line of the log holds a credential', async () => {
    const { start, lines } = await broker();
    const { status, headers, body } = await start('ana');
    expect({ status, outcome: body.outcome }).toEqual({ status: 200, outcome: 'started' });
    expect(headers['cache-control']).toBe('no-store');
    expect(body.grant).toMatchObject({ state: 'active', secondsLeft: 1800, afterUse: 'not-ended' });
    const text = JSON.stringify(lines);
    expect(text).not.toContain(body.credentials.secretAccessKey);
    expect(text).not.toContain(body.credentials.sessionToken);
    expect(JSON.stringify(body.grant)).not.toContain(body.credentials.secretAccessKey);
  });

  it('a guarded role waits for somebody else, who is none of those who asked (I11)', async () => {
    const { post, start } = await broker({ role: { tier: 'guarded' } });
    expect((await start('ana')).body).toMatchObject({ outcome: 'waiting', grant: { approvalsNeeded: 1 } });
    expect(await codeOf(post('ana', `grants/${GRANT_ID}/credentials`))).toBe('grant-not-active');
    expect(await codeOf(post('ana', `grants/${GRANT_ID}/approve`))).toBe('requester-may-not-approve');
    expect((await post('bo', `grants/${GRANT_ID}/approve`)).body.approvals).toHaveLength(1);
    expect(await codeOf(post('bo', `grants/${GRANT_ID}/approve`))).toBe('already-approved');
    expect((await start('ana')).body.outcome).toBe('started');
  });

  it('only who took it renews and returns it; who reviews it may revoke it', async () => {
    const { post, start } = await broker();
    await start('ana');
    const { body } = await post('bo', `grants/${GRANT_ID}/credentials`);
    expect({ code: body.code, detail: body.detail }).toEqual({
      code: 'grant-not-found',
      detail: `there is no grant ${GRANT_ID} that you took`,
    });
    expect((await post('ana', `grants/${GRANT_ID}/credentials`)).body.outcome).toBe('started');
    expect(await codeOf(post('bo', `grants/${GRANT_ID}/return`, {}))).toBe('may-not-return');
    expect(await codeOf(post('eve', `grants/${GRANT_ID}/revoke`, { reason: 'no' }))).toBe(
      'may-not-end-grant',
    );
    const revoked = await post('cy', `grants/${GRANT_ID}/revoke`, { reason: 'nobody asked for it' });
    expect(revoked.body).toMatchObject({ outcome: 'ended', grant: { ending: { cause: 'revoked' } } });
    expect(await codeOf(post('ana', `grants/${GRANT_ID}/credentials`))).toBe('grant-over');
  });

  it('all grants of a role are ended at once; a role that never was is told', async () => {
    const { post, start } = await broker();
    await start('ana');
    await start('ana', { grantId: 'another-grant-1' });
    const none = await post('eve', 'revocations', { role: ROLE, reason: 'no' });
    expect(none.body.code).toBe('may-not-end-grant');
    const typo = await post('cy', 'revocations', { role: 'database-admn', reason: 'it leaked' });
    expect(typo.body.code).toBe('role-unknown');
    const all = await post('cy', 'revocations', { role: ROLE, accountId: ACCOUNT, reason: 'it leaked' });
    expect(all.body.items.map((each: { outcome: string }) => each.outcome)).toEqual(['ended', 'ended']);
  });

  it('it is reviewed by somebody else, after its end and with evidence (I17)', async () => {
    const { get, post, start } = await broker();
    await start('ana');
    const review = (who: string) =>
      post(who, `grants/${GRANT_ID}/review`, { verdict: 'closed', reason: 'as it was stated' });
    expect(await codeOf(review('bo'))).toBe('grant-not-ended');
    await post('ana', `grants/${GRANT_ID}/return`, {});
    expect(await codeOf(review('bo'))).toBe('evidence-missing');
    expect((await get('bo', `grants/${GRANT_ID}/evidence`)).body).toMatchObject({
      state: 'none',
      events: [],
    });
    const evidence = { kind: 'session', key: 'break-glass/x.json', sha256: 'a'.repeat(64) };
    await attachEvidence(await ground.context(), { grantId: GRANT_ID, evidence, events: 1, complete: true });
    expect(await codeOf(review('ana'))).toBe('may-not-review-own');
    expect(await codeOf(review('eve'))).toBe('not-a-reviewer');
    expect((await review('bo')).body).toMatchObject({ afterUse: 'closed' });
    expect((await get('bo', 'grants')).body.items).toEqual([]);
  });
});

async function codeOf(answer: Promise<{ readonly body: { readonly code?: string } }>) {
  return (await answer).body.code;
}
