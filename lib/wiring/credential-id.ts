import { accountOf } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import type { Instant } from '../domain/time.ts';
import { findCredential, type StateProjection } from '../ledger/index.ts';

type RecordOfAccounts = Parameters<typeof findCredential>[0];

/**
 * As `resolveCredentialId`, and for credentials that were only ever kept, too: sweeps have seen them, and nothing else
 * is recorded of them.
 */
export async function resolveSeenCredentialId(
  record: RecordOfAccounts,
  typed: string,
  now: Instant,
): Promise<string> {
  if (accountOf(typed) !== undefined) return typed;
  const found = await findCredential(record, typed, now);
  return found?.credentialId ?? resolveCredentialId(record, typed);
}

/** The credential id behind what a person typed: the id itself, a bare access key id or a secret's name. */
export async function resolveCredentialId(
  { state }: { readonly state: StateProjection },
  typed: string,
): Promise<string> {
  if (accountOf(typed) !== undefined) return typed;
  const ids = await state.named(typed);
  const [id, ...others] = ids;
  if (id === undefined) throw unknownCredential(typed);
  if (others.length === 0) return id;
  throw new JanitorError(`"${typed}" is the name of ${ids.length} credentials`, {
    code: 'credential-ambiguous',
    source: 'user',
    hint: `Give one of the whole ids: ${ids.join(', ')}.`,
    details: { ids },
  });
}

export function unknownCredential(typed: string): JanitorError {
  return new JanitorError(`nothing is recorded about "${typed}"`, {
    code: 'credential-not-found',
    source: 'user',
    hint: "Give an access key id, a secret's name or a whole credential id as sweep and explain print them. What no sweep has seen yet has to be named by its whole id.",
  });
}
