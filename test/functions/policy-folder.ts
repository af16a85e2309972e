import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkPolicyTexts, PACKED_POLICY, packPolicy } from '../../lib/policy/index.ts';
import { HUB, MEMBER, OTHER_REGION, REGION } from './places.ts';

export interface PolicyChoices {
  /** Ids of rules that act, in both accounts; the rest observes. Default: all of them. */
  readonly enforced?: readonly string[];
  /** Regions whose secrets are read; null: all that are enabled. */
  readonly regions?: readonly string[] | null;
  readonly perAccountPerDay?: number;
  /** Old keys and secrets are rotated, too, at once when they are due. */
  readonly rotates?: boolean;
  /** Roles are lent in the member account; one takes a second person. */
  readonly lends?: boolean;
  /** Where the state of tickets is asked for, with {ticket}. */
  readonly tickets?: string;
}

/** An IAM user of the last resort. */
export const VAULT = `arn:aws:iam::${MEMBER}:user/vault/emergency`;
/** Who receives keys of users below /people/ that no secret holds. */
export const READER = `arn:aws:iam::${MEMBER}:role/team`;
/** Names of secrets that say whose key they hold. */
const NAMED_STORES = '/iam-users/{userName}';

const RULES = [
  {
    id: 'access-key-unused',
    why: 'A key nobody uses is one nobody misses when it leaks.',
    credential: 'access-key',
    match: { status: 'active', unusedFor: '45d' },
    steps: ['notify', { disable: { wait: '14d' } }, { delete: { wait: '30d', tier: 'guarded' } }],
  },
  {
    id: 'access-key-unlabelled',
    why: 'Whoever finds the user should see whose key it is and when it ends.',
    credential: 'access-key',
    match: { status: 'active', labelled: false },
    steps: ['tag'],
  },
  {
    id: 'secret-unused',
    why: 'A secret nobody reads still opens what it was made for.',
    credential: 'secret',
    match: { unusedFor: '90d' },
    steps: ['notify', { disable: { wait: '14d' } }, { delete: { wait: '30d', tier: 'guarded' } }],
  },
  {
    id: 'secret-unlabelled',
    why: 'Whoever finds the secret should see whose it is and when it ends.',
    credential: 'secret',
    match: { labelled: false },
    steps: ['tag'],
  },
];

const ROTATING = [
  {
    id: 'access-key-old',
    why: 'A key in use is replaced, not cut off.',
    credential: 'access-key',
    match: { status: 'active', age: '90d', usedWithin: '45d', replaced: false },
    steps: ['notify', { rotate: { wait: '7d' } }],
  },
  {
    id: 'secret-old',
    why: 'The longer a value stays the same, the more copies of it exist.',
    credential: 'secret',
    match: { status: 'active', rotation: ['ok', 'overdue'], notRotatedFor: '90d' },
    steps: ['notify', { rotate: { wait: '7d' } }],
  },
];

const lent = (name: string, overrides: object = {}) => ({
  name,
  why: 'Orders have to go out.',
  accounts: [MEMBER],
  permissions: { managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
  eligible: ['security'],
  reviewers: 'security',
  ...overrides,
});

const LENDING = {
  emergencyGroup: 'security',
  roles: [lent('database-admin', { sessionManager: true }), lent('administrator', { tier: 'guarded' })],
  emergencyIdentities: [{ arn: VAULT, why: 'In the safe.', custodians: 'keepers', reviewers: 'security' }],
};

/** Folder of a policy with four rules, and of the people who answer for it: ana, ben and cleo of the hub. */
export class PolicyFolder {
  readonly path = mkdtempSync(path.join(tmpdir(), 'janitor-policy-'));

  /** Of what was written last. */
  hash = '';

  /** Packs the policy as synth does. */
  write(choices: PolicyChoices = {}): void {
    const { janitor, directory } = policyTexts(choices);
    const checked = checkPolicyTexts(janitor, directory);
    if (!checked.ok)
      throw new Error(`the policy of this test is invalid: ${JSON.stringify(checked.problems)}`);
    writeFileSync(path.join(this.path, PACKED_POLICY), packPolicy(checked.policy));
    this.hash = checked.policy.hash;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The files of the policy, as JSON, which is YAML. */
export function policyTexts(choices: PolicyChoices = {}): {
  readonly janitor: string;
  readonly directory: string;
} {
  return { janitor: JSON.stringify(janitorOf(choices)), directory: JSON.stringify(directory) };
}

function janitorOf({
  enforced,
  regions = [REGION, OTHER_REGION],
  perAccountPerDay = 10,
  rotates = false,
  lends = false,
  tickets,
}: PolicyChoices) {
  const offered = rotates ? [...RULES, ...ROTATING] : RULES;
  const rules = enforced ?? offered.map(({ id }) => id);
  return {
    version: 1,
    mode: 'enforce',
    enforce: rules.length === 0 ? [] : [{ rules, accounts: [HUB, MEMBER] }],
    limits: { perAccountPerDay, perOrganisationPerDay: 20, percentOfKind: 100, atLeast: 1 },
    riskOwner: 'ana',
    ...(tickets === undefined ? {} : { requests: { tickets: { system: { url: tickets } } } }),
    approvals: {
      guarded: { group: 'security', quorum: 1 },
      critical: { group: 'security', quorum: 2 },
      policy: { group: 'security', quorum: 2 },
    },
    plans: { validFor: '7d' },
    restoreHold: '30d',
    inventory: { fullReadEvery: '7d', ...(regions === null ? {} : { regions }) },
    lifetime: { 'access-key': '90d', secret: '90d' },
    rotation: {
      spreadOver: '0d',
      stores: { name: NAMED_STORES, compareIds: true },
      deliveries: [{ users: '/people/', reader: READER }],
    },
    ...(lends ? { breakGlass: LENDING } : {}),
    rules: offered.map((rule) => ({
      owner: 'ana',
      reviewedOn: '2026-01-01',
      reviewEvery: '400d',
      controls: ['NHI7:2025'],
      ...rule,
    })),
  };
}

const person = (id: string) => ({
  id,
  name: id,
  mail: `${id}@example.com`,
  principals: [`sso:${id}`, `arn:aws:iam::${HUB}:user/people/${id}`],
});

const directory = {
  version: 1,
  people: ['ana', 'ben', 'cleo', 'dave'].map(person),
  groups: {
    security: { members: ['ana', 'ben', 'cleo'], mail: 'security@example.com' },
    keepers: { members: ['dave'], mail: 'keepers@example.com' },
  },
  accounts: [
    { id: HUB, name: 'hub' },
    { id: MEMBER, name: 'member' },
  ],
  owners: { tags: ['owner'], paths: [], default: 'cleo' },
};
