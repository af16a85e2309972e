import {
  CURRENT,
  PENDING,
  promote,
  readStore,
  readUserKeys,
  removeUserKey,
  type Store,
  tagStore,
  unlabelPending,
  versionWith,
} from '../actions/index.ts';
import { STORE_KEY_TAG } from '../domain/rotation-store.ts';
import type { RotationContext } from './context.ts';
import type { Creation } from './create-secret.ts';
import { removeOrphans } from './orphans.ts';
import { proveKey, worksNow } from './propagation.ts';
import { trouble } from './trouble.ts';
import { type KeyDocument, sameBeside } from './value-document.ts';
import { heldKeys } from './versions.ts';

/**
 * Makes the pending value the current one, if it works at this moment and if nobody changed the document meanwhile. The
 * key before stays as it is: whoever cached it goes on.
 */
export async function finishSecret(
  context: RotationContext,
  creation: Creation,
  pending: KeyDocument,
): Promise<void> {
  const { before, request, store } = creation;
  if (before !== undefined && !sameBeside(before, pending, context.fields)) throw changedMeanwhile(store);
  if (!(await worksNow(context, creation, pending))) await proveKey(context, creation, pending);
  await removeLeftovers(context, creation, pending);
  const from = versionWith(store, CURRENT);
  const promoted = await promote(context.clients, store, { token: request.token, from }, context.pause);
  if (promoted.outcome !== 'done') await mustBeCurrent(context, creation, promoted.outcome);
  await settle(context, creation, pending);
}

/** The end of a rotation whose value is current, for one that was interrupted there, too. */
export async function settle(
  context: RotationContext,
  { store, record }: Pick<Creation, 'store' | 'record'>,
  { key }: KeyDocument,
): Promise<void> {
  if (store.tags[STORE_KEY_TAG] !== key.accessKeyId) {
    const tagged = await tagStore(
      context.clients,
      store,
      { [STORE_KEY_TAG]: key.accessKeyId },
      context.pause,
    );
    if (tagged.outcome !== 'done')
      throw notTagged(store, tagged.outcome === 'refused' ? tagged.code : undefined);
  }
  await record.finished(key.accessKeyId);
}

/** A second look, now that AWS knows the new key: an earlier one may have been made that no listing showed yet. */
async function removeLeftovers(
  context: RotationContext,
  creation: Creation,
  pending: KeyDocument,
): Promise<void> {
  const state = await creation.record.state();
  const isFirst = state?.attempts.length === 1 && state.created.every((id) => id === pending.key.accessKeyId);
  if (isFirst) return;
  const held = await heldKeys(context, creation);
  if (creation.before !== undefined) held.add(creation.before.key.accessKeyId);
  const keys = await readUserKeys(context.clients, creation.user.userName);
  await removeOrphans(context, { ...creation, keys, held, mayBeUnderWay: false });
}

async function mustBeCurrent(
  { clients }: RotationContext,
  { request, store }: Creation,
  outcome: 'refused' | 'unknown',
): Promise<void> {
  const now = await readStore(clients, store.arn);
  if (now?.labels[request.token]?.includes(CURRENT)) return;
  if (outcome === 'refused') throw changedMeanwhile(store);
  throw trouble('promote-unknown', `whether the new value of ${store.arn} is the current one is not known`, {
    source: 'system',
    hint: 'The step is repeated; it looks first.',
  });
}

function changedMeanwhile({ arn }: Store) {
  return trouble('changed-meanwhile', `somebody changed ${arn} while it was being rotated`, {
    hint: 'Their change stays; the new key is removed. Start a new rotation.',
  });
}

function notTagged({ arn }: Store, awsCode: string | undefined) {
  if (awsCode === undefined) {
    return trouble('tag-unknown', `whether ${arn} is tagged with its key is not known`, {
      source: 'system',
      hint: 'The step is repeated.',
    });
  }
  return trouble(
    'tag-refused',
    `${arn} holds a new key, and its tag ${STORE_KEY_TAG} could not be set (${awsCode})`,
    {
      source: 'access',
      details: { awsCode },
      hint: 'Allow secretsmanager:TagResource to the rotating role, or free a tag; then repeat the rotation with its token.',
    },
  );
}

/** Failures after which the pending version is of no use to anybody. */
const USELESS: ReadonlySet<string> = new Set(['changed-meanwhile', 'pending-key-gone', 'key-not-working']);

/**
 * Takes back a pending version that can never become the current one, so that the next rotation finds nothing in its way:
 * the label first, then the key. What cannot be taken back stays; the next rotation tells it.
 */
export async function takeBack(
  context: RotationContext,
  { request, user, record }: Pick<Creation, 'request' | 'user' | 'record'>,
  { code, pending }: { readonly code: string; readonly pending: KeyDocument },
): Promise<void> {
  if (!USELESS.has(code)) return;
  const store = await readStore(context.clients, request.secretId);
  const labels = store?.labels[request.token] ?? [];
  if (store === undefined || labels.some((label) => label !== PENDING)) return;
  const unlabelled = await unlabelPending(context.clients, store, request.token, context.pause);
  const { accessKeyId } = pending.key;
  const state = await record.state();
  if (unlabelled.outcome !== 'done' || state?.created.includes(accessKeyId) !== true) return;
  const removed = await removeUserKey(context.clients, { ...user, accessKeyId }, context.pause);
  if (removed === 'removed') await record.keyRemoved(accessKeyId, `its rotation failed (${code})`);
}
