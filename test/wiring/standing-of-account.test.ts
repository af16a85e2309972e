import { AccountNotFoundException, type DescribeAccountCommand } from '@aws-sdk/client-organizations';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { standingOfAccount } from '../../lib/wiring/deployed/standing-of-account.ts';
import { NOW } from '../builders/credential.ts';

const HUB = '999988887777';
const MEMBER = '111122223333';
const STRANGER = '333344445555';

function ground(accounts: 'organization' | string[], trouble?: Error) {
  const asked: unknown[] = [];
  const gone = new AccountNotFoundException({ message: 'none', $metadata: {} });
  const send = async ({ input }: DescribeAccountCommand) => {
    asked.push(input.AccountId);
    if (trouble !== undefined) throw trouble;
    if (input.AccountId !== MEMBER) throw gone;
  };
  const clock = { at: NOW, now: () => clock.at };
  const client = { send } as unknown as ReturnType<NonNullable<Parameters<typeof standingOfAccount>[2]>>;
  const variables = { ACCOUNTS: accounts, HOME_REGION: 'eu-central-1', HUB_ACCOUNT: HUB };
  return { asked, clock, standing: standingOfAccount(variables, clock, () => client) };
}

describe('whether an account is ours, in one call at most', () => {
  it('the hub is, and whatever the stack lists, without a call', async () => {
    const { standing, asked } = ground([MEMBER]);
    expect(await Promise.all([HUB, MEMBER, STRANGER].map(standing))).toEqual(['member', 'member', 'outside']);
    expect(asked).toEqual([]);
  });

  it('of an organisation only the one is asked about, and a member is kept for ten minutes', async () => {
    const { standing, asked, clock } = ground('organization');
    expect([await standing(MEMBER), await standing(MEMBER), await standing(STRANGER)]).toEqual([
      'member',
      'member',
      'outside',
    ]);
    expect(asked).toEqual([MEMBER, STRANGER]);
    clock.at = plus(NOW, 11 * MINUTE_MS);
    expect(await standing(MEMBER)).toBe('member');
    expect(asked).toHaveLength(3);
  });

  it('what cannot be found out is unknown, never a member', async () => {
    const { standing } = ground('organization', new Error('no'));
    expect(await standing(MEMBER)).toBe('unknown');
  });
});
