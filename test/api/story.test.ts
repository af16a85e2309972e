import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DAY_MS, type Instant, plus } from '../../lib/domain/time.ts';
import { openServe, type ServedJanitor } from '../../lib/wiring/serve/open-serve.ts';
import { janitor, stubAwsEnvironment } from '../builders/command-line.ts';
import { type Signer, send, signed } from './signed.ts';
import { keyOf, type PersonName, START, signerOf, storyFolder, Tickets } from './story-world.ts';

const DEADLINE_MS = 60_000;
const RULE = 'access-key-unused';
const HELD = keyOf('nightly');
const OTHER = keyOf('exporter');

const tickets = new Tickets();
let folder: ReturnType<typeof storyFolder>;
let served: ServedJanitor;

beforeAll(async () => {
  folder = storyFolder(await tickets.open());
  stubAwsEnvironment({});
  served = await openServe(
    {
      port: 0,
      awsPort: 0,
      seed: folder.seed,
      now: START,
      policy: folder.policy,
      stateDir: path.join(folder.cwd, 'state'),
    },
    { cwd: folder.cwd, command: 'janitor serve', note: async () => {}, onLockLost: () => {} },
  );
  stubAwsEnvironment({ ...served.world.exports });
}, DEADLINE_MS);

afterAll(async () => {
  await served.close();
  tickets.close();
  vi.unstubAllEnvs();
});

async function call(who: PersonName | 'partner' | 'stranger' | Signer, target: string, body?: object) {
  const signer = typeof who === 'string' ? signerOf(who) : who;
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return send(served.url, await signed(served.url, signer, { target, ...post }));
}

/** A sweep of another process, once the API has let go of the record. */
async function sweep(days: number) {
  const now: Instant = plus(START, days * DAY_MS);
  const argv = ['sweep', '--enforce', '--yes', '--format', 'json', '--now', now];
  const where = ['--policy', folder.policy, '--state-dir', path.join(folder.cwd, 'state')];
  return vi.waitFor(
    async () => {
      const { exit, out, err } = await janitor([...argv, ...where], { cwd: folder.cwd });
      expect(exit, err).toBe(0);
      return JSON.parse(out);
    },
    { timeout: 20_000, interval: 100 },
  );
}

const exceptionOf = (endsInDays: number, over: object = {}) => ({
  ask: {
    kind: 'exception',
    scope: { credentialId: HELD, rules: [RULE] },
    while: { ticket: 'open' },
  },
  reasonKind: 'migration',
  businessOwner: 'elena',
  reason: 'The nightly export moves to a role this month',
  ticket: 'OPS-17',
  endsAt: plus(START, endsInDays * DAY_MS),
  ...over,
});

