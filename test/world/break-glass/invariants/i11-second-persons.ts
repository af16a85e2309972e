import { type Chronicle, freshWrites, type Invariant, type Write } from '../../chronicle.ts';
import { type Granted, granted, is, type WriteOf } from './grants.ts';

/**
 * I11, I16: what takes others is activated after as many of them approved as it takes: distinct persons of the approvers,
 * none of them the one who asked. I14: and before its end.
 */
export const secondPersons: Invariant = (chronicle) => {
  const grants = granted(chronicle);
  return freshWrites(chronicle).flatMap((write) => {
    if (!is(write, 'grant.activating')) return [];
    const grant = grants.get(write.event.subject.slice('grant#'.length));
    if (grant === undefined) return [`I11: ${write.event.subject} was never asked for`];
    const { approvalsNeeded } = grant.first.event.data;
    const approvers = approversOf(grant, write.tick);
    return [
      ...(approvers.size >= approvalsNeeded
        ? []
        : [`I11: ${grant.grantId} was taken up with ${approvers.size} of ${approvalsNeeded} approvals`]),
      ...(write.event.at < (grant.first.event.expiresAt ?? '')
        ? []
        : [`I14: ${grant.grantId} was taken up after its end`]),
    ];
  });
};

/** Persons whose approval counts, recorded before. */
export function approversOf({ first, chain }: Granted, until: number): ReadonlySet<string> {
  const { approvers } = first.event.data;
  const said = chain.flatMap((write: Write) => {
    const { actor } = write.event;
    if (!is(write, 'grant.approved') || write.tick >= until || actor.kind !== 'person') return [];
    const { person } = actor;
    return person === undefined || person === first.event.actor.person || !approvers.includes(person)
      ? []
      : [person];
  });
  return new Set(said);
}

/**
 * I18, I17: an overdue review of an earlier use by the same person of the same role makes the next one wait for a second
 * person, and nothing else does but the role itself.
 */
export const overdueUses: Invariant = (chronicle) => {
  const grants = granted(chronicle);
  return freshWrites(chronicle).flatMap((write) => {
    if (!is(write, 'grant.requested')) return [];
    const { subject, data } = write.event;
    const own = { routine: 0, guarded: 1, critical: 2 }[data.tier];
    const overdue = [...grants.values()].filter((each) => isOverdue(each, write));
    const known = overdue.filter((each) => isNoted(chronicle, each, write.tick));
    if (known.length > 0 && data.approvalsNeeded < 1)
      return [`I18: ${subject} took no second person although ${known[0]?.grantId} was not reviewed in time`];
    return overdue.length === 0 && data.approvalsNeeded > own
      ? [`I18: ${subject} took a second person although nothing was overdue`]
      : [];
  });
};

function isOverdue(earlier: Granted, next: WriteOf<'grant.requested'>): boolean {
  const { first, intents } = earlier;
  const isSame =
    first.event.actor.person === next.event.actor.person && first.event.data.role === next.event.data.role;
  if (!isSame || first.event.data.reviewBy > next.event.at) return false;
  if (!intents.some(({ tick }) => tick < next.tick)) return false;
  return !isReviewed(earlier, next.tick);
}

/** Whether a use is closed, or found wrong. */
export function isReviewed({ first, chain }: Granted, until: number): boolean {
  const reviews = chain.filter(
    (write): write is WriteOf<'grant.reviewed'> => is(write, 'grant.reviewed') && write.tick < until,
  );
  return (
    reviews.some(({ event }) => event.data.verdict === 'finding') ||
    reviews.length >= first.event.data.reviewsNeeded
  );
}

/** Where a use stands beside the person's other uses of the role; a crash may leave that to the reconciler. */
export function isNoted({ writes }: Chronicle, { grantId }: Granted, until: number): boolean {
  return writes.some(
    (write) => is(write, 'grant.noted') && write.event.data.grantId === grantId && write.tick < until,
  );
}
