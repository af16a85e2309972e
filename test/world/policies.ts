import { compilePolicy, type Judge, type Policy } from '../../lib/policy/index.ts';
import { checkPolicyTexts } from '../../lib/policy/load.ts';
import { PARTNER_ACCOUNT } from './askers.ts';
import { BREAK_GLASS, NIGHT_GROUPS } from './break-glass/policy.ts';
import { EMERGENCY_USER, MAIN, REGION, SIDE } from './places.ts';
import { REQUESTS } from './request-policy.ts';

/** A version of the policy, as written and as the janitor loads it. */
export interface WorldPolicy {
  readonly name: VariantName;
  readonly policy: Policy;
  readonly judge: Judge;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Rule = { readonly id: string } & Readonly<Record<string, Json>>;

const rule = (id: string, rest: Readonly<Record<string, Json>>): Rule => ({
  id,
  why: `A rule of the simulated world: ${id}.`,
  owner: 'alice',
  reviewedOn: '2026-01-01',
  reviewEvery: '300d',
  controls: ['NHI7:2025'],
  ...rest,
});

interface Waits {
  readonly unused: string;
  readonly disable: string;
  readonly delete: string;
}

const WAITS: Waits = { unused: '4d', disable: '1d', delete: '3d' };

const steps = (waits: Waits, tier: string) => [
  'notify',
  { disable: { wait: waits.disable, tier } },
  { delete: { wait: waits.delete, tier: tier === 'critical' ? 'critical' : 'guarded' } },
];

const keyUnused = (waits: Waits): Rule =>
  rule('access-key-unused', {
    credential: 'access-key',
    match: { status: 'active', unusedFor: waits.unused },
    exclude: { tags: { exempt: 'yes' } },
    steps: steps(waits, 'routine'),
  });

const keyLeftover = (waits: Waits): Rule =>
  rule('access-key-leftover', {
    credential: 'access-key',
    match: { status: 'inactive', unusedFor: '10d' },
    steps: steps(waits, 'routine'),
  });

const outsideParty = (waits: Waits): Rule =>
  rule('outside-party-ended', {
    credential: 'access-key',
    match: { outsideParty: 'contract-ended' },
    steps: steps(waits, 'critical'),
  });

/** Its review becomes overdue five weeks into a history. */
const secretUnused = (waits: Waits): Rule =>
  rule('secret-unused', {
    credential: 'secret',
    reviewEvery: '40d',
    match: { unusedFor: waits.unused },
    steps: ['tag', ...steps(waits, 'routine')],
  });

const labels: Rule = rule('key-labels', {
  credential: 'access-key',
  match: { labelled: false, path: '/ci/' },
  steps: ['tag'],
});

const allRules = (waits: Waits): readonly Rule[] => [
  keyUnused(waits),
  keyLeftover(waits),
  outsideParty(waits),
  secretUnused(waits),
  labels,
];

const janitor = (overrides: Readonly<Record<string, Json>> = {}, rules = allRules(WAITS)): Json => ({
  version: 1,
  mode: 'enforce',
  enforce: [
    { rules: rules.map((each) => each.id), accounts: [MAIN] },
    { rules: ['access-key-unused'], accounts: [SIDE] },
  ],
  limits: { perAccountPerDay: 3, perOrganisationPerDay: 4, percentOfKind: 30, atLeast: 1 },
  riskOwner: 'carol',
  approvals: {
    guarded: { group: 'security', quorum: 1 },
    critical: { group: 'security', quorum: 2 },
    policy: { group: 'security', quorum: 2 },
  },
  plans: { validFor: '4d' },
  restoreHold: '5d',
  evidence: { maxAge: '24h', lastUsedLag: '4h' },
  inventory: { regions: [REGION], fullReadEvery: '7d' },
  lifetime: { 'access-key': '90d', secret: '90d' },
  requests: REQUESTS,
  breakGlass: BREAK_GLASS,
  protect: [{ why: 'The old vault is somebody else’s business.', match: { name: 'legacy-*' } }],
  rules: rules.map((each) => ({ ...each })),
  ...overrides,
});

const person = (id: string, rest: Readonly<Record<string, Json>> = {}): Json => ({
  id,
  name: id,
  mail: `${id}@example.com`,
  principals: [`sso:${id}`],
  ...rest,
});

const directory = (security: readonly string[], leftOn: Readonly<Record<string, string>> = {}): Json => ({
  version: 1,
  people: ['alice', 'bob', 'carol', 'dave', 'erin', 'platform'].map((id) =>
    person(id, leftOn[id] === undefined ? {} : { leftOn: leftOn[id] }),
  ),
  groups: { security: { members: security, mail: 'security@example.com' }, ...NIGHT_GROUPS },
  externalParties: [
    {
      id: 'acme',
      organisation: 'Acme Analytics',
      contact: 'contact@acme.example',
      sponsor: 'erin',
      contractEnds: '2025-12-01',
      paths: ['/vendor/acme/'],
    },
    {
      id: 'globex',
      organisation: 'Globex Integration',
      contact: 'contact@globex.example',
      sponsor: 'dave',
      contractEnds: '2027-12-31',
      accounts: [PARTNER_ACCOUNT],
    },
  ],
  agents: [
    { id: 'copilot', principals: [`arn:aws:iam::${MAIN}:role/copilot`], sponsor: 'erin' },
    { id: 'drone', principals: [`arn:aws:iam::${MAIN}:role/drone`] },
  ],
  accounts: [
    { id: MAIN, name: 'main', ou: 'ou-ab12-11111111' },
    { id: SIDE, name: 'side', ou: 'ou-ab12-22222222', owner: 'dave' },
  ],
  owners: { tags: ['owner'], paths: [], default: 'platform' },
  emergencyIdentities: [`arn:aws:iam::${MAIN}:user${EMERGENCY_USER}`],
});

const SECURITY = ['alice', 'bob', 'carol'];
const LOOSE: Waits = { unused: '2d', disable: '1d', delete: '3d' };
const TIGHT: Waits = { unused: '8d', disable: '3d', delete: '5d' };

/** The versions of the policy that people of the world edit and activate. */
const VARIANTS = {
  base: [janitor(), directory(SECURITY)],
  loose: [
    janitor(
      { limits: { perAccountPerDay: 6, perOrganisationPerDay: 8, percentOfKind: 60, atLeast: 2 } },
      allRules(LOOSE),
    ),
    directory(SECURITY),
  ],
  tight: [
    janitor(
      { limits: { perAccountPerDay: 1, perOrganisationPerDay: 1, percentOfKind: 10, atLeast: 1 } },
      allRules(TIGHT),
    ),
    directory(SECURITY),
  ],
  'without-secrets': [
    janitor(
      {},
      allRules(WAITS).filter((each) => each.id !== 'secret-unused'),
    ),
    directory(SECURITY),
  ],
  'two-approvers': [
    janitor({
      approvals: {
        guarded: { group: 'security', quorum: 2 },
        critical: { group: 'security', quorum: 2 },
        policy: { group: 'security', quorum: 2 },
      },
    }),
    directory(SECURITY),
  ],
  'bob-left': [janitor(), directory(['alice', 'carol'], { bob: '2026-01-10' })],
  'dave-left': [janitor(), directory(SECURITY, { dave: '2026-01-12' })],
  observing: [janitor({ mode: 'observe' }), directory(SECURITY)],
  'protecting-ci': [
    janitor({
      protect: [
        { why: 'The old vault is somebody else’s business.', match: { name: 'legacy-*' } },
        { why: 'Machines of the pipeline are off limits.', match: { path: '/ci/' } },
      ],
    }),
    directory(SECURITY),
  ],
} as const satisfies Readonly<Record<string, readonly [Json, Json]>>;

export type VariantName = keyof typeof VARIANTS;
export const VARIANT_NAMES = Object.keys(VARIANTS).filter(isVariant);

function isVariant(name: string): name is VariantName {
  return Object.hasOwn(VARIANTS, name);
}

const loaded = new Map<VariantName, WorldPolicy>();

/** A version, loaded and compiled once per process. */
export function policyOf(name: VariantName): WorldPolicy {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const [janitorFile, directoryFile] = VARIANTS[name];
  const checked = checkPolicyTexts(JSON.stringify(janitorFile), JSON.stringify(directoryFile));
  if (!checked.ok)
    throw new Error(`the world's policy ${name} is invalid: ${JSON.stringify(checked.problems)}`);
  const made = { name, policy: checked.policy, judge: compilePolicy(checked.policy) };
  loaded.set(name, made);
  return made;
}

/** Every version by hash. */
export function policiesByHash(): ReadonlyMap<string, WorldPolicy> {
  return new Map(VARIANT_NAMES.map((name) => [policyOf(name).policy.hash, policyOf(name)]));
}
