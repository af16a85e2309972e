import type { Facts } from '../domain/credential.ts';
import { durationMs, elapsed, humanDuration, type Instant, latest, plus } from '../domain/time.ts';
import { type Clause, compared, earlier } from './clauses.ts';
import { day, evidenceOf, read } from './evidence.ts';
import { type Answer, answer, no, unsure } from './kleene.ts';

/**
 * The clauses of `match` that rest on use. Proof of disuse reaches only as far as the evidence: it ends at the instant
 * the source speaks of (never later than now), less the time AWS may take to show a use.
 */

/** Counted from the last use, or from creation when it was never used: a key nobody ever used does not pass for ever. */
export function unusedForClause(duration: string, lagMs: number): Clause {
  const least = durationMs(duration);
  return ({ facts, now }) => {
    const idle = idleness(facts, now, lagMs);
    if ('why' in idle) return idle;
    return compared(idle.gapMs >= least, idle.says, least);
  };
}

export function usedWithinClause(duration: string, lagMs: number): Clause {
  const most = durationMs(duration);
  return ({ facts, now }) => {
    const idle = idleness(facts, now, lagMs);
    if ('why' in idle) return idle;
    if (idle.never) return no(idle.says);
    const recent = idle.gapMs < most;
    return answer(recent, `${idle.says}, ${recent ? 'less than' : 'at least'} ${humanDuration(most)}`);
  };
}

export function neverUsedClause(wanted: boolean): Clause {
  return ({ facts }) => {
    const used = read('lastUsedAt', facts.lastUsedAt);
    if (!used.ok) return unsure(used.why);
    const { value } = used.fact;
    const state = value === null ? 'never used' : `last used on ${day(value)}`;
    return answer((value === null) === wanted, `${state} (${evidenceOf(used.fact)})`);
  };
}

/** Counted from the last rotation, or from creation when there was none. */
export function notRotatedForClause(duration: string): Clause {
  const least = durationMs(duration);
  return ({ facts, now }) => {
    const rotated = read('lastRotatedAt', facts.lastRotatedAt);
    if (!rotated.ok) return unsure(rotated.why);
    const created = read('createdAt', facts.createdAt);
    if (!created.ok) return unsure(created.why);
    const { value, asOf } = rotated.fact;
    const from = value === null ? created.fact.value : latest(value, created.fact.value);
    const gapMs = elapsed(from, earlier(asOf, now));
    const event = value === null ? 'never rotated since its creation on' : 'last rotated on';
    return compared(gapMs >= least, `${event} ${gapText(from, gapMs, evidenceOf(rotated.fact))}`, least);
  };
}

interface Idleness {
  /** From the last use (or creation) to the end of the proof; negative when used after it. */
  readonly gapMs: number;
  readonly never: boolean;
  readonly says: string;
}

function idleness(facts: Facts, now: Instant, lagMs: number): Idleness | Answer {
  const used = read('lastUsedAt', facts.lastUsedAt);
  if (!used.ok) return unsure(used.why);
  const created = read('createdAt', facts.createdAt);
  if (!created.ok) return unsure(created.why);
  const { value, asOf } = used.fact;
  const from = value === null ? created.fact.value : latest(value, created.fact.value);
  const gapMs = elapsed(from, plus(earlier(asOf, now), -lagMs));
  const event = value === null ? 'never used since its creation on' : 'last used on';
  const source = `${evidenceOf(used.fact)}, ${humanDuration(lagMs)} of lag allowed`;
  return { gapMs, never: value === null, says: `${event} ${gapText(from, gapMs, source)}` };
}

function gapText(from: Instant, gapMs: number, source: string): string {
  const gap = gapMs < 0 ? 'as recent as the evidence itself' : `${humanDuration(gapMs)} before the evidence`;
  return `${day(from)}, ${gap} (${source})`;
}
