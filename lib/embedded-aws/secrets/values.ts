import * as z from 'zod';
import { type JsonOperation, type JsonValue, jsonOperation, jsonTime } from '../json-protocol.ts';
import type { Call } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { Eventual } from '../world/eventual.ts';
import { invalidParameter, liveSecret, primarySecret, secretId } from './lookup.ts';
import { checkResourcePolicy } from './resource-policy.ts';
import { nextRotation } from './rotation.ts';
import type { Secret, SecretVersion } from './state.ts';
import { CURRENT, PENDING, versionWith, withStageMoved } from './versions.ts';
import { changeSecret } from './write.ts';

const token = z.string().min(32).max(64).optional();
const stage = z.string().min(1).max(256);
const value = { SecretString: z.string().max(65_536).optional(), SecretBinary: z.string().optional() };
const getSecretValueInput = z.object({
  SecretId: secretId,
  VersionId: z.string().optional(),
  VersionStage: stage.optional(),
});
const putSecretValueInput = z.object({
  SecretId: secretId,
  ClientRequestToken: token,
  ...value,
  VersionStages: z.array(stage).min(1).max(20).optional(),
});
const updateStageInput = z.object({
  SecretId: secretId,
  VersionStage: stage,
  RemoveFromVersionId: z.string().optional(),
  MoveToVersionId: z.string().optional(),
});

/** Records the access; a denied read is none. */
function getSecretValue(call: Call, input: z.infer<typeof getSecretValueInput>): JsonValue {
  const secret = liveSecret(call, input.SecretId);
  checkResourcePolicy(call, secret, 'secretsmanager:GetSecretValue');
  const version = requestedVersion(secret, input);
  noteAccess(call, secret, version);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.value,
    SecretBinary: version.binary,
    VersionStages: version.stages,
    CreatedDate: jsonTime(version.createdAt),
  };
}

function requestedVersion(secret: Secret, input: z.infer<typeof getSecretValueInput>): SecretVersion {
  const { VersionId: id, VersionStage: label } = input;
  const found =
    id === undefined
      ? versionWith(secret.versions, label ?? CURRENT)
      : secret.versions.find((version) => version.id === id);
  if (found === undefined || (found.value === undefined && found.binary === undefined)) {
    const which = id === undefined ? `staging label: ${label ?? CURRENT}` : `VersionId: ${id}`;
    throw new ServiceError(
      'ResourceNotFoundException',
      400,
      `Secrets Manager can't find the specified secret value for ${which}`,
    );
  }
  if (id !== undefined && label !== undefined && !found.stages.includes(label)) {
    throw new ServiceError(
      'InvalidRequestException',
      400,
      'You provided a VersionStage that is not associated to the provided VersionId.',
    );
  }
  return found;
}

function noteAccess(call: Call, secret: Secret, version: SecretVersion): void {
  secret.lastAccess ??= new Eventual<number | undefined>(undefined);
  secret.lastAccess.write(call.now, call.now, call.world.useVisibleAt(call.now));
  version.lastAccessedAt = call.now;
}

function putSecretValue(call: Call, input: z.infer<typeof putSecretValueInput>): JsonValue {
  const secret = primarySecret(call, input.SecretId);
  if ((input.SecretString === undefined) === (input.SecretBinary === undefined)) {
    throw invalidParameter('You must provide either SecretString or SecretBinary.');
  }
  const id = input.ClientRequestToken ?? call.world.ids.requestId();
  const stages = input.VersionStages ?? [CURRENT];
  const existing = secret.versions.find((version) => version.id === id);
  if (existing !== undefined && hasValue(existing)) {
    if (!isSameValue(existing, input)) {
      throw new ServiceError(
        'ResourceExistsException',
        400,
        'A resource with the ID you requested already exists.',
      );
    }
    return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: existing.stages };
  }
  const others = secret.versions.filter((version) => version.id !== id);
  const fresh = newVersion(id, call.now, input, existing?.stages ?? []);
  let versions: readonly SecretVersion[] = [...others, fresh];
  for (const label of stages) versions = withStageMoved(versions, label, id);
  changeSecret(call, secret, describeStages(secret.versions), describeStages(versions), (copy) => {
    copy.versions = versions;
  });
  return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: stages };
}

export function newVersion(
  id: string,
  createdAt: number,
  input: { readonly SecretString?: string | undefined; readonly SecretBinary?: string | undefined },
  stages: readonly string[],
): SecretVersion {
  return {
    id,
    createdAt,
    stages,
    ...(input.SecretString === undefined ? {} : { value: input.SecretString }),
    ...(input.SecretBinary === undefined ? {} : { binary: input.SecretBinary }),
  };
}

function hasValue(version: SecretVersion): boolean {
  return version.value !== undefined || version.binary !== undefined;
}

function isSameValue(version: SecretVersion, input: z.infer<typeof putSecretValueInput>): boolean {
  return version.value === input.SecretString && version.binary === input.SecretBinary;
}

function updateSecretVersionStage(call: Call, input: z.infer<typeof updateStageInput>): JsonValue {
  const secret = primarySecret(call, input.SecretId);
  const { VersionStage: label, MoveToVersionId: to, RemoveFromVersionId: from } = input;
  const holder = versionWith(secret.versions, label);
  const target = secret.versions.find((version) => version.id === to);
  if (to !== undefined && target === undefined) {
    throw new ServiceError(
      'ResourceNotFoundException',
      400,
      `Secrets Manager can't find the specified secret version: ${to}`,
    );
  }
  if (to === undefined && from === undefined) {
    throw invalidParameter('You must provide MoveToVersionId, RemoveFromVersionId or both.');
  }
  if (to === undefined && label === CURRENT)
    throw invalidParameter(`You can only move staging label ${CURRENT} to a different secret version.`);
  if (holder?.id !== from && holder !== undefined && holder.id !== to) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  const finishesRotation = label === CURRENT && target?.stages.includes(PENDING) === true;
  const versions = withStageMoved(secret.versions, label, to);
  changeSecret(call, secret, describeStages(secret.versions), describeStages(versions), (copy) => {
    copy.versions = versions;
    if (finishesRotation) noteRotation(copy, call.now);
  });
  return { ARN: secret.arn, Name: secret.name };
}

/** A rotation ends when the pending version becomes the current one. */
function noteRotation(secret: Secret, now: number): void {
  secret.lastRotatedAt = now;
  const next = secret.rotation?.enabled === true ? nextRotation(secret.rotation.rules, now) : undefined;
  if (next !== undefined) secret.nextRotationAt = next;
}

/** Versions and their labels, without values. */
export function describeStages(versions: readonly SecretVersion[]): {
  versions: Record<string, readonly string[]>;
} {
  return { versions: Object.fromEntries(versions.map((version) => [version.id, version.stages])) };
}

export const VALUE_OPERATIONS: Readonly<Record<string, JsonOperation>> = {
  GetSecretValue: jsonOperation(getSecretValueInput, getSecretValue),
  PutSecretValue: jsonOperation(putSecretValueInput, putSecretValue),
  UpdateSecretVersionStage: jsonOperation(updateStageInput, updateSecretVersionStage),
};
