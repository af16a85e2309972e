import { durableStateOf } from './outcome.ts';
import { type Baseline, crashAt, liveOn, pointName, pointsOf } from './points.ts';

/** What the enumeration of one entry came to. */
export interface Enumerated {
  /** Points at which the process died. */
  readonly points: number;
  /** Points whose life was lived on: the first of each durable state, or all of them. */
  readonly lived: number;
  /** The point, and what was wrong. */
  readonly failures: readonly string[];
}

/** How thoroughly. */
export interface Thoroughness {
  readonly only: 'all' | 'writes';
  /**
   * A process leaves nothing behind but durable state, so the life after a crash is lived once for each state that a crash
   * of this entry leaves.
   */
  readonly distinct: boolean;
  /** A life that has converged when the run ends is not lived to the end of the timetable. */
  readonly untilRunEnds: boolean;
}

/** Every write, as cheaply as it can be shown; and every call, lived to the end. */
export const BRIEFLY: Thoroughness = { only: 'writes', distinct: true, untilRunEnds: true };
export const THOROUGHLY: Thoroughness = { only: 'all', distinct: false, untilRunEnds: false };

/** Lets the process of one entry die at every point. */
export async function enumerate(
  baseline: Baseline,
  entry: number,
  { only, distinct, untilRunEnds }: Thoroughness,
): Promise<Enumerated> {
  const seen = new Set<string>();
  const failures: string[] = [];
  let lived = 0;
  const points = pointsOf(baseline, entry, only);
  for (const point of points) {
    const crashed = await crashAt(baseline, point);
    const state = durableStateOf(crashed.world);
    const isKnown = distinct && seen.has(state);
    seen.add(state);
    if (!isKnown) lived += 1;
    const wrong = [
      ...crashed.wrong,
      ...(isKnown ? [] : await liveOn(baseline, point, crashed, untilRunEnds)),
    ];
    failures.push(...wrong.map((what) => `${pointName(baseline, point)}: ${what}`));
  }
  return { points: points.length, lived, failures };
}
