import { beforeEach, describe, expect, it } from 'vitest';
import type { Key } from '../sweep/ground.ts';
import { KEY_RULE } from '../sweep/ground-policy.ts';
import { addKey, DELIVERS } from '../sweep/ordering-ground.ts';
import { MAIN } from '../world/places.ts';
import { person, session } from './callers.ts';
import { codeOf, ServiceGround } from './service-ground.ts';

const alice = person('alice');
const bob = person('bob');
const carol = person('carol');
const agent = session('planner', 'run-1');
const orphan = session('drifter', 'run-1');
const role = (name: string) => [`arn:aws:iam::${MAIN}:role/${name}`];

const AGENTS = {
  agents: [
    { id: 'planner', principals: role('planner'), sponsor: 'bob' },
    { id: 'drifter', principals: role('drifter') },
  ],
};

let ground: ServiceGround;
let key: Key;
beforeEach(async () => {
  ground = await ServiceGround.open({ ...DELIVERS, directory: AGENTS });
  key = await ground.warnedKey();
});

describe('I11, G20: what an agent did, the person who answers for it did', () => {
  it('its sponsor does not decide the challenge it opened; another does', async () => {
    const challenged = { kind: 'step', credentialId: key.id, rule: KEY_RULE, step: 'disable' } as const;
    const { challenge } = await ground.service.openChallenge(agent, { challenged, reason: 'it is needed' });
    const decide = (by: typeof bob) =>
      ground.service.decideChallenge(by, challenge.challengeId, { verdict: 'upheld', reason: 'it is' });
    expect(await codeOf(decide(bob))).toBe('party-may-not-decide');
    expect(await decide(carol)).toMatchObject({ challenge: { state: 'upheld' } });
  });

  it('nor approves its sponsor the rotation it asked for, neither the plan nor a request to approve it', async () => {
    const ordered = await ground.service.rotate(agent, {
      credentialId: addKey(ground.ground),
      reason: 'old',
    });
    if (ordered.state !== 'awaiting-approval') throw new Error(ordered.state);
    const { planId, planHash } = ordered.plan;
    expect(await codeOf(ground.service.approvePlan(bob, planId, planHash))).toBe('requester-may-not-approve');
    const ask = { kind: 'approve-plan', planId, planHash } as const;
    const asked = await ground.asked(
      person('erin'),
      ground.content(key, { ask, endsAt: ordered.plan.lapsesAt }),
    );
    expect(await codeOf(ground.approve(bob, asked))).toBe('party-may-not-approve');
    expect(await ground.service.approvePlan(carol, planId, planHash)).toMatchObject({ state: 'approved' });
  });

  it('and one whom nobody answers for asks for no rotation', async () => {
    const order = { credentialId: addKey(ground.ground), reason: 'old' };
    expect(await codeOf(ground.service.rotate(orphan, order))).toBe('may-not-rotate');
    expect((await ground.service.listPlans(alice, MAIN)).items).toEqual([]);
  });
});
