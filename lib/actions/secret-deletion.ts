import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  RestoreSecretCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Credential } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import type { Scope } from '../domain/event.ts';
import { isKnown } from '../domain/fact.ts';
import { DAY_MS, fromMillis, type Instant, instantSchema, toMillis } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { type ActingClients, attempt, mustNotRetry, type Read, read } from './attempt.ts';
import { type ChangeReader, type Prepared, type ReadBack, refused } from './change.ts';
import { secretLabel, untouchable } from './secret-holder.ts';
import { readPolicy } from './secret-policy.ts';

const DELETE = 'secretsmanager:DeleteSecret';
const RESTORE = 'secretsmanager:RestoreSecret';
const RECOVERY_WINDOW_DAYS = { default: 30, shortest: 7, longest: 30 };

const deletionSchema = z.lazy(() =>
  z.strictObject({
    action: z.literal(DELETE),
    resource: z.string(),
    region: z.string(),
    /** There is no parameter to force a deletion: a scope that asked for it would not be understood. */
    parameters: z.strictObject({
      SecretId: z.string(),
      RecoveryWindowInDays: z.int().check(z.gte(7), z.lte(30)),
    }),
    before: z.strictObject({ pendingDeletion: z.literal(false), asOf: instantSchema }),
    after: z.strictObject({ pendingDeletion: z.literal(true) }),
  }),
);
const restorationSchema = z.lazy(() =>
  z.strictObject({
    action: z.literal(RESTORE),
    resource: z.string(),
    region: z.string(),
    parameters: z.strictObject({ SecretId: z.string() }),
    before: z.strictObject({ pendingDeletion: z.literal(true) }),
    after: z.strictObject({ pendingDeletion: z.literal(false) }),
  }),
);

/** Schedules deletion with a recovery window; only of a secret that carries our quarantine now (I4). */
export async function prepareSecretDeletion(
  clients: ActingClients,
  credential: Credential,
  recoveryWindowDays = RECOVERY_WINDOW_DAYS.default,
): Promise<Prepared> {
  const { id, region } = credential;
  const { shortest, longest } = RECOVERY_WINDOW_DAYS;
  if (
    !Number.isInteger(recoveryWindowDays) ||
    recoveryWindowDays < shortest ||
    recoveryWindowDays > longest
  ) {
    return refused(
      'recovery-window-invalid',
      `a recovery window is ${shortest} to ${longest} days, not ${recoveryWindowDays}`,
    );
  }
  const refusal = untouchable(credential);
  if (refusal !== undefined) return refusal;
  const { status } = credential.facts;
  if (!isKnown(status))
    return refused('facts-unknown', `the status of ${id} was not read: ${status.unknown}`);
  const client = clients.secretsManager(region);
  const secret = await describeSecret(client, id);
  if (!secret.ok) return refused(secret.code === 'not-found' ? 'gone' : 'unreadable', secret.reason);
  const kept = undeletable(credential, secret.value);
  if (kept !== undefined) return kept;
  const policy = await readPolicy(client, id);
  if (!policy.ok) return refused(policy.code, policy.reason);
  if (policy.policy.quarantine !== 'ours') {
    return refused('not-quarantined', `${id} does not carry our quarantine now, so it is not deleted`);
  }
  const scope = {
    action: DELETE,
    resource: id,
    region,
    parameters: { SecretId: id, RecoveryWindowInDays: recoveryWindowDays },
    before: { pendingDeletion: false, asOf: status.asOf },
    after: { pendingDeletion: true },
  };
  return { ok: true, scope };
}

function undeletable(
  { id, region }: Credential,
  secret: DescribeSecretCommandOutput,
): Extract<Prepared, { ok: false }> | undefined {
  if (secret.DeletedDate !== undefined)
    return refused('nothing-to-do', `${id} is scheduled for deletion already`);
  if (secret.OwningService !== undefined) {
    return refused(
      'service-owned',
      `${id} is managed by ${secret.OwningService}; use that service to delete it`,
    );
  }
  if (secret.PrimaryRegion !== undefined && secret.PrimaryRegion !== region) {
    return refused('replica', `${id} is a replica; the primary is in ${secret.PrimaryRegion}`);
  }
  const replicas = secret.ReplicationStatus ?? [];
  if (replicas.length === 0) return undefined;
  const regions = replicas.map((replica) => replica.Region ?? 'an unnamed Region').join(', ');
  return refused('replicated', `${id} is replicated to ${regions}; remove the replicas first`);
}

