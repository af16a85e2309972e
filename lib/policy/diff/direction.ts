import { durationMs, durationSchema } from '../../domain/time.ts';
import type { Effect } from './difference.ts';

export interface Meaning {
  readonly effect: Effect;
  readonly means: string;
}

/** What a change of one key means; undefined stands for a value that is not there. */
export type Direction = (before: unknown, after: unknown) => Meaning;

/**
 * Where a direction counts: segments of the path, joined by dots where none holds one, `*` for any one. The first that fits
 * decides.
 */
export type DirectionRow = readonly [pattern: string | readonly string[], direction: Direction];

export function loosens(means: string): Meaning {
  return { effect: 'loosens', means };
}

export function tightens(means: string): Meaning {
  return { effect: 'tightens', means };
}

export function changes(means: string): Meaning {
  return { effect: 'changes', means };
}

export const UNKNOWN_DIRECTION = changes('what this does cannot be told from the key alone');

export function always(meaning: Meaning): Direction {
  return () => meaning;
}

type Measure = (value: unknown) => number | undefined;

/** By comparing what both come to; equal or not comparable has no direction. */
function measured(measure: Measure, more: Meaning, less: Meaning): Direction {
  return (before, after) => {
    const [was, is] = [measure(before), measure(after)];
    if (was === undefined || is === undefined || was === is) return UNKNOWN_DIRECTION;
    return is > was ? more : less;
  };
}

/** A number. */
export function amount(more: Meaning, less: Meaning): Direction {
  return measured((value) => (typeof value === 'number' ? value : undefined), more, less);
}

/** A duration; `absent` in milliseconds, where leaving it out has a length. */
export function duration(longer: Meaning, shorter: Meaning, absent?: number): Direction {
  return measured((value) => (value === undefined ? absent : lengthOf(value)), longer, shorter);
}

function lengthOf(value: unknown): number | undefined {
  const parsed = durationSchema.safeParse(value);
  return parsed.success ? durationMs(parsed.data) : undefined;
}

/** One of these words, each higher than the one before. */
export function rank(words: readonly string[], higher: Meaning, lower: Meaning): Direction {
  const place: Measure = (value) => {
    const index = typeof value === 'string' ? words.indexOf(value) : -1;
    return index < 0 ? undefined : index;
  };
  return measured(place, higher, lower);
}

/** A date, year-month-day: text order is order in time. */
export function date(later: Meaning, earlier: Meaning): Direction {
  return (before, after) => {
    if (typeof before !== 'string' || typeof after !== 'string') return UNKNOWN_DIRECTION;
    return after > before ? later : earlier;
  };
}

/** Whether it is there at all; a change of what is there is left to `otherwise`. */
export function presence(
  added: Meaning,
  removed: Meaning,
  otherwise: Direction = always(UNKNOWN_DIRECTION),
): Direction {
  return (before, after) => {
    if (before === undefined) return added;
    return after === undefined ? removed : otherwise(before, after);
  };
}

/** The first row that fits; none: no direction. */
export function directionOf(rows: readonly DirectionRow[], path: readonly string[]): Direction {
  const row = rows.find(([pattern]) =>
    fits(typeof pattern === 'string' ? pattern.split('.') : pattern, path),
  );
  return row === undefined ? always(UNKNOWN_DIRECTION) : row[1];
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  return (
    pattern.length === path.length &&
    pattern.every((segment, index) => segment === '*' || segment === path[index])
  );
}
