import { describe, expect, it } from 'vitest';
import { breakGlassRules } from '../../lib/policy/index.ts';
import { accessKey, daysAgo, fact, NOW, userPrincipal } from '../builders/credential.ts';
import { announcing, findings, history, openFinding } from '../builders/history.ts';
import {
  checked,
  directoryData,
  findingOf,
  heldCodes,
  janitorData,
  judged,
  policyOf,
} from './policy-fixture.ts';

type Data = Readonly<Record<string, unknown>>;

const { arn: ARN } = userPrincipal();
const ROOT = 'arn:aws:iam::444455556666:root';
const GROUPS = {
  security: { members: ['ana', 'ben', 'risk'], mail: 'security@example.com' },
  vault: { members: ['ana', 'gone'] },
  keepers: { members: ['ana'] },
};
const DIRECTORY: Data = { groups: GROUPS };

function section(identity: Data = {}): Data {
  return {
    emergencyGroup: 'security',
    roles: [
      {
        name: 'database-admin',
        why: 'The orders database has to be repaired at night.',
        accounts: ['111122223333'],
        permissions: { managedPolicies: ['arn:aws:iam::aws:policy/AmazonRDSFullAccess'] },
        eligible: ['security'],
        reviewers: 'security',
      },
    ],
    emergencyIdentities: [
      {
        arn: ARN,
        why: 'It is in the safe of the data centre.',
        custodians: 'vault',
        reviewers: 'security',
        ...identity,
      },
    ],
  };
}

describe('identities of the last resort in the policy', () => {
  it('say who keeps them and who reviews their use; whoever left does neither', () => {
    const { emergencyIdentities } = breakGlassRules(policyOf({ breakGlass: section() }, DIRECTORY), NOW);
    expect(emergencyIdentities).toEqual([
      { arn: ARN, custodians: ['ana'], reviewers: ['ana', 'ben', 'risk'] },
    ]);
  });

  it('those that only directory.yaml names are found, too, and reviewed by who approves guarded steps', () => {
    const directory = { ...DIRECTORY, emergencyIdentities: [ROOT, ARN] };
    const { emergencyIdentities } = breakGlassRules(policyOf({ breakGlass: section() }, directory), NOW);
    expect(emergencyIdentities.map(({ arn }) => arn)).toEqual([ARN, ROOT]);
    expect(emergencyIdentities[1]).toMatchObject({ custodians: [], reviewers: ['ana', 'ben', 'risk'] });
  });

  it.each<[string, Data, string]>([
    ['a role', { arn: 'arn:aws:iam::111122223333:role/admin' }, 'is neither an IAM user nor the root'],
    ['a name', { arn: 'emergency' }, 'is neither an IAM user nor the root'],
    ['no reason', { why: 'vault' }, 'says too little'],
    ['custodians that are not there', { custodians: 'nobody' }, 'directory.yaml has no group "nobody"'],
    ['reviewers that are not there', { reviewers: 'nobody' }, 'directory.yaml has no group "nobody"'],
    [
      'reviewers who all keep it',
      { reviewers: 'keepers' },
      'everybody of the group "keepers" is a custodian',
    ],
    ['an unknown key', { secret: 'x' }, 'unknown key "secret"'],
  ])('refuses %s, with a hint', (_what, identity, message) => {
    const result = checked(janitorData({ breakGlass: section(identity) }), directoryData(DIRECTORY));
    const found = result.ok ? [] : result.problems;
    expect(found.map((each) => each.message).join('\n')).toContain(message);
    expect(found.every(({ hint }) => (hint ?? '').length > 5)).toBe(true);
  });

  it('refuses one that is named twice', () => {
    const breakGlass = section();
    const [identity] = Array.isArray(breakGlass.emergencyIdentities) ? breakGlass.emergencyIdentities : [];
    const result = checked(
      janitorData({ breakGlass: { ...breakGlass, emergencyIdentities: [identity, identity] } }),
      directoryData(DIRECTORY),
    );
    expect(result.ok ? [] : result.problems).toMatchObject([
      { message: `the emergency identity "${ARN}" occurs twice` },
    ]);
  });

  it('the name of the role for drills is taken', () => {
    const breakGlass = section();
    const [role] = Array.isArray(breakGlass.roles) ? breakGlass.roles : [];
    const result = checked(
      janitorData({ breakGlass: { ...breakGlass, roles: [{ ...role, name: 'drill' }] } }),
      directoryData(DIRECTORY),
    );
    expect(result.ok ? [] : result.problems).toMatchObject([
      { path: 'breakGlass.roles[0].name', message: expect.stringContaining('the role for drills') },
    ]);
  });
});

describe('I9: no rule ever touches them', () => {
  const idle = accessKey({ facts: { lastUsedAt: fact(daysAgo(400)), tags: fact({ owner: 'ana' }) } });
  const told = [announcing('disable', 14)];
  const past = history({ findings: findings(openFinding({ rule: 'unused', told })) });

  it('whatever their age: what would be due is held, by that reason', () => {
    const without = judged({ directory: DIRECTORY, history: past }, idle);
    expect(without.verdict).toMatchObject({ outcome: 'act', step: 'disable' });
    const judgement = judged(
      { janitor: { breakGlass: section() }, directory: DIRECTORY, history: past },
      idle,
    );
    expect(judgement.verdict.outcome).toBe('hold');
    expect(heldCodes(findingOf(judgement))).toEqual(['protected']);
    expect(findingOf(judgement)?.held).toMatchObject([{ reason: `${ARN} is an emergency identity` }]);
  });
});