/** The reverse of deletion within its recovery window. The quarantine is still in force afterwards. */
export async function prepareSecretRestoration(
  clients: ActingClients,
  credential: Credential,
  deletion: Scope,
): Promise<Prepared> {
  const { id, region } = credential;
  if (deletionSchema.safeParse(deletion).data?.resource !== id) {
    throw new JanitorError(`The scope given is not the deletion of ${id}`, {
      code: 'scope-mismatch',
      source: 'system',
    });
  }
  const secret = await describeSecret(clients.secretsManager(region), id);
  if (!secret.ok) return refused(secret.code === 'not-found' ? 'gone' : 'unreadable', secret.reason);
  if (secret.value.DeletedDate === undefined) {
    return refused('changed-since', `${id} is no longer scheduled for deletion; somebody restored it since`);
  }
  const scope = {
    action: RESTORE,
    resource: id,
    region,
    parameters: { SecretId: id },
    before: { pendingDeletion: true },
    after: { pendingDeletion: false },
  };
  return { ok: true, scope };
}

function describeSecret(
  client: SecretsManagerClient,
  SecretId: string,
): Promise<Read<DescribeSecretCommandOutput>> {
  return read('secretsmanager:DescribeSecret', () => client.send(new DescribeSecretCommand({ SecretId })));
}

export const readSecretDeletion: ChangeReader = (scope) => {
  const parsed = deletionSchema.safeParse(scope);
  if (!parsed.success) return undefined;
  const { resource, region, parameters, before } = parsed.data;
  return {
    async perform(clients, options) {
      const client = clients.secretsManager(region);
      await mustNotRetry(client);
      const answer = await attempt(DELETE, options, (http) =>
        client.send(new DeleteSecretCommand(parameters), http),
      );
      if (answer.outcome !== 'accepted') return answer;
      const until = answer.output.DeletionDate?.toISOString();
      const recoverable = until === undefined ? {} : { recoverableUntil: until };
      return { outcome: 'accepted', requestIds: answer.requestIds, ...recoverable };
    },
    readBack: (clients) =>
      readBackDeletion(clients.secretsManager(region), resource, (deletedDate) => ({
        state: 'applied',
        observed: { pendingDeletion: true, deletedDate: deletedDate.toISOString() },
        recoverableUntil: windowEnd(deletedDate, before.asOf, parameters.RecoveryWindowInDays),
      })),
    describe: () =>
      `Delete ${secretLabel(resource)} (${DELETE} RecoveryWindowInDays ${parameters.RecoveryWindowInDays})`,
  };
};

/**
 * AWS describes DeletedDate as the day the secret is scheduled for (DescribeSecret) and as the day of the request
 * (ListSecrets). The request came soon after `asOf`, so a date half a window later can only be the scheduled one.
 */
function windowEnd(deletedDate: Date, asOf: Instant, windowDays: number): Instant {
  const isEnd = deletedDate.getTime() - toMillis(asOf) > (windowDays * DAY_MS) / 2;
  return isEnd ? deletedDate.toISOString() : fromMillis(deletedDate.getTime() + windowDays * DAY_MS);
}

/** Purged means deleted: the recovery window passed while nobody looked. */
async function readBackDeletion(
  client: SecretsManagerClient,
  arn: string,
  pending: (deletedDate: Date) => ReadBack,
): Promise<ReadBack> {
  const secret = await describeSecret(client, arn);
  if (!secret.ok && secret.code === 'not-found') return { state: 'applied', observed: { exists: false } };
  if (!secret.ok) return { state: 'unreadable', observed: { reason: secret.reason } };
  const { DeletedDate } = secret.value;
  return DeletedDate === undefined
    ? { state: 'not-applied', observed: { pendingDeletion: false } }
    : pending(DeletedDate);
}

export const readSecretRestoration: ChangeReader = (scope) => {
  const parsed = restorationSchema.safeParse(scope);
  if (!parsed.success) return undefined;
  const { resource, region, parameters } = parsed.data;
  return {
    async perform(clients, options) {
      const client = clients.secretsManager(region);
      await mustNotRetry(client);
      const answer = await attempt(RESTORE, options, (http) =>
        client.send(new RestoreSecretCommand(parameters), http),
      );
      if (answer.outcome !== 'accepted') return answer;
      return { outcome: 'accepted', requestIds: answer.requestIds };
    },
    async readBack(clients) {
      const secret = await describeSecret(clients.secretsManager(region), resource);
      if (!secret.ok) {
        const state = secret.code === 'not-found' ? 'other' : 'unreadable';
        return { state, observed: { reason: secret.reason } };
      }
      const pendingDeletion = secret.value.DeletedDate !== undefined;
      return { state: pendingDeletion ? 'not-applied' : 'applied', observed: { pendingDeletion } };
    },
    describe: () => `Restore ${secretLabel(resource)} from planned deletion (${RESTORE})`,
  };
};
