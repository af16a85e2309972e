import { type Chronicle, freshJanitorChanges, type Invariant, type Write } from '../chronicle.ts';
import { actOf, destruction, named } from './acts.ts';

/** I21: a hold placed before an act's intent prevents it; one placed after is told of it. A restore is such a hold. */
export const holds: Invariant = (chronicle) => [
  ...freshJanitorChanges(chronicle).flatMap((change) => {
    const act = destruction(change) === undefined ? undefined : actOf(chronicle, change);
    const hold = chronicle.writes.find(
      ({ tick, event }) =>
        event.type === 'hold.placed' &&
        event.subject === act?.intent.event.subject &&
        tick < act.intent.tick &&
        (event.expiresAt ?? '') > change.sentAt,
    );
    return hold === undefined
      ? []
      : [`I21: ${named(change)}: a hold until ${hold.event.expiresAt} forbids it`];
  }),
  ...untold(chronicle),
];

function untold(chronicle: Chronicle): string[] {
  return chronicle.errands.flatMap((errand) => {
    if (errand.tick <= chronicle.checkedTo || errand.kind !== 'hold' || errand.outcome !== 'done') return [];
    const chain = chronicle.writes.filter(({ event }) => event.subject === `credential#${errand.subject}`);
    const placed = chain.findLast(
      ({ tick, event }) => event.type === 'hold.placed' && tick > errand.since && tick < errand.tick,
    );
    if (placed === undefined) return [`I21: ${errand.by} was told that a hold is placed, and there is none`];
    return errand.toldOfIntent === true || !hadOpenIntent(chain, placed)
      ? []
      : [`I21: ${errand.by} was not told that an act on ${errand.subject} was under way`];
  });
}

function hadOpenIntent(chain: readonly Write[], placed: Write): boolean {
  let open: number | undefined;
  for (const { event } of chain) {
    if (event.seq >= placed.event.seq) break;
    if (event.type === 'step.intended') open = event.seq;
    if ('intent' in event.data && event.data.intent === open) open = undefined;
  }
  return open !== undefined;
}
