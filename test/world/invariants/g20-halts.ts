import { type Chronicle, freshJanitorChanges, type Invariant } from '../chronicle.ts';
import { type Act, actOf, named } from './acts.ts';

/** G20: a halt in force before an intent stops it, and only another person lifts a halt. Restoring is never halted. */
export const halts: Invariant = (chronicle) => [
  ...freshJanitorChanges(chronicle).flatMap((change) => {
    const act = change.process.startsWith('janitor') ? actOf(chronicle, change) : undefined;
    const halt = act === undefined ? undefined : haltBefore(chronicle, act);
    return halt === undefined ? [] : [`G20: ${named(change)}: ${halt} was halted`];
  }),
  ...resumedBySame(chronicle),
];

function haltBefore(chronicle: Chronicle, act: Act): string | undefined {
  const account = act.credentialId.split(':')[4];
  const targets = ['all', `account:${account}`, `rule:${act.intent.event.rule}`];
  const standing = new Map<string, string>();
  for (const { tick, event } of chronicle.writes) {
    if (event.type === 'halt.lifted' && tick < act.change.tick) standing.delete(event.data.haltId);
    if (event.type === 'halt.placed' && tick < act.intent.tick)
      standing.set(event.data.haltId, event.data.target);
  }
  return [...standing.values()].find((target) => targets.includes(target));
}

function resumedBySame(chronicle: Chronicle): string[] {
  const placedBy = new Map<string, string | undefined>();
  return chronicle.writes.flatMap(({ event }) => {
    if (event.type === 'halt.placed') placedBy.set(event.data.haltId, event.actor.person);
    if (event.type !== 'halt.lifted') return [];
    const { person } = event.actor;
    return person === undefined || placedBy.get(event.data.haltId) === person
      ? [`G20: ${event.data.haltId} was lifted by ${person ?? 'nobody known'}`]
      : [];
  });
}
