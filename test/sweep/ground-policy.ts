import { checkPolicyTexts, compilePolicy } from '../../lib/policy/index.ts';
import { MAIN, REGION, SIDE } from '../world/places.ts';
import type { WorldPolicy } from '../world/policies.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
type Part = Readonly<Record<string, Json>>;

/** What a test says of its policy; everything else is as below. */
export interface PolicyOverrides {
  /** Merged over the top level of janitor.yaml. */
  readonly janitor?: Part;
  /** Merged over the rule of the same id; a rule of another id is added. */
  readonly rules?: Readonly<Record<string, Part>>;
  /** Merged over the top level of directory.yaml. */
  readonly directory?: Part;
}

export const KEY_RULE = 'access-key-unused';
export const SECRET_RULE = 'secret-unused';

const RULE = {
  owner: 'alice',
  reviewedOn: '2026-01-01',
  reviewEvery: '3650d',
  controls: ['NHI7:2025'],
  steps: ['notify', { disable: { wait: '14d' } }, { delete: { wait: '30d', tier: 'guarded' } }],
} as const;

const RULES: Readonly<Record<string, Part>> = {
  [KEY_RULE]: {
    ...RULE,
    why: 'A key nobody uses is one nobody misses when it leaks.',
    credential: 'access-key',
    match: { status: 'active', unusedFor: '45d' },
  },
  [SECRET_RULE]: {
    ...RULE,
    why: 'A secret nobody reads still opens what it was made for.',
    credential: 'secret',
    match: { unusedFor: '90d' },
  },
};

const JANITOR: Part = {
  version: 1,
  mode: 'enforce',
  limits: { perAccountPerDay: 10, perOrganisationPerDay: 20, percentOfKind: 100, atLeast: 1 },
  riskOwner: 'carol',
  approvals: {
    guarded: { group: 'security', quorum: 1 },
    critical: { group: 'security', quorum: 2 },
    policy: { group: 'security', quorum: 2 },
  },
  plans: { validFor: '7d' },
  restoreHold: '30d',
  inventory: { regions: [REGION], fullReadEvery: '7d' },
  protect: [{ why: 'Break-glass users must work when all else failed.', match: { path: '/break-glass/' } }],
};

const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'platform'];

const DIRECTORY: Part = {
  version: 1,
  people: PEOPLE.map((id) => ({ id, name: id, mail: `${id}@example.com`, principals: [`sso:${id}`] })),
  groups: {
    security: { members: ['alice', 'bob', 'carol'], mail: 'security@example.com' },
    vault: { members: ['alice'] },
  },
  accounts: [
    { id: MAIN, name: 'main', ou: 'ou-ab12-11111111' },
    { id: SIDE, name: 'side', ou: 'ou-ab12-22222222' },
  ],
  owners: { tags: ['owner'], paths: [], default: 'platform' },
  emergencyIdentities: [`arn:aws:iam::${MAIN}:user/vault/emergency`],
};

/** A section breakGlass whose last resort is the user `firefighter` under a path. */
export function lastResort(path: string): Part {
  const reviewers = 'security';
  return {
    emergencyGroup: reviewers,
    roles: [
      {
        name: 'database-admin',
        why: 'The orders database has to be repaired at night.',
        accounts: [MAIN],
        permissions: { managedPolicies: ['arn:aws:iam::aws:policy/AmazonRDSFullAccess'] },
        eligible: [reviewers],
        reviewers,
      },
    ],
    emergencyIdentities: [
      {
        arn: `arn:aws:iam::${MAIN}:user${path}firefighter`,
        why: 'It is in the safe of the data centre.',
        custodians: 'vault',
        reviewers,
      },
    ],
  };
}

/** Keys are warned about after 45 idle days, disabled 14 days later, deleted 30 days after that with one approval. */
export function policyWith({ janitor, rules = {}, directory }: PolicyOverrides = {}): WorldPolicy {
  const ids = [...new Set([...Object.keys(RULES), ...Object.keys(rules)])];
  const document = {
    ...JANITOR,
    enforce: [{ rules: ids, accounts: [MAIN, SIDE] }],
    rules: ids.map((id) => ({ id, ...(RULES[id] ?? RULE), ...rules[id] })),
    ...janitor,
  };
  const checked = checkPolicyTexts(JSON.stringify(document), JSON.stringify({ ...DIRECTORY, ...directory }));
  if (!checked.ok) throw new Error(`the policy of this test is invalid: ${JSON.stringify(checked.problems)}`);
  return { name: 'base', policy: checked.policy, judge: compilePolicy(checked.policy) };
}
