import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  approveGrant,
  attachEvidence,
  type IssuedSession,
  reconcileGrants,
  returnGrant,
  reviewGrant,
  revokeGrant,
} from '../../lib/break-glass/index.ts';
import { afterUse, grantState } from '../../lib/domain/grant.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { ANA, BO, Ground, type Passage } from './ground.ts';

const OTHER = 'grant-number-two';
const IDS = [GRANT_ID, OTHER];

class Died extends Error {}

/** A process that dies before or after its n-th effect and does nothing from then on. */
function dying(
  nth: number,
  when: 'before' | 'after',
): { readonly passage: Passage; readonly died: () => boolean } {
  let effects = 0;
  let dead = false;
  return {
    died: () => dead,
    passage: async (_effect, run) => {
      if (dead) throw new Died();
      effects += 1;
      if (effects !== nth) return run();
      dead = true;
      if (when === 'after') await run();
      throw new Died();
    },
  };
}

const steady: Passage = (_effect, run) => run();

/** Every session that AWS issued was asked for by a grant on record before (I1), with its tag, within its time. */
async function assertRecordedBefore(ground: Ground, clockIsSteady: boolean): Promise<void> {
  for (const { operation, target, at, after } of ground.aws.changes.all) {
    if (operation !== 'AssumeRole' || !target.includes('/database-admin/')) continue;
    const grantId = target.slice(target.lastIndexOf('/') + 1);
    const [first] = await ground.events(`grant#${grantId}`);
    expect(first?.type).toBe('grant.requested');
    if (clockIsSteady) expect((first?.at ?? '') <= at).toBe(true);
    expect(after).toMatchObject({ tags: { 'janitor:grant': grantId }, sourceIdentity: 'ana' });
  }
}

describe('wherever the broker dies (I1, I13)', () => {
  const points = Array.from({ length: 16 }, (_each, index) => index + 1).flatMap((nth) => [
    [nth, 'before'] as const,
    [nth, 'after'] as const,
  ]);

  it.each(points)(
    'at effect %d, %s it: no credentials without a record, none left active',
    async (nth, when) => {
      const ground = await Ground.open();
      const { passage, died } = dying(nth, when);
      ground.passage = passage;
      const sessions: IssuedSession[] = [];
      const work = async () => {
        sessions.push(await ground.started());
        const renewed = await ground.renew();
        if (renewed.outcome === 'started') sessions.push(renewed.session);
        await returnGrant(await ground.context(), { grantId: GRANT_ID, actor: ANA });
      };
      await work().catch((error: unknown) => {
        if (!died()) throw error;
      });
      ground.passage = steady;
      await assertRecordedBefore(ground, true);
      ground.pass(31);
      await reconcileGrants(await ground.context());
      expect([undefined, 'ended']).toContain(await ground.state());
      for (const session of sessions) expect(await ground.use(session)).not.toBe('answered');
      const again = await reconcileGrants(await ground.context());
      expect([again.ended, again.ending, [...again.failed]]).toEqual([[], [], []]);
    },
  );

  it('a client that asks again gets its session, when the answer was lost on the way', async () => {
    for (const nth of [3, 4, 5, 6, 7, 8]) {
      const ground = await Ground.open();
      const { passage } = dying(nth, 'after');
      ground.passage = passage;
      await ground.start().catch(() => undefined);
      ground.passage = steady;
      expect(await ground.use(await ground.started())).toBe('answered');
    }
  });

  it('an end that was recorded while the session was asked for wins', async () => {
    const ground = await Ground.open();
    ground.passage = async (effect, run) => {
      const answer = await run();
      if (effect !== 'AssumeRole') return answer;
      ground.passage = steady;
      await revokeGrant(await ground.context(), { grantId: GRANT_ID, actor: BO });
      return answer;
    };
    expect(await ground.start()).toMatchObject({ outcome: 'over' });
    expect(await ground.types()).toEqual(['grant.requested', 'grant.ending', 'grant.ended']);
  });

  it('without the record there is no session', async () => {
    const ground = await Ground.open();
    ground.passage = async (effect, run) => {
      if (effect === 'PutItem' || effect === 'GetItem') throw new Error('down');
      return run();
    };
    await expect(ground.start()).rejects.toMatchObject({ code: 'ledger-unavailable' });
    expect(ground.log).not.toContain('AssumeRole');
  });

  it('what failed at the activation is done by the reconciler, once', async () => {
    const ground = await Ground.open();
    ground.scheduleFails = true;
    ground.announcementFails = true;
    await ground.started();
    const round = async () => reconcileGrants(await ground.context());
    await round();
    expect((await ground.grant())?.errands).toEqual(['end-schedule', 'announcement']);
    ground.scheduleFails = false;
    ground.announcementFails = false;
    await round();
    await round();
    const types = await ground.types();
    expect(types.slice(2)).toEqual(['grant.errand-done', 'grant.errand-done']);
  });
});

