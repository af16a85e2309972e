import {
  CURRENT,
  PENDING,
  type RotatedUser,
  readStore,
  readUser,
  type Store,
  versionWith,
} from '../actions/index.ts';
import { credentialOfId } from '../domain/credential.ts';
import { meansUser, STORE_USER_TAG, userOfStore } from '../domain/rotation-store.ts';
import type { RotationContext, StepRequest } from './context.ts';
import { trouble } from './trouble.ts';

/** A step that may go on: the store as it is now and the user it is for. */
export interface Admitted {
  readonly store: Store;
  readonly user: RotatedUser;
  /** Of the version that this rotation makes: not there yet, pending, or the current one already. */
  readonly version: 'new' | 'pending' | 'current';
}

/**
 * The contract of Secrets Manager with rotation functions, before every step: rotation is enabled, the token is a version
 * of the secret, it is AWSCURRENT (nothing is left to do) or AWSPENDING. The janitor's own rotations need no schedule, and
 * their version appears when its value is put.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-lambda-functions.html
 */
export async function admit(context: RotationContext, request: StepRequest): Promise<Admitted> {
  const store = await readStore(context.clients, request.secretId);
  if (store === undefined) {
    throw trouble('secret-gone', `there is no secret ${request.secretId}`, {
      hint: 'Check the ARN; a deleted secret cannot be rotated.',
    });
  }
  refuseUnrotatable(store);
  const version = versionOf(store, request);
  return { store, version, user: await userOf(context, request, store) };
}

function refuseUnrotatable({ arn, region, deleted, owningService, primaryRegion }: Store): void {
  if (deleted) {
    throw trouble('secret-scheduled-for-deletion', `${arn} is scheduled for deletion`, {
      hint: 'Give it back (secretsmanager:RestoreSecret) if it is still needed, then rotate.',
    });
  }
  if (owningService !== undefined) {
    throw trouble('service-owned', `${arn} is managed by ${owningService}`, {
      hint: 'Rotate it with the service that owns it.',
    });
  }
  if (primaryRegion !== undefined && primaryRegion !== region) {
    throw trouble('replica', `${arn} is a replica`, {
      hint: `Rotate the primary in ${primaryRegion}; replicas follow it.`,
    });
  }
}

function versionOf(store: Store, { driver, token }: StepRequest): Admitted['version'] {
  const { arn, labels } = store;
  const own = labels[token];
  if (driver === 'secrets-manager' && !store.rotationEnabled) {
    throw trouble('rotation-disabled', `rotation of ${arn} is not enabled`, {
      hint: 'Enable rotation of the secret again, or leave it off: nothing was changed.',
    });
  }
  if (own?.includes(CURRENT)) return 'current';
  if (own?.includes(PENDING)) return 'pending';
  if (own !== undefined) throw notPending(arn, token);
  if (driver === 'secrets-manager') {
    throw trouble('version-unknown', `${token} is no version of ${arn}`, {
      hint: 'Start the rotation again with secretsmanager:RotateSecret.',
    });
  }
  refuseOtherPending(store);
  return 'new';
}

function notPending(arn: string, token: string) {
  return trouble('version-not-pending', `version ${token} of ${arn} is neither pending nor current`, {
    hint: 'Another rotation or a person took its place; start a new rotation.',
  });
}

/** Putting a value would silently take AWSPENDING from somebody else's rotation. */
function refuseOtherPending(store: Store): void {
  const pending = versionWith(store, PENDING);
  if (pending === undefined || pending === versionWith(store, CURRENT)) return;
  throw trouble('pending-elsewhere', `a rotation of ${store.arn} is under way or stuck: version ${pending}`, {
    hint: 'Let it finish, or take AWSPENDING off that version (secretsmanager:UpdateSecretVersionStage), then rotate again.',
    details: { pending },
  });
}

/** The tag or the naming rule says whose key it is; the value, which more people can write, may only agree. */
async function userOf(context: RotationContext, request: StepRequest, store: Store): Promise<RotatedUser> {
  const named = userOfStore(store, context.stores);
  if (named === undefined) {
    throw trouble('store-without-user', `nothing says which user ${store.arn} is for`, {
      hint: `Tag the secret ${STORE_USER_TAG} with the name or the ARN of the IAM user.`,
    });
  }
  const userName = named.user.split('/').at(-1) ?? named.user;
  const user = await readUser(context.clients, userName);
  if (user === undefined || !meansUser(named.user, user)) {
    throw trouble('user-gone', `there is no user ${named.user}, whose key ${store.arn} is to hold`, {
      hint: `Correct the ${named.by === 'tag' ? `tag ${STORE_USER_TAG}` : 'name'} of the secret, or delete the secret.`,
    });
  }
  const wanted = request.credentialId === undefined ? undefined : credentialOfId(request.credentialId);
  if (wanted !== undefined && wanted.principal?.arn !== user.arn) {
    throw trouble(
      'store-of-another-user',
      `${store.arn} is for ${user.arn}, and ${request.credentialId} is not`,
      {
        hint: `Correct the tag ${STORE_USER_TAG} of the secret, or name the store of the key's own user.`,
      },
    );
  }
  return user;
}
