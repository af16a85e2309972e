import { toMillis } from '../../domain/time.ts';
import type { AccountState } from '../account-state.ts';
import { parsePolicy } from '../policy-document.ts';
import type { Rotation, Secret, SecretVersion } from '../secrets/state.ts';
import { CURRENT } from '../secrets/versions.ts';
import { Eventual } from '../world/eventual.ts';
import type { World } from '../world/world.ts';
import { millis, policyText } from './iam.ts';
import type { SecretSeed } from './schema.ts';
import { seedError } from './seed-error.ts';

const DAY_MS = 86_400_000;
const ONLY_CURRENT = [CURRENT];

/** Adds a secret and its replicas; returns its ARN. */
export function seedSecret(world: World, account: AccountState, region: string, seed: SecretSeed): string {
  const suffix = seed.arnSuffix ?? world.ids.arnSuffix();
  const secret = addCopy(world, account, region, seed, suffix, seed.lastAccessedAt);
  if (seed.replicas === undefined || seed.replicas.length === 0) return secret.arn;
  secret.primaryRegion = region;
  secret.replicas = seed.replicas.map((replica) => ({ region: replica.region, status: 'InSync' }));
  for (const replica of seed.replicas) {
    const copy = addCopy(world, account, replica.region, seed, suffix, replica.lastAccessedAt);
    copy.primaryRegion = region;
  }
  return secret.arn;
}

function addCopy(
  world: World,
  account: AccountState,
  region: string,
  seed: SecretSeed,
  suffix: string,
  lastAccessedAt: string | undefined,
): Secret {
  const { byName } = account.secrets(region);
  if (byName.has(seed.name)) {
    throw seedError(
      `${region} of account ${account.id} already has a secret ${seed.name}`,
      'Give every secret its own name.',
    );
  }
  const now = world.clock.millis();
  const createdAt = millis(seed.createdAt) ?? now;
  const secret: Secret = {
    name: seed.name,
    arn: `arn:aws:secretsmanager:${region}:${account.id}:secret:${seed.name}-${suffix}`,
    createdAt,
    tags: Object.entries(seed.tags ?? {}).map(([key, value]) => ({ key, value })),
    versions: versionsOf(world, seed, createdAt),
    lastChangedAt: millis(seed.lastChangedAt) ?? createdAt,
    ...fixedParts(seed),
  };
  applyTimes(secret, seed);
  if (lastAccessedAt !== undefined)
    secret.lastAccess = new Eventual<number | undefined>(toMillis(lastAccessedAt));
  if (seed.resourcePolicy !== undefined)
    secret.policy = new Eventual<string | undefined>(checkedPolicy(seed));
  if (seed.rotation !== undefined) secret.rotation = rotationOf(seed.rotation);
  byName.add(seed.name, secret);
  if (secret.deletionDueAt !== undefined) {
    const secrets = account.secrets(region);
    secrets.nextPurgeAt = Math.min(secrets.nextPurgeAt, secret.deletionDueAt);
  }
  return secret;
}

function fixedParts(seed: SecretSeed): Partial<Secret> {
  return {
    ...(seed.description === undefined ? {} : { description: seed.description }),
    ...(seed.owningService === undefined ? {} : { owningService: seed.owningService }),
    ...(seed.type === undefined ? {} : { type: seed.type }),
    ...(seed.kmsKeyId === undefined ? {} : { kmsKeyId: seed.kmsKeyId }),
  };
}

function applyTimes(secret: Secret, seed: SecretSeed): void {
  const rotatedAt = millis(seed.lastRotatedAt);
  const nextAt = millis(seed.nextRotationAt);
  const deletedAt = millis(seed.deletedAt);
  if (rotatedAt !== undefined) secret.lastRotatedAt = rotatedAt;
  if (nextAt !== undefined) secret.nextRotationAt = nextAt;
  if (deletedAt === undefined) return;
  secret.deletedAt = deletedAt;
  secret.deletionDueAt = deletedAt + (seed.recoveryWindowDays ?? 30) * DAY_MS;
}

function rotationOf(seed: NonNullable<SecretSeed['rotation']>): Rotation {
  return {
    enabled: seed.enabled ?? true,
    ...(seed.lambdaArn === undefined ? {} : { lambdaArn: seed.lambdaArn }),
    ...(seed.rules === undefined ? {} : { rules: seed.rules }),
  };
}

/** The versions given, or one current version when there is a value. */
function versionsOf(world: World, seed: SecretSeed, createdAt: number): readonly SecretVersion[] {
  if (seed.versions !== undefined) {
    return seed.versions.map((version) => ({
      id: version.id,
      stages: version.stages,
      createdAt: millis(version.createdAt) ?? createdAt,
      ...(version.value === undefined ? {} : { value: version.value }),
    }));
  }
  if (seed.value === undefined) return [];
  return [{ id: world.ids.requestId(), stages: ONLY_CURRENT, createdAt, value: seed.value }];
}

function checkedPolicy(seed: SecretSeed): string {
  const text = policyText(seed.resourcePolicy ?? '');
  if (parsePolicy(text) !== undefined) return text;
  throw seedError(
    `The resource policy of secret ${seed.name} is no IAM policy`,
    'Give Version and Statement with Effect, Principal, Action and Resource.',
  );
}

/** An access as by GetSecretValue: reads see it after the lag. */
export function recordSecretAccess(
  world: World,
  account: AccountState,
  region: string,
  id: string,
  at: string,
): void {
  const secret = account.secrets(region).find(id);
  if (secret === undefined) {
    throw seedError(`${region} of account ${account.id} has no secret ${id}`, 'Add the secret first.');
  }
  const now = world.clock.millis();
  secret.lastAccess ??= new Eventual<number | undefined>(undefined);
  secret.lastAccess.write(toMillis(at), now, world.useVisibleAt(now));
}
