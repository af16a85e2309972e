import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient, StartSessionCommand } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { ACCOUNT } from '../builders/credential.ts';
import { AfterUseGround } from './after-use-ground.ts';
import { role } from './ground.ts';

/** What is written or sent; reads may die as well, and change nothing. */
const WRITES = new Set(['PutItem', 'evidence', 'notice']);

/** A use that showed a secret and left a shell open, given back. */
async function returned() {
  const scene = await AfterUseGround.open();
  const { ground } = scene;
  scene.concerned = [];
  const few = { sessionManager: true, reviewers: ['bo'], approvers: ['bo'] };
  ground.rules = { ...ground.rules, roles: [role(few)] };
  const secret = ground.aws
    .account(ACCOUNT)
    .addSecret('eu-central-1', { name: 'orders/db', value: 'a value' });
  const session = await ground.started();
  await new SecretsManagerClient(scene.as(session)).send(
    new GetSecretValueCommand({ SecretId: 'orders/db' }),
  );
  await new SSMClient(scene.as(session)).send(new StartSessionCommand({ Target: 'i-0123456789abcdef0' }));
  await scene.giveBack();
  return { scene, secret };
}

/** Minutes between rounds, up to the look that is complete and one more. */
const ROUNDS = [0, 5, 10, 15, 30, 5];

/** All rounds; at its write number `at` one dies, for the rest of that round. Returns how many writes there were. */
async function rounds(scene: AfterUseGround, at = 0, answerLost = false): Promise<number> {
  let writes = 0;
  for (const minutes of ROUNDS) {
    scene.ground.pass(minutes);
    let isDead = false;
    scene.ground.passage = async (effect, run) => {
      if (!isDead && WRITES.has(effect)) writes += 1;
      const dies = !isDead && writes === at && WRITES.has(effect);
      if (dies && answerLost) await run();
      isDead ||= dies;
      if (isDead) throw new Error('it died');
      return run();
    };
    await scene.round().catch(() => undefined);
  }
  scene.ground.passage = (_effect, run) => run();
  return writes;
}

async function dying(at: number, answerLost: boolean) {
  const { scene, secret } = await returned();
  await rounds(scene, at, answerLost);
  const types = await scene.ground.types();
  const count = (type: string) => types.filter((each) => each === type).length;
  return { scene, secret, count, grant: await scene.ground.grant() };
}

const points = Array.from({ length: await rounds((await returned()).scene) }, (_none, index) => index + 1);

describe('I6: a round that dies between any two of its writes leaves what the next ones finish', () => {
  it('has points to die at', () => {
    expect(points.length).toBeGreaterThan(10);
  });

  it.each(points.map((point) => [point, point % 2 === 0] as const))(
    'at write %i, its answer lost: %s',
    async (point, answerLost) => {
      const { scene, secret, count, grant } = await dying(point, answerLost);
      expect(grant).toMatchObject({
        evidence: { events: 2, complete: true },
        shells: { complete: true },
      });
      expect(
        scene.ground.aws.changes.all.filter(({ operation }) => operation === 'TerminateSession'),
      ).toHaveLength(1);
      const chain = await scene.ground.events(`credential#${secret}`);
      expect(chain.map(({ type }) => type)).toEqual(['finding.opened']);
      const told = new Set(scene.sent.map(({ noticeId }) => noticeId));
      expect(count('grant.told')).toBe(told.size);
      expect(scene.sent.length).toBeLessThanOrEqual(told.size + 1);
      expect(count('grant.evidence-attached')).toBeLessThanOrEqual(3);
    },
  );
});
