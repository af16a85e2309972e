import type { Credential } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import type { Scope } from '../domain/event.ts';
import type { ChangeKind } from '../domain/event-data.ts';
import { prepareKeyDeletion, readKeyDeletion } from './access-key-deletion.ts';
import { prepareKeyDisable, prepareKeyEnable, readKeyStatusChange } from './access-key-status.ts';
import type { ActingClients, AttemptOptions } from './attempt.ts';
import {
  type Change,
  type ChangeReader,
  type ChangeRequest,
  type Performed,
  type Prepared,
  type ReadBack,
  refused,
} from './change.ts';
import { readDeliveryPolicy } from './delivery-policy.ts';
import { prepareDelivery, readDeliveryCreation } from './delivery-secret.ts';
import {
  prepareSecretDeletion,
  prepareSecretRestoration,
  readSecretDeletion,
  readSecretRestoration,
} from './secret-deletion.ts';
import { prepareSecretQuarantine, prepareSecretRelease, readQuarantineChange } from './secret-quarantine.ts';
import { prepareKeyRotation, prepareSecretRotation, readSecretRotation } from './secret-rotation.ts';
import { prepareSecretTags, readSecretTagChange } from './secret-tags.ts';
import { undoTags } from './tagging.ts';
import { prepareUserTags, readUserTagChange } from './user-tags.ts';

/**
 * Looks at AWS and says exactly what would be done, without doing it. The scope is to be stored before it is
 * performed. Codes of a refusal: `kind-not-actionable`, `key-id-unknown`, `facts-unknown`, `unreadable`, `gone`,
 * `nothing-to-do`, `nothing-to-undo`, `changed-since`, `status-unsupported`, `not-quarantined`, `service-owned`,
 * `replica`, `replicated`, `policy-malformed`, `policy-too-long`, `quarantine-altered`, `recovery-window-invalid`,
 * `tag-not-ours`, `tag-invalid`, `tags-full`, `delivery-name-invalid`, `delivery-taken`, `delivery-quarantined`,
 * `secret-scheduled-for-deletion`, `not-managed`, `no-store`, `store-gone`, `rotation-not-configured`,
 * `rotation-disabled`, `rotation-stuck`. Throws `scope-mismatch` when a reverse is given another change's scope.
 */
export async function prepareChange(clients: ActingClients, request: ChangeRequest): Promise<Prepared> {
  switch (request.credential.kind) {
    case 'access-key':
      return prepareKeyChange(clients, request);
    case 'secret':
      return prepareSecretChange(clients, request);
    default: {
      const { id, kind } = request.credential;
      return refused('kind-not-actionable', `${id} is a ${kind}; only access keys and secrets are changed`);
    }
  }
}

function prepareKeyChange(clients: ActingClients, request: ChangeRequest): Promise<Prepared> | Prepared {
  const { credential } = request;
  switch (request.change) {
    case 'tag':
      return prepareUserTags(clients, request);
    case 'deliver':
      return prepareDelivery(clients, credential, request.delivery);
    case 'rotate':
      return prepareKeyRotation(clients, request);
    case 'disable':
      return prepareKeyDisable(clients, credential);
    case 'enable':
      return prepareKeyEnable(clients, credential, request.quarantine);
    case 'delete':
      return prepareKeyDeletion(clients, credential);
    case 'undelete':
      return refused('nothing-to-undo', `a deleted access key cannot be brought back: ${credential.id}`);
  }
}

function prepareSecretChange(clients: ActingClients, request: ChangeRequest): Promise<Prepared> | Prepared {
  const { credential } = request;
  switch (request.change) {
    case 'tag':
      return prepareSecretTags(clients, request);
    case 'deliver':
      return refused(
        'kind-not-actionable',
        `${credential.id} is a secret; keys are delivered, secrets are not`,
      );
    case 'rotate':
      return prepareSecretRotation(clients, request);
    case 'disable':
      return prepareSecretQuarantine(clients, credential);
    case 'enable':
      return prepareSecretRelease(clients, credential, request.quarantine);
    case 'delete':
      return prepareSecretDeletion(clients, credential, request.recoveryWindowDays);
    case 'undelete':
      return prepareSecretRestoration(clients, credential, request.deletion);
  }
}

const READERS: readonly ChangeReader[] = [
  readKeyStatusChange,
  readKeyDeletion,
  readUserTagChange,
  readSecretTagChange,
  readQuarantineChange,
  readSecretDeletion,
  readSecretRestoration,
  readSecretRotation,
  readDeliveryCreation,
  readDeliveryPolicy,
];

function changeOf(scope: Scope): Change {
  for (const reader of READERS) {
    const change = reader(scope);
    if (change !== undefined) return change;
  }
  throw new JanitorError(
    `A stored scope of ${scope.action} on ${scope.resource} is not one this version writes`,
    {
      code: 'scope-unknown',
      source: 'system',
      hint: 'Use the version that wrote the event, and run `janitor ledger verify`.',
    },
  );
}

/**
 * Does what the scope says, once. `rejected`: AWS refused, or nothing was sent; it was not done. `unknown`: a
 * time-out, a reset, an abort or a server error, to be settled with `readBackChange` and never repeated blindly.
 * Throws `acting-client-retries` for clients that retry and `scope-unknown` for a scope that is not ours.
 */
export async function performChange(
  clients: ActingClients,
  scope: Scope,
  options: AttemptOptions,
): Promise<Performed> {
  return changeOf(scope).perform(clients, options);
}

/** Looks at AWS and says whether the scope is in effect. Clients that retry are welcome. Throws `scope-unknown`. */
export async function readBackChange(clients: ActingClients, scope: Scope): Promise<ReadBack> {
  return changeOf(scope).readBack(clients);
}

/** One sentence for people, without the full stop. Throws `scope-unknown`. */
export function describeChange(scope: Scope): string {
  return changeOf(scope).describe();
}

/** The request that undoes a change that was done, from its stored scope; null: it cannot be undone. */
export function reverseRequest(
  change: ChangeKind,
  credential: Credential,
  scope: Scope,
): ChangeRequest | null {
  if (change === 'tag') return undoTags(credential, scope);
  if (change === 'disable') return { change: 'enable', credential, quarantine: scope };
  if (change === 'delete' && credential.kind === 'secret') {
    return { change: 'undelete', credential, deletion: scope };
  }
  return null;
}
