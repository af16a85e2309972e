import * as z from 'zod';
import { type JsonOperation, type JsonValue, jsonOperation, jsonTime } from '../json-protocol.ts';
import { type Call, recordChange } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { tagMap } from '../tag.ts';
import {
  invalidParameter,
  invalidRequest,
  isReplica,
  namedSecret,
  regionalSecrets,
  secretId,
} from './lookup.ts';
import type { Secret } from './state.ts';
import { mergedTags, tagList } from './tags.ts';
import { newVersion } from './values.ts';
import { CURRENT } from './versions.ts';

const DAY_MS = 86_400_000;

const createSecretInput = z.object({
  Name: z.string('Member must not be null').min(1).max(512),
  ClientRequestToken: z.string().min(32).max(64).optional(),
  Description: z.string().max(2048).optional(),
  KmsKeyId: z.string().optional(),
  SecretString: z.string().max(65_536).optional(),
  SecretBinary: z.string().optional(),
  Tags: tagList.optional(),
});
const deleteSecretInput = z.object({
  SecretId: secretId,
  RecoveryWindowInDays: z.int().optional(),
  ForceDeleteWithoutRecovery: z.boolean().optional(),
});
const restoreSecretInput = z.object({ SecretId: secretId });

function createSecret(call: Call, input: z.infer<typeof createSecretInput>): JsonValue {
  if (!/^[\w/+=.@-]+$/.test(input.Name)) {
    throw new ServiceError(
      'ValidationException',
      400,
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
  }
  const secrets = regionalSecrets(call);
  const id = input.ClientRequestToken ?? call.world.ids.requestId();
  const existing = secrets.byName.get(input.Name);
  if (existing !== undefined) return sameCreation(existing, id, input.SecretString);
  const secret: Secret = {
    name: input.Name,
    arn: `arn:aws:secretsmanager:${call.region}:${call.account.id}:secret:${input.Name}-${call.world.ids.arnSuffix()}`,
    createdAt: call.now,
    lastChangedAt: call.now,
    tags: mergedTags([], input.Tags ?? []),
    versions: hasValue(input) ? [newVersion(id, call.now, input, [CURRENT])] : [],
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
  };
  secrets.byName.add(secret.name, secret);
  recordChange(call, secret.arn, null, { name: secret.name, tags: tagMap(secret.tags) });
  return { ARN: secret.arn, Name: secret.name, VersionId: secret.versions[0]?.id };
}

function hasValue(input: z.infer<typeof createSecretInput>): boolean {
  return input.SecretString !== undefined || input.SecretBinary !== undefined;
}

/** A repeated request with the same token and value is answered as the first was. */
function sameCreation(existing: Secret, id: string, value: string | undefined): JsonValue {
  if (existing.deletedAt !== undefined) {
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  const version = existing.versions.find((each) => each.id === id);
  if (version === undefined || version.value !== value) {
    throw new ServiceError(
      'ResourceExistsException',
      400,
      `The operation failed because the secret ${existing.name} already exists.`,
    );
  }
  return { ARN: existing.arn, Name: existing.name, VersionId: id };
}

function deleteSecret(call: Call, input: z.infer<typeof deleteSecretInput>): JsonValue {
  const { RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force = false } = input;
  if (force && days !== undefined) {
    throw invalidParameter(
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  }
  if (days !== undefined && (days < 7 || days > 30)) {
    throw invalidParameter('RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
  }
  const secret = namedSecret(call, input.SecretId);
  refuseDeletion(secret, force);
  const dueAt = call.now + (force ? 0 : (days ?? 30) * DAY_MS);
  const secrets = call.account.secrets(call.region);
  if (force) {
    secrets.byName.delete(secret.name);
    recordChange(call, secret.arn, { deleted: secret.deletedAt !== undefined }, null);
  } else {
    secret.deletedAt = call.now;
    secret.deletionDueAt = dueAt;
    secrets.nextPurgeAt = Math.min(secrets.nextPurgeAt, dueAt);
    recordChange(
      call,
      secret.arn,
      { deleted: false },
      { deleted: true, deletionDueAt: new Date(dueAt).toISOString() },
    );
  }
  return { ARN: secret.arn, Name: secret.name, DeletionDate: jsonTime(dueAt) };
}

function refuseDeletion(secret: Secret, force: boolean): void {
  if (secret.deletedAt !== undefined && !force) {
    throw invalidRequest("You tried to perform the operation on a secret that's currently marked deleted.");
  }
  if (isReplica(secret)) {
    throw invalidRequest(
      "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
    );
  }
  if ((secret.replicas ?? []).length > 0) {
    throw invalidRequest(
      "You can't delete secret that still has replica regions. Remove the replicas first.",
    );
  }
  if (secret.owningService !== undefined) {
    throw invalidRequest(`You can't delete this secret: it is managed by ${secret.owningService}.`);
  }
}

/** Restoring a secret that is not scheduled for deletion changes nothing. */
function restoreSecret(call: Call, input: z.infer<typeof restoreSecretInput>): JsonValue {
  const secret = namedSecret(call, input.SecretId);
  if (secret.deletedAt !== undefined) {
    delete secret.deletedAt;
    delete secret.deletionDueAt;
    recordChange(call, secret.arn, { deleted: true }, { deleted: false });
  }
  return { ARN: secret.arn, Name: secret.name };
}

export const LIFECYCLE_OPERATIONS: Readonly<Record<string, JsonOperation>> = {
  CreateSecret: jsonOperation(createSecretInput, createSecret),
  DeleteSecret: jsonOperation(deleteSecretInput, deleteSecret),
  RestoreSecret: jsonOperation(restoreSecretInput, restoreSecret),
};
