import { DAY_MS, fromMillis, type Instant, latest, MINUTE_MS, toMillis } from '../domain/time.ts';
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Weekday = (typeof WEEKDAYS)[number];

/** Hours at which rotations may begin, by the clock of a time zone: `09:00`. `to` before `from` is on the next day. */
export interface RotationWindow {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
}

/**
 * The first instant at or after both that lies in the window. An instant that has passed stays as it is while the window
 * is open, so that the order in which credentials became due is kept.
 */
export function withinWindow(window: RotationWindow | undefined, due: Instant, now: Instant): Instant {
  if (window === undefined) return due;
  const from = latest(due, now);
  const opening = nextOpening(window, toMillis(from));
  if (opening > toMillis(from)) return fromMillis(opening);
  return due;
}

/** `from` when the window is open then, else when it opens next, in milliseconds. */
function nextOpening(window: RotationWindow, from: number): number {
  const zone = zoneOf(window.timezone);
  const opens = minutesOf(window.from);
  const length = (minutesOf(window.to) - opens + 1440) % 1440;
  const today = Math.floor((from + zone.offsetAt(from)) / DAY_MS);
  // Yesterday's window may reach into today; within a week and a day every weekday comes by.
  for (let day = today - 1; day <= today + 8; day += 1) {
    if (!window.days.includes(weekdayOf(day))) continue;
    const begin = zone.instantOf(day * DAY_MS + opens * MINUTE_MS);
    const end = zone.instantOf(day * DAY_MS + (opens + length) * MINUTE_MS);
    if (from < end) return Math.max(begin, from);
  }
  return from + 8 * DAY_MS;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** Days are counted from 1 January 1970, a Thursday. */
function weekdayOf(day: number): Weekday {
  return WEEKDAYS[(day + 3) % 7] ?? 'mon';
}

interface Zone {
  /** Local time less UTC at an instant, in milliseconds. */
  readonly offsetAt: (instant: number) => number;
  /** The instant at which clocks there show a local time; the later reading where they show it twice or never. */
  readonly instantOf: (local: number) => number;
}

const zones = new Map<string, Zone>();

function zoneOf(name: string): Zone {
  const known = zones.get(name) ?? madeZone(name);
  zones.set(name, known);
  return known;
}

function madeZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' });
  const offsetAt = (instant: number): number => {
    const text = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = '0', minutes = '0'] = /([+-])(\d{2}):(\d{2})/.exec(text) ?? [];
    const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
    return sign === '-' ? -offset : offset;
  };
  return {
    offsetAt,
    instantOf: (local) => {
      const guess = local - offsetAt(local);
      return local - offsetAt(guess);
    },
  };
}
