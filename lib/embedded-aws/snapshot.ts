import type { AccountState } from './account-state.ts';
import { durableKeys, type Role, type User } from './iam/state.ts';
import { purgeDue } from './secrets/lookup.ts';
import type { RegionalSecrets, Secret } from './secrets/state.ts';
import { tagMap } from './tag.ts';
import type { Description } from './world/logs.ts';
import type { World } from './world/world.ts';

/** The state of a world as JSON: the same state gives the same text. No secret value in it. */
export type Snapshot = { readonly [name: string]: Description };

export function snapshotOf(world: World): Snapshot {
  const accounts = [...world.accounts.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    now: instant(world.clock.millis()),
    accounts: Object.fromEntries(accounts.map((account) => [account.id, accountSnapshot(world, account)])),
  };
}

function accountSnapshot(world: World, account: AccountState): Description {
  return {
    users: byName([...account.iam.users.values()], userSnapshot),
    roles: byName([...account.iam.roles.values()], roleSnapshot),
    policies: byName([...account.iam.policies.values()], ({ defaultVersion, inForce }) => ({
      defaultVersion,
      document: inForce.durable,
    })),
    ...(account.shells.size === 0 ? {} : { shells: shellsSnapshot(account) }),
    secrets: Object.fromEntries(
      account
        .secretRegions()
        .map((region) => [region, regionSnapshot(world, account, account.secrets(region))]),
    ),
  };
}

function shellsSnapshot({ shells }: AccountState): Description {
  return sorted(Object.fromEntries([...shells.values()].map(({ id, endedAt }) => [id, instant(endedAt)])));
}

function regionSnapshot(world: World, account: AccountState, secrets: RegionalSecrets): Description {
  purgeDue(world, account, secrets, world.clock.millis());
  return byName([...secrets.byName.values()], secretSnapshot);
}

function byName<T extends { readonly name: string }>(
  values: readonly T[],
  describe: (value: T) => Description,
): Description {
  const sorted = values.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(sorted.map((value) => [value.name, describe(value)]));
}

function userSnapshot(user: User): Description {
  const keys = durableKeys(user).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    path: user.path,
    createdAt: instant(user.createdAt),
    tags: sorted(tagMap(user.tags.durable)),
    password: user.password !== undefined,
    keys: Object.fromEntries(
      keys.map((key) => [
        key.id,
        {
          status: key.status.durable,
          createdAt: instant(key.createdAt),
          lastUsedAt: instant(key.lastUse.durable?.at),
        },
      ]),
    ),
    serviceSpecificCredentials: user.serviceCredentials.map(({ id }) => id).sort(),
  };
}

function roleSnapshot(role: Role): Description {
  return {
    path: role.path,
    trustPolicy: role.trustPolicy,
    tags: sorted(tagMap(role.tags)),
    ...(role.policies === undefined ? {} : { policies: Object.values(role.policies).flat() }),
  };
}

function secretSnapshot(secret: Secret): Description {
  return {
    arn: secret.arn,
    createdAt: instant(secret.createdAt),
    lastAccessedAt: instant(secret.lastAccess?.durable),
    lastRotatedAt: instant(secret.lastRotatedAt),
    rotationEnabled: secret.rotation?.enabled ?? false,
    deletedAt: instant(secret.deletedAt),
    deletionDueAt: instant(secret.deletionDueAt),
    policy: secret.policy?.durable ?? null,
    tags: sorted(tagMap(secret.tags)),
    versions: sorted(Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages.toSorted()]))),
  };
}

function sorted(record: Readonly<Record<string, Description>>): Description {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function instant(millis: number | undefined): string | null {
  return millis === undefined ? null : new Date(millis).toISOString();
}
