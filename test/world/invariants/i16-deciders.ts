import { freshWrites, type Invariant } from '../chronicle.ts';

const DECISIONS = [
  'request.approved',
  'request.rejected',
  'challenge.upheld',
  'challenge.dismissed',
  'plan.approved',
  'plan.rejected',
  'policy.approved',
  'halt.lifted',
];

/** I16: workloads and agents never approve, nor does anybody of outside: whoever decides is a person of ours. */
export const deciders: Invariant = (chronicle) =>
  freshWrites(chronicle).flatMap(({ event }) => {
    if (!DECISIONS.includes(event.type)) return [];
    const { kind, person, outsideParty, arn } = event.actor;
    return kind === 'person' && person !== undefined && outsideParty === undefined
      ? []
      : [`I16: ${event.type} on ${event.subject} is by ${arn}, which is no person of ours`];
  });
