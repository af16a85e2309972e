import { IAMClient, ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { grantView, startedView } from '../../lib/api/index.ts';
import { HOUR_MS, MINUTE_MS, plus } from '../../lib/domain/time.ts';
import type { ServedJanitor } from '../../lib/wiring/serve/open-serve.ts';
import { content, ROLE } from '../break-glass/ground.ts';
import { stubAwsEnvironment } from '../builders/command-line.ts';
import {
  ACCOUNT,
  type Engineer,
  HeldTimers,
  START,
  servedBreakGlass,
  signerOf,
} from './break-glass-served-world.ts';
import { type Signer, send, signed } from './signed.ts';

const DEADLINE_MS = 60_000;
const timers = new HeldTimers();
let served: ServedJanitor;

beforeAll(async () => {
  stubAwsEnvironment({});
  served = await servedBreakGlass(timers);
}, DEADLINE_MS);

afterAll(async () => {
  await served.close();
  vi.unstubAllEnvs();
});

async function call(who: Engineer | Signer, target: string, body?: object) {
  const signer = typeof who === 'string' ? signerOf(who) : who;
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return send(served.url, await signed(served.url, signer, { target: `/v1/break-glass${target}`, ...post }));
}

function clientAs({ accessKeyId, secretAccessKey, sessionToken }: Signer) {
  const { url: endpoint, region } = served.world;
  const credentials = {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
  return new IAMClient({ endpoint, region, credentials, maxAttempts: 1 });
}

/** What a call by HTTP with a session comes to. */
async function use(session: Signer, command = new ListUsersCommand({})): Promise<string> {
  return clientAs(session)
    .send(command)
    .then(
      () => 'answered',
      (error: Error) => error.name,
    );
}

async function started(grantId: string): Promise<Signer> {
  const { status, headers, body } = await call('ana', '/grants', { ...content(), grantId });
  expect({ status, body: startedView.safeParse(body).error }).toEqual({ status: 200, body: undefined });
  expect(headers.get('cache-control')).toBe('no-store');
  const view = startedView.parse(body);
  if (view.outcome !== 'started') throw new Error('it waits');
  return view.credentials;
}

describe('janitor serve lends break-glass roles of the embedded AWS', { timeout: DEADLINE_MS }, () => {
  test('they are in the account as a deployment would make them', async () => {
    const { Roles = [] } = await clientAs(served.world.credentials).send(
      new ListRolesCommand({ PathPrefix: '/janitor/break-glass/' }),
    );
    expect(Roles.map(({ RoleName }) => RoleName).toSorted()).toEqual([ROLE, 'drill']);
  });

  test('whoever is on call takes one, uses it within its permissions, and gives it back at once', async () => {
    const session = await started('serve-grant-0001');
    expect(await use(session)).toBe('answered');
    const { status, body } = await call('ana', '/grants/serve-grant-0001/return', {});
    expect({ status, outcome: body.outcome }).toEqual({ status: 200, outcome: 'ended' });
    expect(await use(session)).toBe('AccessDenied');
  });

  test('its end is called by a timer of this process, and the round every minute does the same', async () => {
    const session = await started('serve-grant-0002');
    const end = timers.onces.at(-1);
    expect(end?.millis).toBe(30 * MINUTE_MS);
    expect(timers.everys.map(({ millis }) => millis).toSorted((a, b) => a - b)).toEqual([
      MINUTE_MS,
      5 * MINUTE_MS,
    ]);
    served.world.aws.clock.set(plus(START, HOUR_MS));
    end?.run();
    await vi.waitFor(
      async () => {
        const { body } = await call('bo', '/grants/serve-grant-0002');
        expect(grantView.parse(body)).toMatchObject({ state: 'ended', ending: { cause: 'expired' } });
      },
      { timeout: 10_000, interval: 50 },
    );
    expect(await use(session)).not.toBe('answered');
  });

  test('a drill goes the whole way', async () => {
    const { status, body } = await call('ana', '/drills', {
      grantId: 'serve-drill-0001',
      accountId: ACCOUNT,
    });
    const stages = body.stages.map((each: { stage: string; outcome: string }) => [each.stage, each.outcome]);
    expect({ status, stages }).toEqual({
      status: 200,
      stages: ['started', 'used', 'renewed', 'returned', 'refused'].map((stage) => [stage, 'passed']),
    });
  });

  test('who is not on call is refused, and that is on record', async () => {
    const { status, body } = await call('bo', '/grants', { ...content(), grantId: 'serve-grant-0003' });
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'not-on-call' });
    const again = await call('bo', '/grants', { ...content(), grantId: 'serve-grant-0003' });
    expect(again.body.code).toBe('not-on-call');
  });

  test('lists show what is open, roles say whether the caller may have them', async () => {
    const { body: roles } = await call('ana', '/roles');
    expect(roles.items).toMatchObject([{ name: ROLE, eligible: true, accounts: [ACCOUNT] }]);
    const { body: others } = await call('cy', '/roles');
    expect(others.items).toMatchObject([{ eligible: false }]);
    const { body: grants } = await call('cy', '/grants');
    expect(grants.items.map(({ grantId }: { grantId: string }) => grantId)).toContain('serve-grant-0002');
  });
});
