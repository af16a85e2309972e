import type { Actor } from '../domain/actor.ts';
import type { Credential, Facts } from '../domain/credential.ts';
import { knownValue } from '../domain/fact.ts';
import { tagOf } from '../domain/label.ts';
import type { Instant } from '../domain/time.ts';
import type { Owner } from '../domain/verdict.ts';
import { personLeft } from './directory.ts';
import type { DirectoryDocument, ExternalParty } from './directory-schema.ts';
import { pathOf } from './evidence.ts';
import { partyFinder, partyNamed } from './outside-party.ts';
import type { Policy } from './policy.ts';

/** Whose a credential is, and how that was found out. */
export interface Ownership {
  readonly owner: Owner;
  /** False when nobody was found but the default of the account, or nobody at all. */
  readonly resolved: boolean;
  readonly party?: ExternalParty;
  /** False when tags, which could name an outside party, are unknown and nothing else named one. */
  readonly partyKnown: boolean;
}

/** `createdBy`: who made the credential, as its chain says. */
export type OwnerResolver = (
  credential: Credential,
  facts: Facts,
  createdBy: Actor | undefined,
  now: Instant,
) => Ownership;

interface Candidate {
  readonly id: string;
  readonly source: string;
}

/** One search for an owner; `notes` collects who was passed over and why. */
interface Search {
  readonly credential: Credential;
  readonly now: Instant;
  readonly notes: string[];
}

const UNRESOLVED: Candidate = { id: 'unresolved', source: 'unresolved' };

/**
 * The order: tags (as owners.tags lists them), the longest path, the person mapped to the IAM user, the sponsor of the
 * outside party, the person who created it, the default owner of the account, else `unresolved`. Who has left owns
 * nothing; the next in order does, and the source says so, as it does of tags that name nobody and of a creator who is
 * no person.
 */
export function ownerResolver({ directory }: Policy): OwnerResolver {
  const index = indexOf(directory);
  const findParty = partyFinder(directory);
  const byTags = directory.owners.tags.length > 0;
  return (credential, facts, createdBy, now) => {
    const tags = knownValue(facts.tags);
    const search: Search = { credential, now, notes: [] };
    const tagged = tags === undefined ? {} : taggedOwner(index, search, tags);
    const found = findParty(credential, tags);
    const party = found.certain ?? tagged.party ?? found.tagged;
    const base = {
      ...(party === undefined ? {} : { party }),
      partyKnown: party !== undefined || tags !== undefined || !found.tagsMatter,
    };
    if (tags === undefined && byTags)
      return { ...base, owner: { id: 'unresolved', source: 'unknown-tags' }, resolved: false };
    const owner =
      tagged.owner ??
      present(index, search, otherOwners(index, credential, party)) ??
      present(index, search, creator(index, search, createdBy));
    if (owner !== undefined) return { ...base, owner: noted(owner, search), resolved: true };
    const fallback = present(index, search, accountDefault(index, credential)) ?? UNRESOLVED;
    return { ...base, owner: noted(fallback, search), resolved: false };
  };
}

interface Index {
  readonly directory: DirectoryDocument;
  /** Ids, mail addresses and principals of people and groups, in lower case, to the id they mean. */
  readonly named: ReadonlyMap<string, string>;
  readonly people: ReadonlyMap<string, DirectoryDocument['people'][number]>;
  /** Longest first. */
  readonly paths: DirectoryDocument['owners']['paths'];
  readonly accountOwners: ReadonlyMap<string, string | undefined>;
}

function indexOf(directory: DirectoryDocument): Index {
  const people = directory.people.flatMap(({ id, mail, principals }) =>
    [id, mail, ...principals].map((name) => [name.toLowerCase(), id] as const),
  );
  const groups = Object.entries(directory.groups).flatMap(([id, { mail }]) =>
    [id, mail ?? id].map((name) => [name.toLowerCase(), id] as const),
  );
  return {
    directory,
    named: new Map([...groups, ...people]),
    people: new Map(directory.people.map((person) => [person.id, person])),
    paths: directory.owners.paths.toSorted((a, b) => b.path.length - a.path.length),
    accountOwners: new Map(directory.accounts.map((account) => [account.id, account.owner])),
  };
}

/** The first candidate who has not left. */
function present(index: Index, search: Search, candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.find(({ id, source }) => {
    const person = index.people.get(id);
    if (person === undefined || !personLeft(person, search.now)) return true;
    search.notes.push(`${source} names ${id}, who left on ${person.leftOn}`);
    return false;
  });
}

function noted(owner: Candidate, { notes }: Search): Owner {
  return notes.length === 0 ? owner : { id: owner.id, source: `${owner.source} (${notes.join('; ')})` };
}

/** The first tag of owners.tags that names somebody: a person or group, or an outside party. */
function taggedOwner(
  index: Index,
  search: Search,
  tags: Readonly<Record<string, string>>,
): { readonly owner?: Candidate; readonly party?: ExternalParty } {
  for (const key of index.directory.owners.tags) {
    const value = tagOf(tags, key, search.credential.kind === 'secret');
    if (value === undefined) continue;
    const source = `tag:${key}`;
    const id = index.named.get(value.trim().toLowerCase());
    const owner = id === undefined ? undefined : present(index, search, [{ id, source }]);
    if (owner !== undefined) return { owner };
    const party = partyNamed(index.directory, value);
    if (party !== undefined) return { party };
    if (id === undefined)
      search.notes.push(`${source} names nobody in the directory: "${value.slice(0, 64)}"`);
  }
  return {};
}

function otherOwners(index: Index, credential: Credential, party: ExternalParty | undefined): Candidate[] {
  const path = pathOf(credential);
  const candidates = index.paths
    .filter((entry) => path.startsWith(entry.path))
    .map((entry) => ({ id: entry.owner, source: 'path' }));
  const person = index.named.get(credential.principal?.arn.toLowerCase() ?? '');
  if (person !== undefined) candidates.push({ id: person, source: 'person' });
  if (party !== undefined) candidates.push({ id: party.sponsor, source: 'outside-party' });
  return candidates;
}

/** People own; whoever else made it is only mentioned. */
function creator(index: Index, { notes }: Search, createdBy: Actor | undefined): Candidate[] {
  if (createdBy === undefined) return [];
  const { person, arn } = createdBy;
  if (person !== undefined && index.people.has(person)) return [{ id: person, source: 'creator' }];
  notes.push(`created by ${arn}, who is no person of the directory`);
  return [];
}

function accountDefault(index: Index, { accountId }: Credential): Candidate[] {
  const id = index.accountOwners.get(accountId);
  return id === undefined ? [] : [{ id, source: 'default' }];
}
