import type { Chronicle, Stamp } from '../chronicle.ts';
import type { Act } from './acts.ts';

/** When the quarantine that was in force at an act was recorded as verified; undefined when there was none. */
export function quarantinedSince(chronicle: Chronicle, act: Act): Stamp | undefined {
  let since: Stamp | undefined;
  for (const { event, tick } of chronicle.writes) {
    if (tick >= act.intent.tick) break;
    if (event.subject !== act.intent.event.subject) continue;
    if (event.type === 'quarantine.ended') since = undefined;
    if (event.type === 'step.done' && event.data.change === 'enable') since = undefined;
    if (event.type === 'step.done' && event.data.change === 'disable') since = { tick, at: event.at };
  }
  return since;
}
