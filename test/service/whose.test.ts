import { TagUserCommand } from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RequestContent } from '../../lib/domain/request-events.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import type { Key } from '../sweep/ground.ts';
import { KEY_RULE } from '../sweep/ground-policy.ts';
import { PARTNER, person, session } from './callers.ts';
import { ServiceGround } from './service-ground.ts';

const alice = person('alice');
const bob = person('bob');
const erin = person('erin');
const partner = session('integration', 'run', undefined, PARTNER);

let ground: ServiceGround;
let key: Key;
beforeEach(async () => {
  ground = await ServiceGround.open();
  key = await ground.warnedKey();
});

const inDays = (days: number) => plus(ground.ground.now(), days * DAY_MS);

async function changesHands(owner: string): Promise<void> {
  const { clients } = await ground.ground.context({ process: 'owner' });
  await clients.iam.send(new TagUserCommand({ UserName: key.user, Tags: [{ Key: 'owner', Value: owner }] }));
}

describe('I11: whoever owns a credential by the time it counts has not approved its exemption', () => {
  const exception = (): RequestContent['ask'] => ({
    kind: 'exception',
    scope: { credentialId: key.id, rules: [KEY_RULE] },
    while: { owner: 'same' },
  });
  const override = (): RequestContent['ask'] => ({
    kind: 'policy-override',
    credentialId: key.id,
    rule: KEY_RULE,
    ruleHash: ground.policy.ruleHash(KEY_RULE),
    step: 'disable',
  });

  it.each([
    ['an exception', exception],
    ['an override of the policy', override],
  ])('%s', async (_what, ask) => {
    const asked = await ground.asked(erin, ground.content(key, { ask: ask(), endsAt: inDays(20) }));
    await ground.approve(alice, asked);
    await changesHands('bob');
    expect(await ground.approve(bob, asked)).toMatchObject({
      state: 'failed',
      end: { code: 'approver-owns-it' },
    });
    expect((await ground.desk.record.read(key.id)).holds).toEqual([]);
  });

  it('who is new and approved nothing changes nothing', async () => {
    const asked = await ground.asked(erin, ground.content(key, { ask: exception(), endsAt: inDays(20) }));
    await ground.approve(alice, asked);
    await changesHands('erin');
    expect(await ground.approve(bob, asked)).toMatchObject({ state: 'done' });
  });
});

it('G13: an extension does not make a new owner the one who was to stay', async () => {
  const ask: RequestContent['ask'] = {
    kind: 'exception',
    scope: { credentialId: key.id, rules: [KEY_RULE] },
    while: { owner: 'same' },
  };
  const { requestId: exceptionId } = await ground.asked(
    erin,
    ground.content(key, { ask, endsAt: inDays(5) }),
  );
  await changesHands('erin');
  const longer = { ask: { kind: 'extension' as const, exceptionId }, endsAt: inDays(20) };
  const asked = await ground.asked(person('dave'), ground.content(key, longer));
  await ground.approve(alice, asked);
  expect(await ground.approve(bob, asked)).toMatchObject({ state: 'failed', end: { code: 'owner-changed' } });
  expect((await ground.desk.record.read(key.id)).holds).toMatchObject([{ ref: { id: exceptionId } }]);
});

describe('G19: an outside party', () => {
  const short: [string, () => Partial<RequestContent>, string][] = [
    ['an exception', () => ({ endsAt: inDays(5) }), 'critical'],
    [
      'a rotation',
      () => ({ ask: { kind: 'rotate-now', credentialId: key.id }, endsAt: plus(inDays(0), 1_000) }),
      'guarded',
    ],
    [
      'a restore',
      () => ({ ask: { kind: 'restore', credentialId: key.id }, endsAt: plus(inDays(0), 1_000) }),
      'guarded',
    ],
  ];

  it.each(short)('has nothing pre-approved on what is not its own: %s', async (_what, over, tier) => {
    expect(await ground.asked(partner, ground.content(key, over()))).toMatchObject({
      state: 'pending',
      tier,
    });
  });
});
