import { beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../lib/embedded-aws/index.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { Ground, ROLE } from './ground.ts';

let ground: Ground;

beforeEach(async () => {
  ground = await Ground.open();
});

/** Of AssumeRole of the break-glass role; the broker's own session is another matter. */
function failing(effect: Fault['effect'], times: number, rest: Partial<Fault> = {}) {
  return ground.aws.faults.add({
    match: { service: 'sts', operation: 'AssumeRole', process: 'broker' },
    effect,
    times,
    ...rest,
  });
}

const millisOf = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

describe('STS throttled or down is asked again within a stated time, then it fails and names the last resort', () => {
  it.each<[string, Fault['effect'], Partial<Fault>]>([
    ['throttled', 'throttle', {}],
    ['in trouble', 'error', { code: 'InternalFailure', status: 500 }],
    ['silent', 'timeout', {}],
  ])('%s for three attempts: the fourth gives credentials', async (_what, effect, rest) => {
    const fault = failing(effect, 3, rest);
    const session = await ground.started();
    expect(fault.fired).toBe(3);
    expect(await ground.use(session)).toBe('answered');
    expect(await ground.types()).toEqual(['grant.requested', 'grant.activated']);
  });

  it.each<[string, Fault['effect'], string]>([
    ['throttled', 'throttle', 'aws-throttled'],
    ['in trouble', 'error', 'aws-other'],
    ['silent', 'timeout', 'aws-unreachable'],
  ])(
    '%s all the time: it gives up within 5 seconds of pauses, and nothing is active',
    async (_what, effect, code) => {
      failing(effect, Number.POSITIVE_INFINITY);
      const before = ground.now;
      await expect(ground.start()).rejects.toMatchObject({
        code,
        source: 'system',
        hint: expect.stringContaining('docs/break-glass.md'),
      });
      expect(millisOf(before, ground.now)).toBeGreaterThan(2_000);
      expect(millisOf(before, ground.now)).toBeLessThanOrEqual(5_000);
      expect(await ground.types()).toEqual(['grant.requested']);
      expect(await ground.state()).toBe('activating');
    },
  );

  it('the same call afterwards goes on with the same grant', async () => {
    const fault = failing('throttle', Number.POSITIVE_INFINITY);
    await expect(ground.start()).rejects.toMatchObject({ code: 'aws-throttled' });
    fault.remove();
    expect(await ground.use(await ground.started())).toBe('answered');
    expect(await ground.types()).toEqual(['grant.requested', 'grant.activated']);
  });

  it('a refusal is final: it is asked once', async () => {
    ground.aws.account(ACCOUNT).addRole({
      name: ROLE,
      path: '/janitor/break-glass/',
      trust: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' }],
      },
    });
    await expect(ground.start()).rejects.toMatchObject({
      code: 'aws-denied',
      source: 'access',
      hint: expect.stringContaining('docs/break-glass.md'),
    });
    expect(ground.log.filter((call) => call === 'AssumeRole')).toHaveLength(1);
  });
});
