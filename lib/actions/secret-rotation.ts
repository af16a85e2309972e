import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  RotateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { knownValue } from '../domain/fact.ts';
import { tagOf } from '../domain/label.ts';
import { MANAGED, MANAGED_TAG, STORE_USER_TAG } from '../domain/rotation-store.ts';
import * as z from '../domain/zod.ts';
import { keyAddress, readKeyStatus } from './access-key-holder.ts';
import { type ActingClients, attempt, mustNotRetry, type Read, read } from './attempt.ts';
import { type ChangeReader, type ChangeRequest, type Prepared, type ReadBack, refused } from './change.ts';
import { drivenScope, readDrivenChange } from './driven-rotation.ts';
import { CURRENT, PENDING, regionOfStore } from './rotation/store.ts';
import { secretLabel, untouchable } from './secret-holder.ts';

const ROTATE = 'secretsmanager:RotateSecret';

const scopeSchema = z.lazy(() =>
  z.strictObject({
    action: z.literal(ROTATE),
    resource: z.string(),
    region: z.string(),
    parameters: z.strictObject({ SecretId: z.string(), ClientRequestToken: z.string() }),
    before: z.strictObject({ current: z.nullable(z.string()), accessKeyId: z.optional(z.string()) }),
    after: z.strictObject({ version: z.string() }),
  }),
);

export type RotationRequest = Extract<ChangeRequest, { readonly change: 'rotate' }>;
type Refusal = Extract<Prepared, { ok: false }>;

/** Has Secrets Manager rotate a secret that has a rotation of its own: a function, managed or managed external. */
export async function prepareSecretRotation(
  clients: ActingClients,
  { credential, rotationId }: RotationRequest,
): Promise<Prepared> {
  const refusal = untouchable(credential);
  if (refusal !== undefined) return refusal;
  const secret = await rotatable(clients, credential.id);
  if (!secret.ok) return secret;
  if (!rotatesItself(secret.value)) {
    return refused(
      'rotation-not-configured',
      `${credential.id} has no rotation: give it a rotation function, or rotate by hand what it is for`,
    );
  }
  return { ok: true, scope: rotateScope(credential.id, secret.value, rotationId) };
}

/**
 * An access key is replaced in the secret that holds it: by the rotation of that secret where it has one, else the janitor
 * walks the steps. Only keys of users that say so are touched.
 */
export async function prepareKeyRotation(
  clients: ActingClients,
  { credential, rotationId, secretId }: RotationRequest,
): Promise<Prepared> {
  const key = keyAddress(credential);
  if (!key.ok) return key.refusal;
  const { userName, accessKeyId } = key.address;
  const tags = knownValue(credential.facts.tags);
  if (tags === undefined) return refused('facts-unknown', `the tags of user ${userName} were not read`);
  if (tagOf(tags, MANAGED_TAG, false) !== MANAGED) {
    const ask = `tag the user ${MANAGED_TAG}=${MANAGED} if the janitor may make keys for it`;
    return refused('not-managed', `the user ${userName} is not one whose keys the janitor may make; ${ask}`);
  }
  if (secretId === undefined) return refused('no-store', noStore(accessKeyId, userName));
  const status = await readKeyStatus(clients.iam, key.address);
  if (!status.ok) return refused('unreadable', status.reason);
  if (status.value !== 'Active')
    return refused(
      'nothing-to-do',
      `access key ${accessKeyId} is ${status.value}; only active keys are rotated`,
    );
  const store = await rotatable(clients, secretId);
  if (!store.ok) return store;
  if (rotatesItself(store.value)) {
    return { ok: true, scope: rotateScope(secretId, store.value, rotationId, accessKeyId) };
  }
  return { ok: true, scope: drivenScope(key.address, secretId, rotationId) };
}

function noStore(accessKeyId: string, userName: string): string {
  return `no secret is known to hold ${accessKeyId}: tag the secret that does ${STORE_USER_TAG}=${userName}, or let janitor rotate put a new key into one`;
}

type Rotatable = { readonly ok: true; readonly value: DescribeSecretCommandOutput } | Refusal;

/** The secret as it is now, if nothing about it forbids a rotation. */
async function rotatable(clients: ActingClients, secretId: string): Promise<Rotatable> {
  const secret = await describe(clients, secretId);
  if (!secret.ok) {
    return secret.code === 'not-found'
      ? refused('store-gone', `there is no secret ${secretId}`)
      : refused('unreadable', secret.reason);
  }
  const refusal = unrotatable(secretId, secret.value);
  return refusal ?? { ok: true, value: secret.value };
}

