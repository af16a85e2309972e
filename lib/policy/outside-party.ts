import type { Credential } from '../domain/credential.ts';
import { tagOf } from '../domain/label.ts';
import type { DirectoryDocument, ExternalParty } from './directory-schema.ts';
import { pathOf } from './evidence.ts';

type Tags = Readonly<Record<string, string>>;

/** What is known of the outside party behind a credential (G19). */
export interface PartyFound {
  /** By account or path, which are always known. */
  readonly certain: ExternalParty | undefined;
  /** By the party's own tags. */
  readonly tagged: ExternalParty | undefined;
  /** Whether tags could have named one at all. */
  readonly tagsMatter: boolean;
}

export function partyFinder(
  directory: DirectoryDocument,
): (credential: Credential, tags: Tags | undefined) => PartyFound {
  const parties = directory.externalParties;
  const ownerTagsMatter = directory.owners.tags.length > 0 && parties.length > 0;
  const tagsMatter = ownerTagsMatter || parties.some((party) => party.tags !== undefined);
  return (credential, tags) => {
    const path = pathOf(credential);
    const certain =
      parties.find((party) => party.accounts?.includes(credential.accountId) === true) ??
      parties.find((party) => party.paths?.some((prefix) => path.startsWith(prefix)) === true);
    const tagged =
      tags === undefined
        ? undefined
        : parties.find((party) => carries(party, tags, credential.kind === 'secret'));
    return { certain, tagged, tagsMatter };
  };
}

function carries(party: ExternalParty, tags: Tags, caseSensitive: boolean): boolean {
  if (party.tags === undefined) return false;
  return Object.entries(party.tags).every(([key, wanted]) => {
    const value = tagOf(tags, key, caseSensitive);
    return value !== undefined && (wanted === '*' || value === wanted);
  });
}

/** The party an owner tag names by id or contact address. */
export function partyNamed(directory: DirectoryDocument, value: string): ExternalParty | undefined {
  const wanted = value.trim().toLowerCase();
  return directory.externalParties.find(
    (party) => party.id.toLowerCase() === wanted || party.contact.toLowerCase() === wanted,
  );
}
