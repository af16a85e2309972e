import { lookAtRotation } from '../../actions/index.ts';
import { accountOf } from '../../domain/credential.ts';
import { deliveryName, isDeliveryName } from '../../domain/delivery.ts';
import { JanitorError } from '../../domain/error.ts';
import { STORE_KEY_TAG, STORE_USER_TAG } from '../../domain/rotation-store.ts';
import { readerOf } from '../../policy/index.ts';
import type { KeyToRotate } from './key-to-rotate.ts';
import type { PlanningContext } from './ordering-context.ts';

/** Where a new key goes. */
export type Destination =
  /** The secret that holds the key now. */
  | { readonly kind: 'store'; readonly secretId: string; readonly name: string }
  /** A secret of the janitor's own, for a reader that the policy names. */
  | { readonly kind: 'delivery'; readonly name: string; readonly region: string; readonly reader: string };

/**
 * The secret that holds the key, else the one that its reader finds it in. Throws with source `policy`:
 * `stores-ambiguous`, `store-holds-other-key`, `store-rotates-itself`, `store-untagged`, `stores-unread`, `no-store`, `delivery-name-invalid`, `reader-elsewhere`; what keeps secrets
 * from being listed is thrown, too, for a store might be among them.
 */
export async function destinationOf(
  context: PlanningContext,
  { credential }: KeyToRotate,
): Promise<Destination> {
  const { userName } = credential.principal;
  const found = await context.storeOf(credential);
  switch (found.outcome) {
    case 'found': {
      const { secretId, name } = found.store;
      if (isDeliveryName(name)) return delivery(context, credential, secretId.split(':')[3]);
      await refuseRotatingItself(context, secretId);
      return { kind: 'store', secretId, name };
    }
    case 'none':
      await refuseUntagged(context, credential);
      return delivery(context, credential, context.clients.region);
    case 'several':
      throw refused(
        'stores-ambiguous',
        `${found.stores.length} secrets are for the user ${userName}, and none says that it holds ${credential.name}: ${found.stores.map(({ name }) => name).join(', ')}`,
        `Tag the one that holds it ${STORE_KEY_TAG}=${credential.name}, or take the tag ${STORE_USER_TAG} off the others.`,
      );
    case 'other-key':
      throw refused(
        'store-holds-other-key',
        `the secret ${found.store.name} of the user ${userName} holds the key ${found.holds}, not ${credential.name}`,
        `Whoever uses ${credential.name} has it from somewhere else. Let them read the secret; when nobody uses ${credential.name} any more, the rules retire it.`,
      );
  }
}

/** A value proves that a secret has the key, not whose secret it is: a person says that, with a tag. */
async function refuseUntagged(
  { holdersOf }: PlanningContext,
  credential: KeyToRotate['credential'],
): Promise<void> {
  const found = await holdersOf?.(credential);
  if (found === undefined) return;
  const { userName } = credential.principal;
  const [holder] = found.holding;
  if (holder !== undefined) {
    throw refused(
      'store-untagged',
      `${found.holding.map(({ name }) => name).join(' and ')} holds ${credential.name} and does not say so`,
      `Tag it, then run the command again: aws secretsmanager tag-resource --secret-id ${holder.secretId} --tags Key=${STORE_USER_TAG},Value=${userName}`,
    );
  }
  if (found.unread.length === 0) return;
  throw refused(
    'stores-unread',
    `${found.unread.length} secrets could not be read, and one of them may hold ${credential.name}: ${found.unread
      .slice(0, 5)
      .map(({ name }) => name)
      .join(', ')}`,
    'Let the rotating role read them, or set rotation.stores.compareIds to false.',
  );
}

/** Secrets Manager and the janitor never walk the steps of one secret at once. */
async function refuseRotatingItself({ clients }: PlanningContext, secretId: string): Promise<void> {
  const look = await lookAtRotation(clients, secretId);
  if (!look.ok) {
    throw new JanitorError(`${secretId} could not be looked at: ${look.reason}`, {
      code: 'evidence-unread',
      source: 'access',
      hint: 'Nothing is done on what is unknown. Run the command again, or mend what keeps it from being read.',
    });
  }
  if (!look.value.rotates) return;
  throw refused(
    'store-rotates-itself',
    `${secretId} has a rotation of its own, which also records what it does`,
    `Start it: aws secretsmanager rotate-secret --secret-id ${secretId}`,
  );
}

function delivery(
  { policy, clients }: PlanningContext,
  { id, name: accessKeyId, principal }: KeyToRotate['credential'],
  region = clients.region,
): Destination {
  const { userName } = principal;
  const reader = readerOf(policy, principal);
  if (reader === undefined) {
    throw refused(
      'no-store',
      `no secret holds ${accessKeyId}, and the policy names nobody who would receive a new key of the user ${userName}`,
      `Tag the secret that holds it ${STORE_USER_TAG}=${userName}; or name a reader for the user under rotation.deliveries of the policy.`,
    );
  }
  const name = deliveryName(userName);
  if (name === undefined) {
    throw refused(
      'delivery-name-invalid',
      `no secret can be named after the user ${userName}`,
      `Make a secret of another name, without a value, tag it ${STORE_USER_TAG}=${userName}, and run the command again.`,
    );
  }
  // A secret under the key of Secrets Manager itself cannot be read from another account.
  if (accountOf(reader) !== accountOf(id)) {
    throw refused(
      'reader-elsewhere',
      `${reader} is in another account than the user ${userName} and could not open the secret`,
      'Name a user or role of the same account under rotation.deliveries, or make a store with a KMS key that both accounts may use.',
    );
  }
  return { kind: 'delivery', name, region, reader };
}

/** For people: where the new key goes, and who can read it there. */
export function describeDestination(into: Destination): string {
  return into.kind === 'store'
    ? `The new key goes into the secret ${into.name} (${into.secretId}), which holds this one`
    : `The new key goes into the secret ${into.name} in ${into.region}, which only ${into.reader} can read`;
}

function refused(code: string, message: string, hint: string): JanitorError {
  return new JanitorError(message, { code, source: 'policy', hint });
}
