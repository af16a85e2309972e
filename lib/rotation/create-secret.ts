import {
  createUserKey,
  type NewKey,
  putPending,
  readKeyUse,
  readUserKeys,
  removeUserKey,
  type UserKey,
} from '../actions/index.ts';
import { credentialOfId } from '../domain/credential.ts';
import type { JanitorError } from '../domain/error.ts';
import { MAX_TAGS } from '../domain/label.ts';
import { MANAGED, MANAGED_TAG, STORE_KEY_TAG } from '../domain/rotation-store.ts';
import { elapsed, MINUTE_MS } from '../domain/time.ts';
import type { Admitted } from './admission.ts';
import type { RotationContext, StepRequest } from './context.ts';
import { removeOrphans } from './orphans.ts';
import type { RotationRecord } from './record.ts';
import { fullSlots } from './slots.ts';
import { trouble } from './trouble.ts';
import { type KeyDocument, writeDocument } from './value-document.ts';
import { documentOf, heldKeys } from './versions.ts';

/** A key is made within this time after the ledger was told so; later it is told again. */
const TOLD_MS = 2 * MINUTE_MS;

export interface Creation extends Admitted {
  readonly request: StepRequest;
  readonly record: RotationRecord;
  /** What the current version holds; undefined of a store that has no value yet. */
  readonly before: KeyDocument | undefined;
}

/**
 * Makes a new key and stores it as the pending version. Repeated, it keeps a pending value that is there. A crash between
 * making and storing leaves a key nobody knows the secret of: it is removed before another is made. Returns the id of the new key.
 */
export async function createSecret(context: RotationContext, creation: Creation): Promise<string> {
  const { request, record, version } = creation;
  const there = version === 'pending' ? await documentOf(context, creation, request.token) : undefined;
  if (there !== undefined) {
    await record.begin();
    return there.key.accessKeyId;
  }
  refuseUnmanaged(creation);
  refuseFullTags(creation);
  const listed = await readUserKeys(context.clients, creation.user.userName);
  const replaced = replacedKeyId(creation);
  if (replaced !== undefined) await refuseDeadKey(context, creation, listed, replaced);
  const held = await heldKeys(context, creation);
  if (replaced !== undefined) held.add(replaced);
  const keys = await removeOrphans(context, { ...creation, keys: listed, held, mayBeUnderWay: true });
  const full = await fullSlots(context, creation, keys, held);
  if (full !== undefined) throw full;
  await tellAttempt(context, record);
  const key = await made(context, creation);
  await store(context, creation, key);
  return key.accessKeyId;
}

/** The key that the store holds, or that the janitor was asked to replace; undefined while there is none. */
function replacedKeyId({ before, request }: Creation): string | undefined {
  if (before !== undefined) return before.key.accessKeyId;
  return request.credentialId === undefined ? undefined : credentialOfId(request.credentialId)?.name;
}

function refuseUnmanaged({ user }: Creation): void {
  if (user.managed) return;
  throw trouble('user-not-managed', `${user.arn} is not one whose keys the janitor may make`, {
    source: 'policy',
    hint: `Tag the user ${MANAGED_TAG} with the value ${MANAGED} if the janitor shall rotate its keys.`,
  });
}

/** Found out before a key is made, since a store that cannot say which key it holds would have to be read by sweeps. */
function refuseFullTags({ store: { arn, tags } }: Creation): void {
  if (Object.hasOwn(tags, STORE_KEY_TAG) || Object.keys(tags).length < MAX_TAGS) return;
  throw trouble('tags-full', `${arn} has ${MAX_TAGS} tags, so that it cannot be told which key it holds`, {
    hint: `Remove a tag; ${STORE_KEY_TAG} takes one.`,
  });
}

/** A key that is gone or inactive was taken from whoever used it: making another would give it back behind their backs. */
async function refuseDeadKey(
  context: RotationContext,
  { user, store }: Creation,
  listed: readonly UserKey[],
  accessKeyId: string,
): Promise<void> {
  const key = listed.find((each) => each.accessKeyId === accessKeyId);
  if (key?.status === 'Active') return;
  if (key !== undefined) {
    throw trouble('key-inactive', `${accessKeyId}, which ${store.arn} is about, is ${key.status}`, {
      hint: 'Restore the key first if it is still needed; else have secret and key deleted.',
    });
  }
  const { userName } = await readKeyUse(context.clients, accessKeyId);
  if (userName !== undefined && userName !== user.userName) {
    throw trouble(
      'value-of-another-user',
      `${accessKeyId} in ${store.arn} is a key of the user ${userName}`,
      {
        hint: 'Correct the value, or the tag that says whose key the secret is to hold.',
      },
    );
  }
  throw trouble('key-gone', `${accessKeyId}, which ${store.arn} is about, no longer exists`, {
    hint: 'Whoever uses the secret is broken already: make a key by hand and store it, or have the secret deleted.',
  });
}

