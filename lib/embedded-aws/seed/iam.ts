import { toMillis } from '../../domain/time.ts';
import type { AccountState } from '../account-state.ts';
import { noteUse } from '../authentication.ts';
import { addKey } from '../iam/access-keys.ts';
import type { AccessKey, KeyStatus, Role, User } from '../iam/state.ts';
import { MAX_TAGS, tagProblem } from '../iam/tags.ts';
import { parseTrustPolicy } from '../sts/trust.ts';
import type { Tag } from '../tag.ts';
import { Eventual } from '../world/eventual.ts';
import type { World } from '../world/world.ts';
import type {
  AccessKeySeed,
  RoleSeed,
  RootSeed,
  ServiceSpecificCredentialSeed,
  UserSeed,
  UseSeed,
} from './schema.ts';
import { seedError } from './seed-error.ts';

export function seedUser(world: World, account: AccountState, seed: UserSeed): User {
  const path = seed.path ?? '/';
  if (account.iam.users.has(seed.name.toLowerCase())) {
    throw seedError(`Account ${account.id} already has a user ${seed.name}`, 'Give every user its own name.');
  }
  const createdAt = millis(seed.createdAt) ?? world.clock.millis();
  const user: User = {
    name: seed.name,
    path,
    id: world.ids.unique('AIDA'),
    arn: `arn:aws:iam::${account.id}:user${path}${seed.name}`,
    createdAt,
    tags: new Eventual<readonly Tag[]>(seedTags(seed.name, seed.tags)),
    groups: seed.groups ?? [],
    inlinePolicies: Object.entries(seed.inlinePolicies ?? {}).map(([name, policy]) => ({
      name,
      document: policyText(policy),
    })),
    attachedPolicies: seed.attachedPolicies ?? [],
    ...(seed.permissionsBoundary === undefined ? {} : { permissionsBoundary: seed.permissionsBoundary }),
    mfa: seed.mfa ?? false,
    certificates: (seed.certificates ?? []).map(({ active, uploadedAt }) => ({
      active,
      uploadedAt: toMillis(uploadedAt),
    })),
    password: seedPassword(seed, createdAt),
    keys: [],
    serviceCredentials: [],
  };
  account.iam.users.add(seed.name.toLowerCase(), user);
  for (const group of user.groups) seedGroup(world, account, group, '/');
  return user;
}

/** A group that exists already is left as it is. */
export function seedGroup(world: World, account: AccountState, name: string, path: string): void {
  if (account.iam.groups.has(name.toLowerCase())) return;
  const arn = `arn:aws:iam::${account.id}:group${path}${name}`;
  const createdAt = world.clock.millis();
  account.iam.groups.add(name.toLowerCase(), { name, path, arn, createdAt, id: world.ids.unique('AGPA') });
}

function seedPassword(seed: UserSeed, userCreatedAt: number): User['password'] {
  if (seed.password === undefined) return undefined;
  const createdAt = millis(seed.password.createdAt) ?? userCreatedAt;
  const lastUsedAt = millis(seed.password.lastUsed);
  const nextRotationAt = millis(seed.password.nextRotation);
  return {
    createdAt,
    changedAt: millis(seed.password.lastChanged) ?? createdAt,
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    ...(nextRotationAt === undefined ? {} : { nextRotationAt }),
  };
}

export function seededUser(account: AccountState, name: string): User {
  const user = account.iam.users.get(name.toLowerCase());
  if (user !== undefined) return user;
  throw seedError(`Account ${account.id} has no user ${name}`, 'Add the user first.');
}

/** A third key is allowed: AWS has been seen to hold three. */
export function seedAccessKey(
  world: World,
  account: AccountState,
  userName: string,
  seed: AccessKeySeed,
): AccessKey {
  const user = seededUser(account, userName);
  if (seed.id !== undefined && world.credentials.has(seed.id)) {
    throw seedError(
      `The access key id ${seed.id} is taken`,
      'Give every key its own id, or leave the id out.',
    );
  }
  const key = addKey(world, account.id, user, {
    ...(seed.id === undefined ? {} : { id: seed.id }),
    ...(seed.secretAccessKey === undefined ? {} : { secretAccessKey: seed.secretAccessKey }),
    createdAt: millis(seed.createdAt) ?? world.clock.millis(),
    status: new Eventual<KeyStatus>(seed.status ?? 'Active'),
  });
  if (seed.lastUsed !== undefined) seedUse(key, seed.lastUsed);
  return key;
}

