import { CURRENT, PREVIOUS, readVersion, type Store, versionWith } from '../actions/index.ts';
import { accessKeyCredentialId } from '../domain/credential.ts';
import { meansUser } from '../domain/rotation-store.ts';
import type { Admitted } from './admission.ts';
import type { RotationContext, StepRequest } from './context.ts';
import { trouble } from './trouble.ts';
import { type KeyDocument, readDocument } from './value-document.ts';

/** The document of a version; undefined when it has no value yet. Throws when it is no key of this user. */
export async function documentOf(
  context: RotationContext,
  { store, user }: Pick<Admitted, 'store' | 'user'>,
  versionId: string,
): Promise<KeyDocument | undefined> {
  const value = await readVersion(context.clients, store, versionId);
  if (value === undefined) return undefined;
  const document = readDocument(value, context.fields, `version ${versionId} of ${store.arn}`);
  if (document.userName !== undefined && !meansUser(document.userName, user)) {
    throw trouble(
      'value-of-another-user',
      `version ${versionId} of ${store.arn} holds a key of another user than ${user.arn}`,
      { hint: 'Correct the value, or the tag that says whose key the secret is to hold.' },
    );
  }
  return document;
}

/** The version that the rotation takes the place of: the current one, or, once it has, the one before. */
export function versionBefore(store: Store, token: string): string | undefined {
  const current = versionWith(store, CURRENT);
  return current === token ? versionWith(store, PREVIOUS) : current;
}

/**
 * The credential whose chain tells the rotation: the key that is replaced, or the secret while it holds none.
 * Throws `other-key` when the janitor is to replace another key than the store holds.
 */
export function replacedCredential(
  { store, user }: Pick<Admitted, 'store' | 'user'>,
  { credentialId }: StepRequest,
  before: KeyDocument | undefined,
): string {
  if (before === undefined) return credentialId ?? store.arn;
  const held = accessKeyCredentialId(user.arn, before.key.accessKeyId);
  if (credentialId === undefined || credentialId === held) return held;
  throw trouble(
    'other-key',
    `${store.arn} holds ${before.key.accessKeyId}, not the key that is to be replaced`,
    {
      hint: 'Find out what uses the key outside of the secret; rotating the secret would not replace it.',
      details: { holds: before.key.accessKeyId },
    },
  );
}

/** Ids of the keys that labelled versions hold, this rotation's own included. A value that is no key holds none. */
export async function heldKeys(
  context: RotationContext,
  { store }: Pick<Admitted, 'store'>,
): Promise<Set<string>> {
  const held = new Set<string>();
  for (const versionId of Object.keys(store.labels)) {
    const value = await readVersion(context.clients, store, versionId);
    if (value === undefined) continue;
    const id = keyIdIn(value, context, store, versionId);
    if (id !== undefined) held.add(id);
  }
  return held;
}

function keyIdIn(
  value: Parameters<typeof readDocument>[0],
  { fields }: RotationContext,
  { arn }: Store,
  versionId: string,
): string | undefined {
  try {
    return readDocument(value, fields, `version ${versionId} of ${arn}`).key.accessKeyId;
  } catch {
    return undefined;
  }
}
