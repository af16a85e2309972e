import type { CredentialHistory } from '../domain/history.ts';
import type { Instant } from '../domain/time.ts';
import { personLeft, routeOf } from './directory.ts';
import type { Ownership } from './owner.ts';
import type { Policy } from './policy.ts';

/** Who is told about a credential. */
export interface Recipient {
  /** An id of the directory; empty when nobody can be reached. */
  readonly id: string;
  /** Whether that is the owner who was found, so that the owner really hears of it. */
  readonly isOwner: boolean;
}

export type RecipientResolver = (ownership: Ownership, history: CredentialHistory, now: Instant) => Recipient;

/** The owner, else owners.default, else the risk owner: the first who has a route, has not left and bounced nothing. */
export function recipientResolver(policy: Policy): RecipientResolver {
  const fallbacks = [policy.directory.owners.default, policy.document.riskOwner];
  const people = new Map(policy.directory.people.map((person) => [person.id, person]));
  const groups = new Set(
    Object.keys(policy.directory.groups).filter((id) => routeOf(policy, id) !== undefined),
  );
  return ({ owner, resolved }, history, now) => {
    const reachable = (id: string): boolean => {
      if (history.bounced.includes(id)) return false;
      const person = people.get(id);
      return person === undefined ? groups.has(id) : !personLeft(person, now);
    };
    const id = [owner.id, ...fallbacks].find(reachable) ?? '';
    return { id, isOwner: resolved && id === owner.id };
  };
}
