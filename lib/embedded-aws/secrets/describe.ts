import { type JsonValue, jsonTime } from '../json-protocol.ts';
import type { Call } from '../service.ts';
import type { Tag } from '../tag.ts';
import { isReplica } from './lookup.ts';
import type { Secret } from './state.ts';

const DAY_MS = 86_400_000;

/** The day of the last access, as a read at `now` sees it. */
export function lastAccessedDay(secret: Secret, now: number): number | undefined {
  const at = secret.lastAccess?.read(now);
  return at === undefined ? undefined : Math.floor(at / DAY_MS) * DAY_MS;
}

export function optionalTime(millis: number | undefined): number | undefined {
  return millis === undefined ? undefined : jsonTime(millis);
}

export function describeTags(tags: readonly Tag[]): JsonValue {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

export function stagesByVersion(secret: Secret): { [id: string]: JsonValue } {
  const stages: { [id: string]: JsonValue } = {};
  for (const version of secret.versions) {
    if (version.stages.length > 0) stages[version.id] = version.stages;
  }
  return stages;
}

/** What ListSecrets and DescribeSecret have in common. */
function commonParts(secret: Secret, now: number): { [name: string]: JsonValue } {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    Type: secret.type,
    KmsKeyId: secret.kmsKeyId,
    RotationEnabled: secret.rotation?.enabled,
    RotationLambdaARN: secret.rotation?.lambdaArn,
    RotationRules: secret.rotation?.rules && { ...secret.rotation.rules },
    LastRotatedDate: optionalTime(secret.lastRotatedAt),
    LastChangedDate: optionalTime(secret.lastChangedAt),
    LastAccessedDate: optionalTime(lastAccessedDay(secret, now)),
    NextRotationDate: optionalTime(secret.nextRotationAt),
    Tags: describeTags(secret.tags),
    OwningService: secret.owningService,
    CreatedDate: jsonTime(secret.createdAt),
    PrimaryRegion: secret.primaryRegion,
  };
}

/** DeletedDate: when the deletion was asked for. Replicas and their last access are not told. */
export function describeListed(secret: Secret, now: number): JsonValue {
  return {
    ...commonParts(secret, now),
    DeletedDate: optionalTime(secret.deletedAt),
    SecretVersionsToStages: stagesByVersion(secret),
  };
}

/** DeletedDate: as the API reference words it, the date the secret is scheduled for deletion. */
export function describeFully(call: Call, secret: Secret): JsonValue {
  return {
    ...commonParts(secret, call.now),
    DeletedDate: optionalTime(secret.deletionDueAt),
    VersionIdsToStages: stagesByVersion(secret),
    ReplicationStatus: replication(call, secret),
  };
}

function replication(call: Call, secret: Secret): JsonValue {
  if (secret.replicas === undefined || isReplica(secret)) return undefined;
  return secret.replicas.map(({ region, status }) => {
    const copy = call.account.secrets(region).byName.get(secret.name);
    const accessedAt = copy === undefined ? undefined : lastAccessedDay(copy, call.now);
    return {
      Region: region,
      Status: status,
      KmsKeyId: copy?.kmsKeyId ?? 'alias/aws/secretsmanager',
      LastAccessedDate: optionalTime(accessedAt),
    };
  });
}
