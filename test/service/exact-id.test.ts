import { beforeEach, describe, expect, it } from 'vitest';
import type { RequestContent } from '../../lib/domain/request-events.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import type { Key } from '../sweep/ground.ts';
import { KEY_RULE, SECRET_RULE } from '../sweep/ground-policy.ts';
import { DELIVERS } from '../sweep/ordering-ground.ts';
import { person } from './callers.ts';
import { codeOf, ServiceGround } from './service-ground.ts';

const erin = person('erin');

let ground: ServiceGround;
let key: Key;
beforeEach(async () => {
  ground = await ServiceGround.open(DELIVERS);
  key = await ground.warnedKey();
});

const ask = (request: RequestContent['ask']) =>
  ground.asked(erin, ground.content(key, { ask: request, endsAt: plus(ground.ground.now(), 5 * DAY_MS) }));

const except = (credentialId: string, rule = KEY_RULE) =>
  ask({ kind: 'exception', scope: { credentialId, rules: [rule] }, while: { ticket: 'open' } });

describe('G2: an id is exactly that of the credential', () => {
  it.each([
    ['another path of its user', (id: string) => id.replace(':user/ci/', ':user/')],
    ['another spelling of its user', (id: string) => id.replace('deployer', 'Deployer')],
    ['another partition', (id: string) => id.replace('arn:aws:', 'arn:aws-cn:')],
  ])('%s: nothing is asked for, and nothing held', async (_what, other) => {
    const id = other(key.id);
    expect(await codeOf(except(id))).toBe('credential-not-found');
    expect((await ground.desk.record.read(id)).holds).toEqual([]);
    expect(await except(key.id)).toMatchObject({ state: 'done' });
  });

  it('a part of the ARN of a secret, to which Secrets Manager answers as well', async () => {
    const arn = ground.ground.secret({ name: 'app/db' });
    const part = arn.replace(/-[A-Za-z0-9]{6}$/, '');
    expect(await codeOf(except(part, SECRET_RULE))).toBe('credential-not-found');
    expect(await except(arn, SECRET_RULE)).toMatchObject({ state: 'done' });
  });
});

describe('I9: what protects a user by its path', () => {
  it('protects it from whoever writes another path', async () => {
    const { id } = ground.ground.key({
      user: 'emergency',
      path: '/break-glass/',
      tags: { 'janitor:managed': 'true' },
    });
    const elsewhere = id.replace('/break-glass/', '/ci/');
    const rotate = (credentialId: string) => ground.service.rotate(erin, { credentialId, reason: 'mine' });
    expect(await codeOf(rotate(id))).toBe('protected');
    expect(await codeOf(rotate(elsewhere))).toBe('credential-gone');
    expect(await codeOf(ask({ kind: 'rotate-now', credentialId: elsewhere }))).toBe('credential-not-found');
  });
});