/** A use that reads see at once. */
function seedUse(key: AccessKey, seed: UseSeed): void {
  const use = useOf(seed);
  key.lastUse.write({ ...use, first: use }, 0, 0);
}

function useOf(seed: UseSeed): { at: number; service: string; region: string } {
  return { at: toMillis(seed.at), service: seed.service ?? 's3', region: seed.region ?? 'us-east-1' };
}

/** A use as by a signed request: reads see it after the lag. */
export function recordKeyUse(world: World, keyId: string, seed: UseSeed): void {
  const credential = world.credentials.get(keyId);
  if (credential?.kind !== 'user-key') {
    throw seedError(`There is no access key ${keyId}`, 'Use an id that addAccessKey returned.');
  }
  noteUse(world, credential.key, useOf(seed), world.clock.millis());
}

export function seedServiceCredential(
  world: World,
  account: AccountState,
  userName: string,
  seed: ServiceSpecificCredentialSeed,
): string {
  const user = seededUser(account, userName);
  const id = world.ids.unique('ACCA');
  const expiresAt = millis(seed.expiresAt);
  user.serviceCredentials.push({
    id,
    serviceName: seed.serviceName,
    serviceUserName: `${user.name}-at-${account.id}`,
    status: seed.status ?? 'Active',
    createdAt: millis(seed.createdAt) ?? world.clock.millis(),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  });
  return id;
}

export function seedRole(world: World, account: AccountState, seed: RoleSeed): Role {
  const path = seed.path ?? '/';
  const trustPolicy = policyText(seed.trust);
  if (parseTrustPolicy(trustPolicy) === undefined) {
    throw seedError(
      `The trust policy of role ${seed.name} is no IAM policy`,
      'Give Version and Statement with Effect, Principal and Action.',
    );
  }
  const role: Role = {
    name: seed.name,
    path,
    id: world.ids.unique('AROA'),
    arn: `arn:aws:iam::${account.id}:role${path}${seed.name}`,
    createdAt: millis(seed.createdAt) ?? world.clock.millis(),
    trustPolicy,
    maxSessionDuration: seed.maxSessionSeconds ?? 3600,
    tags: seedTags(seed.name, seed.tags),
    ...(seed.description === undefined ? {} : { description: seed.description }),
    ...(seed.permissionsBoundary === undefined ? {} : { permissionsBoundary: seed.permissionsBoundary }),
    ...(seed.inlinePolicies === undefined && seed.attachedPolicies === undefined
      ? {}
      : {
          policies: {
            inline: (seed.inlinePolicies ?? []).map(policyText),
            attached: seed.attachedPolicies ?? [],
          },
        }),
  };
  account.iam.roles.delete(seed.name.toLowerCase());
  account.iam.roles.add(seed.name.toLowerCase(), role);
  return role;
}

export function seedRoot(account: AccountState, seed: RootSeed): void {
  const passwordLastUsedAt = millis(seed.passwordLastUsed);
  const createdAt = millis(seed.createdAt) ?? account.iam.root.createdAt;
  account.iam.root = {
    mfa: seed.mfa ?? true,
    createdAt,
    ...(passwordLastUsedAt === undefined ? {} : { passwordLastUsedAt }),
    keys: (seed.keys ?? []).map((key) => ({
      active: key.active ?? true,
      createdAt: millis(key.createdAt) ?? createdAt,
      ...(key.lastUsed === undefined ? {} : { lastUse: useOf(key.lastUsed) }),
    })),
  };
}

function seedTags(name: string, tags: Readonly<Record<string, string>> | undefined): readonly Tag[] {
  const list = Object.entries(tags ?? {}).map(([key, value]) => ({ key, value }));
  const problem = list.map(tagProblem).find((each) => each !== undefined);
  if (problem !== undefined)
    throw seedError(`A tag of ${name} is not one IAM accepts: ${problem}`, 'Correct the tag.');
  if (list.length > MAX_TAGS) throw seedError(`${name} has more than ${MAX_TAGS} tags`, 'Remove some.');
  return list;
}

export function policyText(policy: string | Readonly<Record<string, unknown>>): string {
  return typeof policy === 'string' ? policy : JSON.stringify(policy);
}

export function millis(instant: string | undefined): number | undefined {
  return instant === undefined ? undefined : toMillis(instant);
}
