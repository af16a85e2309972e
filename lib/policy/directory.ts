import { JanitorError } from '../domain/error.ts';
import type { Tier } from '../domain/step.ts';
import { DAY_MS, type Instant, parseInstant, plus } from '../domain/time.ts';
import type { DirectoryDocument, ExternalParty } from './directory-schema.ts';
import type { Policy } from './policy.ts';

type Person = DirectoryDocument['people'][number];

/** Where notices to somebody go. */
export interface Route {
  readonly id: string;
  /** For people to read. */
  readonly label: string;
  readonly mail: string;
}

/** Whether steps of a rule may act in an account: mode, and an entry of `enforce` that names both. */
export function enforces(policy: Policy, ruleId: string, accountId: string): boolean {
  const { mode, enforce } = policy.document;
  if (mode !== 'enforce') return false;
  const ou = policy.directory.accounts.find((account) => account.id === accountId)?.ou;
  return enforce.some((entry) => {
    if (!entry.rules.includes(ruleId)) return false;
    return (
      entry.accounts?.includes(accountId) === true || (ou !== undefined && entry.ous?.includes(ou) === true)
    );
  });
}

/** Who has to approve, and how many different persons. */
export function approvalFor(
  policy: Policy,
  of: Exclude<Tier, 'routine'> | 'policy',
): { readonly group: string; readonly quorum: number } {
  return policy.document.approvals[of];
}

/** Ids of the people in a group, those who left included: pass `now` to leave them out. Throws `group-unknown`. */
export function membersOf(policy: Policy, groupId: string, now?: Instant): readonly string[] {
  const { groups } = policy.directory;
  const group = Object.hasOwn(groups, groupId) ? groups[groupId] : undefined;
  if (group === undefined) {
    throw new JanitorError(`the directory has no group "${groupId}"`, {
      code: 'group-unknown',
      source: 'user',
      hint: 'A missing group never means that nobody is needed: add it to directory.yaml.',
    });
  }
  return now === undefined ? group.members : group.members.filter((id) => !hasLeft(policy, id, now));
}

/** The person behind an IAM user's ARN or `sso:<user name>`. */
export function personOf(policy: Policy, principal: string): string | undefined {
  return policy.directory.people.find((person) => person.principals.includes(principal))?.id;
}

/** Whether a person left on or before the day of `now`. Groups and strangers do not leave. */
export function hasLeft(policy: Policy, personId: string, now: Instant): boolean {
  const person = policy.directory.people.find((candidate) => candidate.id === personId);
  return person !== undefined && personLeft(person, now);
}

export function personLeft(person: Person, now: Instant): boolean {
  return person.leftOn !== undefined && parseInstant(person.leftOn) <= now;
}

/** How a person, a group or an outside party is reached; undefined when they cannot be. */
export function routeOf(policy: Policy, recipientId: string): Route | undefined {
  const { people, groups, externalParties } = policy.directory;
  const person = people.find((candidate) => candidate.id === recipientId);
  if (person !== undefined) return { id: person.id, label: person.name ?? person.id, mail: person.mail };
  const group = Object.hasOwn(groups, recipientId) ? groups[recipientId] : undefined;
  if (group?.mail !== undefined) return { id: recipientId, label: recipientId, mail: group.mail };
  const party = externalParties.find((candidate) => candidate.id === recipientId);
  return party === undefined ? undefined : { id: party.id, label: party.organisation, mail: party.contact };
}

/** The outside party whose account this is (G19). */
export function outsidePartyOfAccount(policy: Policy, accountId: string): ExternalParty | undefined {
  return policy.directory.externalParties.find((party) => party.accounts?.includes(accountId) === true);
}

/** Whether the last day of the contract is over. */
export function contractEnded(party: ExternalParty, now: Instant): boolean {
  return plus(parseInstant(party.contractEnds), DAY_MS) <= now;
}
