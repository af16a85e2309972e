import { type RotationClients, readCurrent } from '../actions/index.ts';
import { JanitorError } from '../domain/error.ts';
import type { DocumentFields, StoreCandidate } from '../domain/rotation-store.ts';
import { readDocument } from './value-document.ts';

export interface StoresByValue {
  /** Secrets whose current value is a document with this key. */
  readonly holding: readonly StoreCandidate[];
  /** Secrets whose value could not be read: the key may be in one of them. */
  readonly unread: readonly StoreCandidate[];
}

/**
 * Which secrets hold a key, by looking into their values: only where the policy allows it (`rotation.stores.compareIds`)
 * and only when a person asks, for Secrets Manager takes each reading for a use of the secret, which would make all of
 * them look used. Values are parsed in memory, one at a time, and neither kept nor told. What is found is for somebody to
 * tag: a value proves that a secret has a key's id, not whose secret it is.
 */
export async function storesByValue(
  clients: Pick<RotationClients, 'secretsManager'>,
  candidates: readonly StoreCandidate[],
  { accessKeyId, fields }: { readonly accessKeyId: string; readonly fields: DocumentFields },
): Promise<StoresByValue> {
  const holding: StoreCandidate[] = [];
  const unread: StoreCandidate[] = [];
  for (const candidate of candidates) {
    const held = await keyIn(clients, candidate, fields);
    if (held === 'unread') unread.push(candidate);
    else if (held.accessKeyId === accessKeyId) holding.push(candidate);
  }
  return { holding, unread };
}

async function keyIn(
  clients: Pick<RotationClients, 'secretsManager'>,
  { secretId }: StoreCandidate,
  fields: DocumentFields,
): Promise<{ readonly accessKeyId: string | undefined } | 'unread'> {
  try {
    const value = await readCurrent(clients, secretId);
    if (value === undefined) return { accessKeyId: undefined };
    return { accessKeyId: readDocument(value, fields, secretId).key.accessKeyId };
  } catch (error) {
    if (!(error instanceof JanitorError)) throw error;
    return error.code.startsWith('value-') ? { accessKeyId: undefined } : 'unread';
  }
}