const act = fc.record({
  what: fc.constantFrom('start', 'renew', 'return', 'revoke', 'reconcile', 'approve', 'review'),
  id: fc.constantFrom(...IDS),
  /** Minutes that pass before; clocks jump back, too. */
  pass: fc.integer({ min: -5, max: 12 }),
  /** The effect at which the process dies, if it gets that far. */
  nth: fc.integer({ min: 1, max: 14 }),
  when: fc.constantFrom<'before' | 'after'>('before', 'after'),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

async function run(ground: Ground, { what, id }: Act, sessions: IssuedSession[]): Promise<void> {
  const context = await ground.context();
  const by = { grantId: id, actor: ANA };
  if (what === 'start' || what === 'renew') {
    const done = await (what === 'start'
      ? ground.start({ content: { grantId: id } })
      : ground.renew(ANA, id));
    if (done.outcome === 'started') sessions.push(done.session);
  }
  if (what === 'return') await returnGrant(context, by);
  if (what === 'revoke') await revokeGrant(context, { ...by, actor: BO });
  if (what === 'reconcile') await reconcileGrants(context, IDS);
  if (what === 'approve') await approveGrant(context, { ...by, actor: BO });
  if (what !== 'review') return;
  const evidence = { kind: 'session', key: `break-glass/${id}.json`, sha256: 'a'.repeat(64) };
  await attachEvidence(context, { grantId: id, evidence, events: 1, complete: true });
  await reviewGrant(context, { ...by, actor: BO, verdict: 'closed', reason: 'as stated' });
}

/** One act of a process that may die on the way, and then: no end has moved (I12). */
async function step(
  ground: Ground,
  each: Act,
  sessions: IssuedSession[],
  ends: Map<string, string>,
): Promise<void> {
  ground.pass(each.pass);
  const { passage, died } = dying(each.nth, each.when);
  ground.passage = passage;
  await run(ground, each, sessions).catch((error: unknown) => {
    if (!died() && !(error instanceof Error && 'code' in error)) throw error;
  });
  ground.passage = steady;
  for (const id of IDS) {
    const endsAt = (await ground.grant(id))?.endsAt;
    if (endsAt === undefined) continue;
    expect(endsAt).toBe(ends.get(id) ?? endsAt);
    ends.set(id, endsAt);
  }
}

async function assertOver(ground: Ground, sessions: readonly IssuedSession[]): Promise<void> {
  for (const id of IDS) {
    const grant = await ground.grant(id);
    if (grant === undefined) continue;
    expect(grantState(grant, ground.now)).toMatch(/^(ended|lapsed)$/);
    if (afterUse(grant, ground.now) === 'closed') expect(grant.reviews[0]?.by.person).toBe('bo');
  }
  for (const session of sessions) expect(await ground.use(session)).not.toBe('answered');
}

describe('whoever acts, whenever the clock jumps and processes die', () => {
  it('I12, I13, I17: ends stay where they are, nothing outlives them, and nobody reviews their own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 14 }), async (acts) => {
        const ground = await Ground.open();
        const sessions: IssuedSession[] = [];
        const ends = new Map<string, string>();
        for (const each of acts) await step(ground, each, sessions, ends);
        await assertRecordedBefore(ground, false);
        ground.pass(14 * 12 + 60);
        await reconcileGrants(await ground.context(), IDS);
        await assertOver(ground, sessions);
      }),
      { numRuns: 20 },
    );
  });
});
