import type { Actor } from '../../../lib/domain/actor.ts';
import type { LedgerEvent } from '../../../lib/domain/event.ts';
import type { RequestKind } from '../../../lib/domain/request-events.ts';
import { elapsed } from '../../../lib/domain/time.ts';
import { type Chronicle, freshWrites, type Invariant, type Write } from '../chronicle.ts';
import { QUORUMS, ROUTINE_MS } from '../request-policy.ts';

type EventOf<T extends LedgerEvent['type']> = Extract<LedgerEvent, { type: T }>;
type Submitted = EventOf<'request.submitted'>;

/**
 * I11, for requests: what is carried out was approved by as many distinct persons of security as its kind and length ask
 * for, each before it lapsed, each bound to the hash of the request and to its policy version, and none of them asks for
 * it, is asked through, stands behind an agent of the chain, or is served by it.
 */
export const approvedRequests: Invariant = (chronicle) =>
  freshWrites(chronicle).flatMap((write) => {
    if (write.event.type !== 'request.executing') return [];
    const first = firstOf(chronicle, write);
    if (first === undefined) return [`I11: ${write.event.subject} was begun without having been asked for`];
    const needed = approvalsNeeded(first);
    const given = approversOf(chronicle, first, write.tick);
    return given.size >= needed
      ? []
      : [`I11: ${first.subject} was begun with ${given.size} valid approvals, ${needed} are needed`];
  });

/** By the world's own table, not by what the janitor wrote into the event. */
function approvalsNeeded({ at, expiresAt, data }: Submitted): number {
  const { kind } = data.ask;
  const routineMs = (ROUTINE_MS as Partial<Record<RequestKind, number>>)[kind];
  if (routineMs !== undefined && elapsed(at, expiresAt ?? at) <= routineMs) return 0;
  return QUORUMS[kind];
}

function firstOf({ writes }: Chronicle, { event: { subject } }: Write): Submitted | undefined {
  return writes
    .map(({ event }) => event)
    .find((event): event is Submitted => event.type === 'request.submitted' && event.subject === subject);
}

function approversOf(chronicle: Chronicle, first: Submitted, until: number): ReadonlySet<string> {
  const group = chronicle.policies.get(first.policyHash ?? '')?.policy.directory.groups.security;
  const parties = partiesOf(first);
  const counted = chronicle.writes.flatMap(({ tick, event }) => {
    const counts =
      tick < until &&
      event.type === 'request.approved' &&
      event.subject === first.subject &&
      event.data.requestHash === first.hash &&
      event.policyHash === first.policyHash &&
      event.at < first.data.lapsesAt &&
      event.actor.kind === 'person';
    const person = counts ? event.actor.person : undefined;
    return person === undefined || parties.has(person) || group?.members.includes(person) !== true
      ? []
      : [person];
  });
  return new Set(counted);
}

function partiesOf({ actor, data }: Submitted): ReadonlySet<string> {
  const chain: readonly Actor[] = [actor, ...data.onBehalfOf];
  const persons = [
    ...chain.map(({ person }) => person),
    data.sponsor,
    data.beneficiary,
    ...data.beneficiaries,
  ];
  return new Set(persons.filter((person) => person !== undefined));
}