/** Told in order: each test goes on where the one before it ended. */
describe('an exception, from the request to its end, over HTTP with real signatures', () => {
  let requestHash = '';

  test('the first policy is activated and both keys are warned about', async () => {
    const { body: policy } = await call('ana', '/v1/policy');
    const activated = await call('ana', '/v1/policy/activate', { hash: policy.deployed });
    expect(activated).toMatchObject({ status: 200, body: { outcome: 'activated' } });
    const { actions } = await sweep(0);
    expect(actions).toContainEqual(expect.objectContaining({ credentialId: HELD, step: 'notify' }));
    expect(actions).toContainEqual(expect.objectContaining({ credentialId: OTHER, step: 'notify' }));
  });

  test('G2 G3 G4: dmitri asks for thirty days, and two of security have to agree', async () => {
    const asked = await call('dmitri', '/v1/requests', {
      requestId: 'nightly-moves',
      request: exceptionOf(30),
    });
    expect(asked).toMatchObject({
      status: 200,
      body: { outcome: 'recorded', request: { state: 'pending', tier: 'critical', approvalsNeeded: 2 } },
    });
    expect(tickets.asked).toContain('OPS-17');
    requestHash = asked.body.request.requestHash;
  });

  test('the same again is answered from the record, something else under its id is refused', async () => {
    const again = { requestId: 'nightly-moves', request: exceptionOf(30) };
    expect(await call('dmitri', '/v1/requests', again)).toMatchObject({
      status: 200,
      body: { outcome: 'repeated', request: { requestHash } },
    });
    expect(await call('dmitri', '/v1/requests', { ...again, request: exceptionOf(29) })).toMatchObject({
      status: 409,
      body: { code: 'request-conflict' },
    });
  });

  test.each([
    ['I11: who asks', 'dmitri', 403, 'not-an-approver'],
    ['who is no approver', 'elena', 403, 'not-an-approver'],
    ['who is nobody the directory knows', 'mallory', 403, 'caller-unresolved'],
    ['I16: an outside party', 'partner', 403, 'not-an-approver'],
    ['an outside account that nobody registered', 'stranger', 403, 'caller-refused'],
  ] as const)('%s does not approve it', async (_who, name, status, code) => {
    const refused = await call(name, '/v1/requests/nightly-moves/approve', { requestHash });
    expect(refused).toMatchObject({ status, body: { code } });
  });

  test('I11: an approval is bound to what was shown', async () => {
    const other = await call('ana', '/v1/requests/nightly-moves/approve', { requestHash: '0'.repeat(64) });
    expect(other).toMatchObject({ status: 409, body: { code: 'another-request' } });
  });

  test('G1 I11: ana approves twice and counts once; ben completes the quorum and it takes effect', async () => {
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await call('ana', '/v1/requests/nightly-moves/approve', { requestHash });
      expect({ status, state: body.state, approvals: body.approvals.length }).toEqual({
        status: 200,
        state: 'pending',
        approvals: 1,
      });
    }
    const done = await call('ben', '/v1/requests/nightly-moves/approve', { requestHash });
    expect(done).toMatchObject({ status: 200, body: { state: 'done' } });
    expect(await call('elena', '/v1/exceptions/nightly-moves')).toMatchObject({
      status: 200,
      body: { state: 'active', scope: { credentialId: HELD, rules: [RULE] } },
    });
  });

  test('who comes too late is told what came of it', async () => {
    const late = await call('carla', '/v1/requests/nightly-moves/reject', { reason: 'too broad' });
    expect(late).toMatchObject({ status: 409, body: { code: 'request-not-pending' } });
    expect(late.body.detail).toContain('done');
  });

  test('the sweep that is due takes the step on the other key and holds this one, and says why', async () => {
    const { actions, held } = await sweep(15);
    expect(actions).toContainEqual(
      expect.objectContaining({ credentialId: OTHER, step: 'disable', outcome: 'done' }),
    );
    expect(actions).not.toContainEqual(expect.objectContaining({ credentialId: HELD, step: 'disable' }));
    expect(JSON.stringify(held)).toContain(HELD);
  });

  test('G13 I13: its ticket closes; the next sweep ends it and the step proceeds', async () => {
    tickets.state = 'closed';
    const { actions } = await sweep(16);
    expect(actions).toContainEqual(
      expect.objectContaining({ credentialId: HELD, step: 'disable', outcome: 'done' }),
    );
    expect(await call('elena', '/v1/exceptions/nightly-moves')).toMatchObject({
      body: { state: 'expired', end: { cause: 'condition' } },
    });
  });

  test('G5: afterwards it is explained from the store alone', async () => {
    const { status, body } = await call('carla', '/v1/explain?id=nightly-moves');
    expect(status).toBe(200);
    const told = JSON.stringify(body);
    for (const part of [
      'dmitri',
      'ana',
      'ben',
      'elena',
      'OPS-17',
      'moves to a role',
      RULE,
      'ticket is closed',
    ]) {
      expect(told, part).toContain(part);
    }
  });
});

describe('what is refused', () => {
  const until = (days: number) => plus(START, (16 + days) * DAY_MS);
  const cases = [
    ['an end in the past', 'dmitri', exceptionOf(1), 400, 'end-in-past'],
    ['an end too far', 'dmitri', exceptionOf(16 + 100), 400, 'end-too-far'],
    [
      'a ticket of another system',
      'dmitri',
      { ...exceptionOf(20), ticket: 'JIRA-1' },
      400,
      'ticket-malformed',
    ],
    ['a closed ticket', 'dmitri', exceptionOf(20), 403, 'request-denied'],
    [
      'a business owner whom nobody knows',
      'dmitri',
      { ...exceptionOf(20), businessOwner: 'zed' },
      400,
      'person-unknown',
    ],
    ['an unknown field', 'dmitri', { ...exceptionOf(20), admin: true }, 400, 'request-invalid'],
    ['somebody whom the directory does not know', 'mallory', exceptionOf(20), 403, 'caller-unresolved'],
    ['an account that nobody registered', 'stranger', exceptionOf(20), 403, 'caller-refused'],
  ] as const;

  test.each(cases)('%s', async (what, who, request, status, code) => {
    const requestId = `refused-${what.replaceAll(/[^a-z]/g, '-')}`.slice(0, 60);
    expect(await call(who, '/v1/requests', { requestId, request })).toMatchObject({ status, body: { code } });
  });

  test('a credential that is not there', async () => {
    const ask = {
      kind: 'exception',
      scope: { credentialId: `${HELD.slice(0, -4)}ZZZZ`, rules: [RULE] },
      while: { owner: 'same' },
    };
    const request = { ...exceptionOf(20), ask, endsAt: until(10) };
    expect(await call('dmitri', '/v1/requests', { requestId: 'nowhere-at-all', request })).toMatchObject({
      status: 404,
      body: { code: 'credential-not-found' },
    });
  });
});
