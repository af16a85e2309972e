import { type Chronicle, freshWrites, type Invariant, type Write } from '../../chronicle.ts';
import { type Granted, granted, is } from './grants.ts';
import { approversOf, isReviewed } from './i11-second-persons.ts';

/**
 * I17: what was used and ended is reviewed by persons who are reviewers of it, neither used nor approved it, and each once,
 * after evidence was attached; it is settled when that was enough, and never before.
 */
export const reviews: Invariant = (chronicle) => {
  const grants = granted(chronicle);
  return freshWrites(chronicle).flatMap((write) => {
    if (is(write, 'grant.settled')) {
      const grant = grants.get(write.event.data.grantId);
      return grant !== undefined && isReviewed(grant, write.tick)
        ? []
        : [`I17: ${write.event.data.grantId} was settled without its review`];
    }
    if (!is(write, 'grant.reviewed')) return [];
    const grant = grants.get(write.event.subject.slice('grant#'.length));
    return wrongWith(grant, write).map((what) => `I17: a review of ${write.event.subject} ${what}`);
  });
};

function wrongWith(grant: Granted | undefined, review: Write): string[] {
  if (grant === undefined) return ['is of no grant'];
  const { actor } = review.event;
  const person = actor.kind === 'person' ? actor.person : undefined;
  const before = grant.chain.filter(({ tick }) => tick < review.tick);
  const reviewed = before.some((write) => is(write, 'grant.reviewed') && write.event.actor.person === person);
  return [
    ...(person !== undefined && grant.first.event.data.reviewers.includes(person)
      ? []
      : ['is by no reviewer']),
    ...(person === grant.first.event.actor.person ? ['is by the one who used it'] : []),
    ...(approversOf(grant, review.tick).has(person ?? '') ? ['is by somebody who approved it'] : []),
    ...(reviewed ? ['is by somebody who had reviewed it'] : []),
    ...(before.some((write) => is(write, 'grant.ended')) ? [] : ['came before the end']),
    ...(before.some((write) => is(write, 'grant.evidence-attached')) ? [] : ['came before any evidence']),
  ];
}

/** What is still owed when all is quiet: every use has ended and is noted, so that its review cannot be forgotten. */
export function owed(chronicle: Chronicle): string[] {
  return [...granted(chronicle).values()].flatMap((grant) => {
    const { grantId, chain, intents, first } = grant;
    const last = chain.at(-1)?.event.type ?? '';
    const isEnded = grant.ended !== undefined || (intents.length === 0 && grant.over !== undefined);
    if (!isEnded) return [`I13: ${grantId} is left open, its chain ends with ${last}`];
    const noted = chronicle.writes.filter(
      (write) => is(write, 'grant.noted') && write.event.data.grantId === grantId,
    );
    const where = `grant#uses/${first.event.actor.person}/${first.event.data.role}`;
    if (noted.length === 1 && noted[0]?.event.subject === where) return [];
    return [`I17: ${grantId} is noted ${noted.length} times beside the uses of ${where}`];
  });
}
