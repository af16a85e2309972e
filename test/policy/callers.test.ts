import { describe, expect, it } from 'vitest';
import { callerDirectoryOf } from '../../lib/policy/index.ts';
import { NOW } from '../builders/credential.ts';
import { directoryData, policyOf } from './policy-fixture.ts';

const HOME = '111122223333';
const arn = (rest: string, account = HOME): string => `arn:aws:iam::${account}:${rest}`;
const party = (id: string, contractEnds: string, more: object) => ({
  id,
  organisation: id,
  contact: `office@${id}.example`,
  sponsor: 'ana',
  contractEnds,
  ...more,
});

const policy = policyOf(
  {},
  directoryData({
    agents: [
      { id: 'planner', principals: [arn('role/agents/planner'), arn('user/bots/planner')], sponsor: 'ana' },
      { id: 'left-alone', principals: [arn('role/left-alone')], sponsor: 'gone' },
      { id: 'orphan', principals: [arn('role/orphan')] },
    ],
    externalParties: [
      party('acme', '2027-01-31', { accounts: ['333344445555'], paths: ['/vendors/acme/'] }),
      party('former', '2026-09-30', { accounts: ['444455556666'] }),
      party('tagged', '2027-01-31', { tags: { vendor: 'tagged' } }),
    ],
  }),
);
const directory = callerDirectoryOf(policy, NOW);

describe('persons among callers', () => {
  it.each([
    ['sso:ana', 'ana'],
    [arn('user/people/ben'), 'ben'],
    [arn('user/ben'), undefined],
    ['sso:gone', undefined],
  ])('%s is %s', (principal, person) => {
    expect(directory.personOf(principal)).toBe(person);
  });

  it('whoever has left is nobody from that day on', () => {
    const before = callerDirectoryOf(policy, '2026-10-14T23:59:59.999Z');
    expect(before.personOf('sso:gone')).toBe('gone');
    expect(before.agentOf(arn('role/left-alone'))).toEqual({ id: 'left-alone', sponsor: 'gone' });
  });
});

describe('G20: agents among callers', () => {
  it.each([
    ['a role with its path', arn('role/agents/planner'), { id: 'planner', sponsor: 'ana' }],
    ['a role as its session shows it', arn('role/planner'), { id: 'planner', sponsor: 'ana' }],
    ['an IAM user', arn('user/bots/planner'), { id: 'planner', sponsor: 'ana' }],
    ['a user of that name elsewhere', arn('user/planner'), undefined],
    ['a role of that name in another account', arn('role/planner', '222233334444'), undefined],
    ['one whose sponsor has left', arn('role/left-alone'), { id: 'left-alone' }],
    ['one nobody answers for', arn('role/orphan'), { id: 'orphan' }],
    ['any other role', arn('role/deploy'), undefined],
  ])('%s', (_what, principal, agent) => {
    expect(directory.agentOf(principal)).toEqual(agent);
  });
});

describe('G19: outside parties among callers', () => {
  it.each([
    ['by their account', '333344445555', arn('user/x', '333344445555'), { id: 'acme', contractEnded: false }],
    [
      'by their account, a role session',
      '333344445555',
      'arn:aws:sts::333344445555:assumed-role/vendors/run',
      { id: 'acme', contractEnded: false },
    ],
    ['by the path of a user', HOME, arn('user/vendors/acme/feed'), { id: 'acme', contractEnded: false }],
    [
      'whose contract is over',
      '444455556666',
      arn('user/x', '444455556666'),
      { id: 'former', contractEnded: true },
    ],
    ['not by a name that looks like the path', HOME, arn('user/acme'), undefined],
    ['nobody', HOME, arn('user/ci/deployer'), undefined],
  ])('%s', (_what, account, principal, found) => {
    expect(directory.partyOf(account, principal)).toEqual(found);
  });
});
