import type { LedgerEvent } from '../../../lib/domain/event.ts';
import { type Chronicle, freshJanitorChanges, type Invariant, type Write } from '../chronicle.ts';
import { type Act, actOf, destruction, named } from './acts.ts';

type Placed = Extract<LedgerEvent, { type: 'hold.placed' }>;

/** I21: a hold placed before an act's intent prevents it; one placed after is told of it. A restore is such a hold. */
export const holds: Invariant = (chronicle) => [
  ...freshJanitorChanges(chronicle).flatMap((change) => {
    const act = destruction(change) === undefined ? undefined : actOf(chronicle, change);
    const hold = act === undefined ? undefined : holdAgainst(chronicle, act);
    return hold === undefined
      ? []
      : [`I21: ${named(change)}: a hold until ${hold.event.expiresAt} forbids it`];
  }),
  ...untold(chronicle),
];

/** A hold before the intent that is in force, was not lifted by then, and speaks of this rule and step. */
function holdAgainst({ writes }: Chronicle, { change, intent }: Act): Write | undefined {
  const step = destruction(change);
  const before = writes.filter(
    ({ tick, event }) => event.subject === intent.event.subject && tick < intent.tick,
  );
  const lifted = before.flatMap(({ event }) => (event.type === 'hold.lifted' ? [event.data.holdId] : []));
  const speaksOf = ({ data }: Placed) =>
    (data.rules === undefined || data.rules.includes(intent.event.rule ?? '')) &&
    (data.steps === undefined || (step !== undefined && data.steps.includes(step)));
  return before.find(
    ({ tick, event }) =>
      event.type === 'hold.placed' &&
      (event.expiresAt ?? '') > change.sentAt &&
      !lifted.includes(event.data.holdId) &&
      speaksOf(event) &&
      !(event.data.ref?.kind === 'challenge' && isClosedSince(before, intent.event.rule, tick)),
  );
}

/** A challenge is to the step of one finding: what it holds ends with that. */
function isClosedSince(chain: readonly Write[], rule: string | undefined, since: number): boolean {
  return chain.some(
    ({ tick, event }) => tick > since && event.type === 'finding.closed' && event.rule === rule,
  );
}

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
