import type { Principal } from '../domain/credential.ts';
import { nameFits } from './identity-clauses.ts';
import type { Policy } from './policy.ts';

/**
 * Who receives the new key of a user whose key lies in no secret: the first entry of `rotation.deliveries` that names
 * the user by path or name; undefined when none does. Nothing else decides it, least of all a tag (G2).
 */
export function readerOf(
  { document }: Pick<Policy, 'document'>,
  { path, userName }: Pick<Principal, 'path' | 'userName'>,
): string | undefined {
  return document.rotation.deliveries.find(({ users }) =>
    users.startsWith('/') ? path.startsWith(users) : nameFits(userName, users),
  )?.reader;
}
