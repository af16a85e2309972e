import { afterEach, describe, expect, test } from 'vitest';
import { breakGlassHandler } from '../../lib/api/index.ts';
import { subjects } from '../../lib/domain/subject.ts';
import { breakGlassServiceOf } from '../../lib/wiring/break-glass/service.ts';
import { type ApiServer, listenOnLoopback } from '../../lib/wiring/serve/http-server.ts';
import { throughGateway } from '../../lib/wiring/serve/local-gateway.ts';
import { content, Ground } from '../break-glass/ground.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { brokerDesk, brokerPolicy, PEOPLE } from './broker-ground.ts';
import { recordedLog } from './gateway.ts';
import { type Signer, send, signed } from './signed.ts';

const servers: ApiServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** The broker behind a gateway, and ana, who is on call and signs with a key of her own. */
async function served() {
  const ground = await Ground.open({ verifySignatures: true });
  const account = ground.aws.account(ACCOUNT);
  account.addUser({ name: 'ana', path: '/people/' });
  const { id: accessKeyId, secretAccessKey } = account.addAccessKey('ana');
  const ana: Signer = { accessKeyId, secretAccessKey };
  const principals = [`arn:aws:iam::${ACCOUNT}:user/people/ana`];
  const people = PEOPLE.map((id) => ({
    id,
    mail: `${id}@example.com`,
    ...(id === 'ana' ? { principals } : {}),
  }));
  const desk = await brokerDesk(ground, brokerPolicy({ directory: { people } }));
  const { log, lines } = recordedLog();
  const handler = breakGlassHandler({ service: async () => breakGlassServiceOf(desk), log });
  const gateway = {
    aws: ground.aws,
    region: 'eu-central-1',
    accountId: ACCOUNT,
    now: () => new Date(),
    handler,
  };
  const server = await listenOnLoopback(0, (request) => throughGateway(gateway, request));
  servers.push(server);
  const take = async () => {
    const call = { method: 'POST', target: '/v1/break-glass/grants', body: JSON.stringify(content()) };
    return send(server.url, await signed(server.url, ana, call));
  };
  const sessions = () =>
    ground.aws.calls.all.filter(
      ({ operation, process }) => operation === 'AssumeRole' && process === 'broker',
    );
  return { ground, take, sessions, lines };
}

/** DynamoDB answers these operations with an error of its own. */
function down(ground: Ground, ...operations: readonly string[]): () => void {
  const steady = ground.passage;
  ground.passage = async (effect, run) => {
    if (!operations.includes(effect)) return steady(effect, run);
    throw Object.assign(new Error('Internal server error'), { name: 'InternalServerError' });
  };
  return () => {
    ground.passage = steady;
  };
}

describe('I1: the ledger is down: no credentials, because an unrecorded grant is worse', () => {
  test.each([
    ['it cannot be read', ['Query']],
    ['it cannot be written', ['PutItem']],
  ] as const)(
    '%s: refused before STS is asked, saying why, and the same call goes on later',
    async (_what, operations) => {
      const { ground, take, sessions, lines } = await served();
      const up = down(ground, ...operations);
      const refused = await take();
      expect(refused).toMatchObject({ status: 503, body: { code: 'ledger-unavailable' } });
      expect(refused.body.credentials).toBeUndefined();
      expect(refused.body.detail).toContain('InternalServerError');
      expect(refused.body.hint).not.toBe('');
      expect(sessions()).toEqual([]);
      expect(lines.map(({ level }) => level)).toContain('error');
      up();
      expect(await take()).toMatchObject({ status: 200, body: { outcome: 'started' } });
      expect(sessions()).toHaveLength(1);
    },
  );

  test('it goes down between the session and its record: the session is nobody’s, and is not forgotten', async () => {
    const { ground, take, sessions } = await served();
    let up = () => {};
    const steady = ground.passage;
    ground.passage = async (effect, run) => {
      const answer = await steady(effect, run);
      if (effect === 'AssumeRole') up = down(ground, 'PutItem', 'Query');
      return answer;
    };
    const refused = await take();
    expect(refused).toMatchObject({ status: 503, body: { code: 'ledger-unavailable' } });
    expect(refused.body.credentials).toBeUndefined();
    expect(sessions()).toHaveLength(1);
    up();
    ground.passage = steady;
    expect(await ground.state()).toBe('activating');
    expect(await take()).toMatchObject({ status: 200, body: { outcome: 'started' } });
    expect(await ground.types(subjects.grant(GRANT_ID))).toEqual(['grant.requested', 'grant.activated']);
  });
});

test('STS is down: after a stated time a clear failure, which names the last resort', async () => {
  const { ground, take } = await served();
  ground.passage = async (effect, run) => {
    if (effect !== 'AssumeRole') return run();
    throw Object.assign(new Error('connect ECONNREFUSED'), { name: 'TimeoutError' });
  };
  const failed = await take();
  expect(failed.status).toBeGreaterThanOrEqual(500);
  expect(failed.body.code).toMatch(/^aws-/);
  expect(failed.body.hint).toContain('docs/break-glass.md');
  expect(failed.body.credentials).toBeUndefined();
});
