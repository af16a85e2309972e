import * as z from 'zod';
import { type JsonOperation, type JsonValue, jsonOperation } from '../json-protocol.ts';
import type { Call } from '../service.ts';
import { invalidRequest, primarySecret, secretId } from './lookup.ts';
import type { Rotation, RotationRules, Secret } from './state.ts';
import { CURRENT, PENDING, versionWith, withStageMoved } from './versions.ts';
import { changeSecret } from './write.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const rotationRules = z.object({
  AutomaticallyAfterDays: z.int().min(1).max(1000).optional(),
  Duration: z
    .string()
    .regex(/^\d+h$/)
    .optional(),
  ScheduleExpression: z.string().max(256).optional(),
});
const rotateSecretInput = z.object({
  SecretId: secretId,
  ClientRequestToken: z.string().min(32).max(64).optional(),
  RotationLambdaARN: z.string().optional(),
  RotationRules: rotationRules.optional(),
  RotateImmediately: z.boolean().optional(),
});
const cancelRotateSecretInput = z.object({ SecretId: secretId });

/** When the next rotation is due; undefined for a cron expression, which is not computed here. */
export function nextRotation(rules: RotationRules | undefined, from: number): number | undefined {
  if (rules?.AutomaticallyAfterDays !== undefined) return from + rules.AutomaticallyAfterDays * DAY_MS;
  const [, count, unit] = /^rate\((\d+) (hour|day)s?\)$/.exec(rules?.ScheduleExpression ?? '') ?? [];
  if (count === undefined) return undefined;
  return from + Number(count) * (unit === 'hour' ? HOUR_MS : DAY_MS);
}

/**
 * Starts a rotation: the pending version appears without a value, as before its Lambda ran. A function that is registered
 * with the world is called when the world runs its rotations.
 */
function rotateSecret(call: Call, input: z.infer<typeof rotateSecretInput>): JsonValue {
  const secret = primarySecret(call, input.SecretId);
  const rotation = rotationAfter(secret, input);
  refuseRotation(call, secret, rotation);
  const id = input.ClientRequestToken ?? call.world.ids.requestId();
  const nextAt = nextRotation(rotation.rules, call.now);
  const versions = input.RotateImmediately === false ? secret.versions : withPending(secret, id, call.now);
  const before = { rotationEnabled: secret.rotation?.enabled ?? false };
  changeSecret(call, secret, before, { rotationEnabled: true, versionId: id }, (copy) => {
    copy.rotation = rotation;
    copy.versions = versions;
    if (nextAt !== undefined) copy.nextRotationAt = nextAt;
  });
  if (input.RotateImmediately !== false) askFunction(call, secret, id);
  return { ARN: secret.arn, Name: secret.name, VersionId: id };
}

function rotationAfter(secret: Secret, input: z.infer<typeof rotateSecretInput>): Rotation {
  const lambdaArn = input.RotationLambdaARN ?? secret.rotation?.lambdaArn;
  const rules = input.RotationRules ?? secret.rotation?.rules;
  return {
    enabled: true,
    ...(lambdaArn === undefined ? {} : { lambdaArn }),
    ...(rules === undefined ? {} : { rules }),
  };
}

function askFunction(
  { world, account, region, now }: Call,
  { rotation, name, arn }: Secret,
  token: string,
): void {
  if (rotation?.lambdaArn === undefined) return;
  const where = { accountId: account.id, region, secretName: name, secretArn: arn };
  world.rotationFunctions.ask({ ...where, token, lambdaArn: rotation.lambdaArn, notBefore: now });
}

function refuseRotation(call: Call, secret: Secret, rotation: Rotation): void {
  if (secret.owningService !== undefined) {
    throw invalidRequest(`You can't rotate this secret: it is managed by ${secret.owningService}.`);
  }
  if (rotation.lambdaArn === undefined && secret.type === undefined) {
    throw invalidRequest('No Lambda rotation function ARN is associated with this secret.');
  }
  const pending = versionWith(secret.versions, PENDING);
  if (pending !== undefined && !pending.stages.includes(CURRENT)) {
    askFunction(call, secret, pending.id);
    throw invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.");
  }
}

/** The pending version of a rotation that the schedule starts. */
export function beginRotation(secret: Secret, id: string, now: number): void {
  secret.versions = withPending(secret, id, now);
}

function withPending(secret: Secret, id: string, now: number): Secret['versions'] {
  const known = secret.versions.some((version) => version.id === id);
  const versions = known ? secret.versions : [...secret.versions, { id, createdAt: now, stages: [] }];
  return withStageMoved(versions, PENDING, id);
}

function cancelRotateSecret(call: Call, input: z.infer<typeof cancelRotateSecretInput>): JsonValue {
  const secret = primarySecret(call, input.SecretId);
  const { rotation } = secret;
  if (rotation?.enabled !== true)
    throw invalidRequest('You tried to cancel rotation for a secret that does not rotate.');
  changeSecret(call, secret, { rotationEnabled: true }, { rotationEnabled: false }, (copy) => {
    copy.rotation = { ...rotation, enabled: false };
    delete copy.nextRotationAt;
  });
  return { ARN: secret.arn, Name: secret.name, VersionId: versionWith(secret.versions, PENDING)?.id };
}

export const ROTATION_OPERATIONS: Readonly<Record<string, JsonOperation>> = {
  RotateSecret: jsonOperation(rotateSecretInput, rotateSecret),
  CancelRotateSecret: jsonOperation(cancelRotateSecretInput, cancelRotateSecret),
};
