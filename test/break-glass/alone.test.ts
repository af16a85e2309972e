import { describe, expect, it } from 'vitest';
import {
  expireGrant,
  type IssuedSession,
  reconcileGrants,
  returnGrant,
  revokeGrant,
  revokeRole,
} from '../../lib/break-glass/index.ts';
import { SESSION_SECONDS } from '../../lib/domain/grant.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { ANA, BO, Ground, ROLE } from './ground.ts';

const DENIED = 'AccessDenied';
const EXPIRED = /^ExpiredToken/;
const SECOND = 1 / 60;
const INSTANT = 1 / 60_000;
/** Until a reconciler that runs every five minutes has looked again. */
const ROUND_MINUTES = 5;
/** IAM shows a new version of a policy so much later. */
const SPREAD_SECONDS = 20;

interface Without {
  /** A: sessions outlast any grant, an hour. */
  readonly A?: true;
  /** B: no session policy. */
  readonly B?: true;
  /** C: nothing writes the policy of ended grants. */
  readonly C?: true;
}

/** A scene in which these mechanisms are out of order. Nothing runs by itself: neither schedule nor reconciler. */
async function without({ A, B, C }: Without, options: Parameters<typeof Ground.open>[0] = {}) {
  const ground = await Ground.open(options);
  ground.altered = {
    ...(A === undefined ? {} : { DurationSeconds: 3600 }),
    ...(B === undefined ? {} : { Policy: undefined }),
  };
  if (C !== undefined) {
    const match = { service: 'iam', operation: 'CreatePolicyVersion' };
    ground.aws.faults.add({
      match,
      effect: 'error',
      code: 'ServiceFailure',
      times: Number.POSITIVE_INFINITY,
    });
  }
  return ground;
}

/** Of ten minutes. */
const brief = { content: { durationSeconds: 600 } };
const byCommand = (ground: Ground) =>
  ground.context().then((context) => returnGrant(context, { grantId: GRANT_ID, actor: ANA }));

async function renewed(ground: Ground): Promise<IssuedSession> {
  const answer = await ground.renew();
  if (answer.outcome !== 'started') throw new Error(answer.outcome);
  return answer.session;
}

describe('with all three out of order access goes on: the tests below would see it', () => {
  it.each<[string, (ground: Ground) => Promise<unknown>]>([
    ['command', byCommand],
    ['schedule', async (ground) => expireGrant(await ground.context(), GRANT_ID)],
    ['reconciler', async (ground) => reconcileGrants(await ground.context())],
  ])('although a %s tried to end it', async (_name, end) => {
    const ground = await without({ A: true, B: true, C: true });
    const session = await ground.started(brief);
    ground.pass(11);
    await end(ground);
    expect(await ground.state()).toBe('ending');
    expect(await ground.use(session)).toBe('answered');
  });
});

describe('A alone: short credentials, and a renewal that asks the record', () => {
  it.each<[string, (ground: Ground) => Promise<unknown>]>([
    ['was recorded by command', byCommand],
    ['came by the clock, and nobody recorded anything', async (ground) => ground.pass(SECOND)],
  ])('access is over within fifteen minutes of an end that %s', async (_name, end) => {
    const ground = await without({ B: true, C: true });
    await ground.started(brief);
    ground.pass(10 - SECOND);
    const last = await renewed(ground);
    await end(ground);
    expect(await ground.renew()).toMatchObject({ outcome: 'over' });
    ground.aws.clock.set(last.expiresAt);
    ground.pass(-INSTANT);
    expect(await ground.use(last)).toBe('answered');
    ground.pass(INSTANT);
    expect(await ground.use(last)).toMatch(EXPIRED);
    const end15 = Date.parse((await ground.grant())?.endsAt ?? '') + SESSION_SECONDS * 1000;
    expect(Date.parse(ground.now)).toBeLessThanOrEqual(end15);
  });
});

describe('B alone: the Deny in the session policy', () => {
  it('access is over at the second of the end, of a session that outlasts it and was denied by nobody', async () => {
    const ground = await without({ A: true, C: true });
    const session = await ground.started(brief);
    ground.pass(10 - INSTANT);
    expect(await ground.use(session)).toBe('answered');
    ground.pass(INSTANT);
    expect(session.expiresAt > ground.now).toBe(true);
    expect(await ground.use(session)).toBe(DENIED);
    expect(await ground.types()).toEqual(['grant.requested', 'grant.activated']);
  });
});

describe("C alone: the Deny on the grant's tag, as soon as IAM has spread it", () => {
  it.each<[string, (ground: Ground) => Promise<unknown>]>([
    ['return', byCommand],
    ['revocation', async (ground) => revokeGrant(await ground.context(), { grantId: GRANT_ID, actor: BO })],
    [
      'revocation of the role',
      async (ground) => revokeRole(await ground.context(), { role: ROLE, actor: BO }),
    ],
  ])('by command, a %s', async (_name, end) => {
    const ground = await without({ A: true, B: true }, { consistencyDelayMs: SPREAD_SECONDS * 1000 });
    const session = await ground.started(brief);
    ground.pass(1);
    await end(ground);
    await spread(ground, session);
  });

  it('by schedule, at the end of the grant', async () => {
    const ground = await without({ A: true, B: true }, { consistencyDelayMs: SPREAD_SECONDS * 1000 });
    const session = await ground.started(brief);
    ground.pass(10);
    expect(await ground.use(session)).toBe('answered');
    await expireGrant(await ground.context(), GRANT_ID);
    await spread(ground, session);
  });

  it('by reconciler, in the first round after the end, at most five minutes later', async () => {
    const ground = await without({ A: true, B: true }, { consistencyDelayMs: SPREAD_SECONDS * 1000 });
    const session = await ground.started(brief);
    ground.pass(10 - INSTANT);
    const round = async () => reconcileGrants(await ground.context());
    expect((await round()).ended).toEqual([]);
    expect(await ground.use(session)).toBe('answered');
    ground.pass(ROUND_MINUTES);
    expect(await ground.use(session)).toBe('answered');
    expect((await round()).ended).toEqual([GRANT_ID]);
    await spread(ground, session);
  });

  async function spread(ground: Ground, session: IssuedSession): Promise<void> {
    expect(await ground.state()).toBe('ended');
    ground.pass(SPREAD_SECONDS / 60);
    expect(session.expiresAt > ground.now).toBe(true);
    expect(await ground.use(session)).toBe(DENIED);
  }
});