/** I1: that a key is about to be made is durable, with the instant, shortly before it is. */
async function tellAttempt({ clock }: RotationContext, record: RotationRecord): Promise<void> {
  await record.begin();
  const state = await record.state();
  const told = state?.attempts.at(-1);
  if (state?.state === 'begun' && told !== undefined && elapsed(told, clock.now()) < TOLD_MS) return;
  await record.resume();
}

async function made({ clients, pause }: RotationContext, { user }: Creation): Promise<NewKey> {
  const answer = await createUserKey(clients, user.userName, pause);
  if (answer.outcome === 'made') return answer.key;
  if (answer.outcome === 'refused') throw refusedCreation(answer.code, user.arn);
  throw trouble('create-unknown', `whether a key of ${user.arn} was made is not known: the answer was lost`, {
    source: 'system',
    hint: 'The rotation is taken up again: a key that nobody received is removed before another is made.',
  });
}

function refusedCreation(awsCode: string, arn: string): JanitorError {
  const details = { awsCode };
  if (awsCode === 'LimitExceeded') {
    return trouble('quota', `AWS makes no more keys for ${arn}: its slots were taken meanwhile`, {
      source: 'access',
      details,
      hint: 'The next attempt tells which keys it has.',
    });
  }
  if (awsCode === 'NoSuchEntity') {
    return trouble('user-gone', `${arn} no longer exists`, { details, hint: 'Have the secret deleted.' });
  }
  if (awsCode.startsWith('AccessDenied')) {
    return trouble('create-denied', `the rotating role may not make a key for ${arn}`, {
      source: 'access',
      details,
      hint: `Deploy the role for rotation, and check that the user is tagged ${MANAGED_TAG}=${MANAGED}.`,
    });
  }
  return trouble('create-refused', `AWS refused to make a key for ${arn} (${awsCode})`, {
    source: 'access',
    details,
    hint: 'Look the code up in the reference of CreateAccessKey; the old key is untouched.',
  });
}

/** The key is told to the ledger before it is stored; where either fails it is removed at once, for nobody has it. */
async function store(context: RotationContext, creation: Creation, key: NewKey): Promise<void> {
  const { record, request, user, before } = creation;
  try {
    await record.keyCreated(key.accessKeyId);
  } catch (error) {
    await removeUserKey(context.clients, { ...user, accessKeyId: key.accessKeyId }, context.pause);
    throw error;
  }
  const value = writeDocument(before, key, user.userName, context.fields);
  const { token, rotationToken } = request;
  const put = await putPending(
    context.clients,
    creation.store,
    { token, rotationToken, value },
    context.pause,
  );
  if (put.outcome === 'done' || (await isStored(context, creation, key))) return;
  if (put.outcome === 'unknown') {
    throw trouble('put-unknown', `whether the new value reached ${creation.store.arn} is not known`, {
      source: 'system',
      hint: 'The rotation is taken up again: a value that is there is kept, a key that is nowhere is removed.',
    });
  }
  const { accessKeyId } = key;
  const removed = await removeUserKey(context.clients, { ...user, accessKeyId }, context.pause);
  if (removed === 'removed')
    await record.keyRemoved(accessKeyId, `its value could not be stored (${put.code})`);
  throw refusedPut(put.code, put.kms, creation.store.arn);
}

/** An answer may be lost after the value was stored; one that cannot be read is not known to be. */
async function isStored(context: RotationContext, creation: Creation, key: NewKey): Promise<boolean> {
  try {
    const document = await documentOf(context, creation, creation.request.token);
    return document?.key.accessKeyId === key.accessKeyId;
  } catch {
    return false;
  }
}

function refusedPut(awsCode: string, kms: boolean, arn: string): JanitorError {
  const details = { awsCode };
  if (kms) {
    return trouble('kms-denied', `the KMS key of ${arn} does not let the janitor encrypt a value`, {
      source: 'access',
      details,
      hint: 'Allow kms:Decrypt and kms:GenerateDataKey to the rotating role in the key policy, and check that the key is enabled.',
    });
  }
  if (awsCode === 'ResourceExists') {
    return trouble('changed-meanwhile', `somebody stored another value in ${arn} for this rotation`, {
      details,
      hint: 'Look who else rotates this secret, then start a new rotation.',
    });
  }
  return trouble('put-refused', `${arn} took no new value (${awsCode}); the key made for it was removed`, {
    source: 'access',
    details,
    hint: 'Look the code up in the reference of PutSecretValue; the current value is untouched.',
  });
}
