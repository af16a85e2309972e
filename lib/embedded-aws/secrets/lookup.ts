import * as z from 'zod';
import type { AccountState } from '../account-state.ts';
import type { Call } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { World } from '../world/world.ts';
import type { RegionalSecrets, Secret } from './state.ts';

export const secretId = z.string('Member must not be null').min(1).max(2048);

export function invalidRequest(message: string): ServiceError {
  return new ServiceError('InvalidRequestException', 400, message);
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', 400, message);
}

/** The caller's secrets in the Region of the call, after what is due for deletion has gone. */
export function regionalSecrets(call: Call): RegionalSecrets {
  const secrets = call.account.secrets(call.region);
  purgeDue(call.world, call.account, secrets, call.now);
  return secrets;
}

/** Throws ResourceNotFoundException. */
export function namedSecret(call: Call, id: string): Secret {
  const secret = regionalSecrets(call).find(id);
  if (secret === undefined) {
    throw new ServiceError(
      'ResourceNotFoundException',
      400,
      "Secrets Manager can't find the specified secret.",
    );
  }
  return secret;
}

/** As `namedSecret`, and throws InvalidRequestException when the secret is scheduled for deletion. */
export function liveSecret(call: Call, id: string): Secret {
  const secret = namedSecret(call, id);
  if (secret.deletedAt !== undefined) {
    throw invalidRequest(
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }
  return secret;
}

/** As `liveSecret`, and throws InvalidRequestException for a replica: it is changed through its primary. */
export function primarySecret(call: Call, id: string): Secret {
  const secret = liveSecret(call, id);
  if (isReplica(secret)) {
    throw invalidRequest(
      "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
    );
  }
  return secret;
}

export function isReplica(secret: Secret): boolean {
  return secret.primaryRegion !== undefined && regionOf(secret.arn) !== secret.primaryRegion;
}

export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

/** Deletes for good what outlived its recovery window by `now`; the service itself is the actor. */
export function purgeDue(world: World, account: AccountState, secrets: RegionalSecrets, now: number): void {
  if (now < secrets.nextPurgeAt) return;
  let next = Number.POSITIVE_INFINITY;
  for (const secret of [...secrets.byName.values()]) {
    const dueAt = secret.deletionDueAt ?? Number.POSITIVE_INFINITY;
    if (dueAt > now) {
      next = Math.min(next, dueAt);
      continue;
    }
    secrets.byName.delete(secret.name);
    world.changes.add({
      at: new Date(dueAt).toISOString(),
      service: 'secretsmanager',
      operation: 'EndOfRecoveryWindow',
      accountId: account.id,
      principalArn: 'secretsmanager.amazonaws.com',
      target: secret.arn,
      before: { deleted: true },
      after: null,
    });
  }
  secrets.nextPurgeAt = next;
}
