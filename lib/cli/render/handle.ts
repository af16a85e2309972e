import { type Credential, credentialOfId } from '../../domain/credential.ts';

/** A credential in a table: what to copy (commands take it as well), and whose or where it is. */
export interface Handle {
  /** The bare access key id or the secret's name; for the other kinds the whole id. */
  readonly handle: string;
  readonly place: string;
}

type Named = Pick<Credential, 'id' | 'kind' | 'name' | 'region' | 'principal'>;

export function handleOf({ id, kind, name, region, principal }: Named): Handle {
  if (kind === 'secret') return { handle: name, place: region };
  const place = principal === undefined ? '' : `${principal.path}${principal.userName}`.slice(1);
  return { handle: kind === 'access-key' && /^A[A-Z0-9]{15,}$/.test(name) ? name : id, place };
}

/** The same where only the id is known. */
export function handleOfId(id: string): Handle {
  const credential = credentialOfId(id);
  return credential === undefined ? { handle: id, place: '' } : handleOf(credential);
}