function unrotatable(secretId: string, secret: DescribeSecretCommandOutput): Refusal | undefined {
  if (secret.DeletedDate !== undefined) {
    return refused(
      'secret-scheduled-for-deletion',
      `${secretId} is scheduled for deletion; restore it first`,
    );
  }
  if (secret.OwningService !== undefined) {
    return refused('service-owned', `${secretId} is managed by ${secret.OwningService}, which rotates it`);
  }
  if (secret.PrimaryRegion !== undefined && secret.PrimaryRegion !== regionOfStore(secretId)) {
    return refused('replica', `${secretId} is a replica; its primary in ${secret.PrimaryRegion} is rotated`);
  }
  if (secret.RotationLambdaARN !== undefined && secret.RotationEnabled === false) {
    const wayOut = 'enable it again, or take its function away if the janitor shall rotate it';
    return refused('rotation-disabled', `rotation of ${secretId} was switched off; ${wayOut}`);
  }
  if (!rotatesItself(secret)) return undefined;
  const stuck = pendingElsewhere(secret);
  if (stuck === undefined) return undefined;
  const wayOut = `see why in the log of its function, then take AWSPENDING off that version (secretsmanager:UpdateSecretVersionStage)`;
  return refused(
    'rotation-stuck',
    `a rotation of ${secretId} never ended: version ${stuck} is pending; ${wayOut}`,
  );
}

/** The version that AWSPENDING sits on while it is not the current one; Secrets Manager begins nothing until it is gone. */
function pendingElsewhere({ VersionIdsToStages = {} }: DescribeSecretCommandOutput): string | undefined {
  return Object.entries(VersionIdsToStages).find(
    ([, stages]) => stages.includes(PENDING) && !stages.includes(CURRENT),
  )?.[0];
}

function rotatesItself({ RotationEnabled, RotationLambdaARN, Type }: DescribeSecretCommandOutput): boolean {
  if (RotationLambdaARN !== undefined) return true;
  return RotationEnabled === true || (Type !== undefined && RotationEnabled !== false);
}

function rotateScope(
  secretId: string,
  { VersionIdsToStages = {} }: DescribeSecretCommandOutput,
  rotationId: string,
  accessKeyId?: string,
) {
  const current = Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(CURRENT))?.[0];
  return {
    action: ROTATE,
    resource: secretId,
    region: regionOfStore(secretId),
    parameters: { SecretId: secretId, ClientRequestToken: rotationId },
    before: { current: current ?? null, ...(accessKeyId === undefined ? {} : { accessKeyId }) },
    after: { version: rotationId },
  };
}

function describe(clients: ActingClients, SecretId: string): Promise<Read<DescribeSecretCommandOutput>> {
  const client = clients.secretsManager(regionOfStore(SecretId));
  return read('secretsmanager:DescribeSecret', () => client.send(new DescribeSecretCommand({ SecretId })));
}

/** Started is what the change is; how the rotation ends is watched. */
async function readBack(clients: ActingClients, secretId: string, rotationId: string): Promise<ReadBack> {
  const secret = await describe(clients, secretId);
  if (!secret.ok) {
    const state = secret.code === 'not-found' ? 'other' : 'unreadable';
    return { state, observed: { reason: secret.reason } };
  }
  const stages = secret.value.VersionIdsToStages?.[rotationId];
  return stages === undefined
    ? { state: 'not-applied', observed: { version: null } }
    : { state: 'applied', observed: { version: rotationId, stages } };
}

export const readSecretRotation: ChangeReader = (scope) => {
  const parsed = scopeSchema.safeParse(scope);
  if (!parsed.success) return readDrivenChange(scope, readBack);
  const { resource, region, parameters } = parsed.data;
  return {
    async perform(clients, options) {
      const client = clients.secretsManager(region);
      await mustNotRetry(client);
      const answer = await attempt(ROTATE, options, (http) =>
        client.send(new RotateSecretCommand(parameters), http),
      );
      if (answer.outcome !== 'accepted') return answer;
      return { outcome: 'accepted', requestIds: answer.requestIds };
    },
    readBack: (clients) => readBack(clients, resource, parameters.ClientRequestToken),
    describe: () => `Rotate ${secretLabel(resource)} (${ROTATE})`,
  };
};
