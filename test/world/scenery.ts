import { accessKeyCredentialId } from '../../lib/domain/credential.ts';
import { DAY_MS, type Instant, plus } from '../../lib/domain/time.ts';
import type { EmbeddedAws } from '../../lib/embedded-aws/index.ts';
import { type AccountId, EMERGENCY_USER, MAIN, REGION, SIDE, START } from './places.ts';

/** A key or secret as the world knows it, whatever the janitor read of it. */
export interface WorldCredential {
  readonly id: string;
  readonly kind: 'access-key' | 'secret';
  readonly accountId: AccountId;
  /** `user/key id`, or the secret's ARN: what AWS's change log calls it. */
  readonly target: string;
  /** The key's user; undefined for a secret. */
  readonly user?: string;
  /** The key id, or the secret's name. */
  readonly name: string;
  readonly path: string;
  readonly createdAt: Instant;
  /** The owner by its tag when the world began; undefined: nobody. */
  readonly owner?: string;
  /** State at the beginning. */
  readonly initial: { readonly status: 'Active' | 'Inactive'; readonly policy: string | null };
  readonly lastUsedAt?: Instant;
}

const ago = (days: number): Instant => plus(START, -days * DAY_MS);

interface KeySeed {
  readonly account: AccountId;
  readonly path: string;
  readonly user: string;
  readonly owner?: string;
  readonly createdDays: number;
  readonly usedDays?: number;
  readonly status?: 'Active' | 'Inactive';
}

/** Two keys of one user, stale and used; never used; outside; left over; protected; nobody's; in the other account. */
const KEYS: readonly KeySeed[] = [
  { account: MAIN, path: '/people/', user: 'dave', owner: 'dave', createdDays: 200, usedDays: 30 },
  { account: MAIN, path: '/people/', user: 'dave', owner: 'dave', createdDays: 100, usedDays: 1 },
  { account: MAIN, path: '/ci/', user: 'nightly', owner: 'erin', createdDays: 60, usedDays: 20 },
  { account: MAIN, path: '/ci/', user: 'deployer', owner: 'dave', createdDays: 40 },
  { account: MAIN, path: '/vendor/acme/', user: 'importer', createdDays: 300, usedDays: 1 },
  {
    account: MAIN,
    path: '/people/',
    user: 'frank',
    owner: 'erin',
    createdDays: 400,
    usedDays: 70,
    status: 'Inactive',
  },
  { account: MAIN, path: '/break-glass/', user: 'emergency', owner: 'alice', createdDays: 500 },
  { account: MAIN, path: '/', user: 'orphan', createdDays: 90, usedDays: 25 },
  { account: SIDE, path: '/svc/', user: 'worker', owner: 'erin', createdDays: 150, usedDays: 50 },
  { account: SIDE, path: '/svc/', user: 'cron', createdDays: 80, usedDays: 40 },
];

interface SecretSeedHere {
  readonly account: AccountId;
  readonly name: string;
  readonly owner?: string;
  readonly createdDays: number;
  readonly usedDays?: number;
  readonly policy?: string;
}

/** A resource policy of the owner's own. */
export function ownersPolicy(mark: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: mark,
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${SIDE}:root` },
        Action: 'secretsmanager:GetSecretValue',
        Resource: '*',
      },
    ],
  });
}

const SECRETS: readonly SecretSeedHere[] = [
  {
    account: MAIN,
    name: 'app/db',
    owner: 'dave',
    createdDays: 300,
    usedDays: 60,
    policy: ownersPolicy('Partner'),
  },
  { account: MAIN, name: 'app/api', owner: 'erin', createdDays: 120, usedDays: 1 },
  { account: MAIN, name: 'legacy-vault', owner: 'erin', createdDays: 700, usedDays: 400 },
  { account: MAIN, name: 'app/unread', createdDays: 90 },
  { account: SIDE, name: 'side/token', owner: 'erin', createdDays: 90, usedDays: 45 },
];

/** Sets the scene and says what is in it. */
export function furnish(aws: EmbeddedAws): WorldCredential[] {
  return furnishWith(aws, KEYS, SECRETS);
}

export function furnishWith(
  aws: EmbeddedAws,
  keys: readonly KeySeed[],
  secrets: readonly SecretSeedHere[],
): WorldCredential[] {
  const made: WorldCredential[] = [];
  const users = new Map<string, string>();
  for (const seed of keys) made.push(addKey(aws, users, seed));
  for (const seed of secrets) made.push(addSecret(aws, seed));
  return made;
}

function addKey(aws: EmbeddedAws, users: Map<string, string>, seed: KeySeed): WorldCredential {
  const account = aws.account(seed.account);
  const { user, path, owner, usedDays } = seed;
  const status = seed.status ?? 'Active';
  const createdAt = ago(seed.createdDays);
  const arn =
    users.get(user) ??
    account.addUser({ name: user, path, createdAt, ...(owner === undefined ? {} : { tags: { owner } }) }).arn;
  users.set(user, arn);
  const lastUsedAt = usedDays === undefined ? undefined : ago(usedDays);
  const used = lastUsedAt === undefined ? {} : { lastUsed: { at: lastUsedAt } };
  const { id: name } = account.addAccessKey(user, { createdAt, status, ...used });
  return {
    id: accessKeyCredentialId(arn, name),
    kind: 'access-key',
    accountId: seed.account,
    target: `${user}/${name}`,
    user,
    name,
    path,
    createdAt,
    initial: { status, policy: null },
    ...(owner === undefined ? {} : { owner }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  };
}

function addSecret(aws: EmbeddedAws, seed: SecretSeedHere): WorldCredential {
  const { name, owner, usedDays, policy } = seed;
  const createdAt = ago(seed.createdDays);
  const lastUsedAt = usedDays === undefined ? undefined : ago(usedDays);
  const arn = aws.account(seed.account).addSecret(REGION, {
    name,
    value: `value-of-${name}`,
    createdAt,
    ...(owner === undefined ? {} : { tags: { owner } }),
    ...(lastUsedAt === undefined ? {} : { lastAccessedAt: lastUsedAt }),
    ...(policy === undefined ? {} : { resourcePolicy: policy }),
  });
  return {
    id: arn,
    kind: 'secret',
    accountId: seed.account,
    target: arn,
    name,
    path: `/${name}`,
    createdAt,
    initial: { status: 'Active', policy: policy ?? null },
    ...(owner === undefined ? {} : { owner }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  };
}

/** Nothing may ever touch these, under every version of the policy. */
export function isAlwaysProtected({ path, user, name }: WorldCredential): boolean {
  return `${path}${user ?? ''}` === EMERGENCY_USER || name.startsWith('legacy-');
}
