import { JanitorError } from './error.ts';
import * as z from './zod.ts';

/** An instant in UTC, ISO 8601 with milliseconds and `Z`: sorts as text, e.g. `2026-01-31T09:00:00.000Z`. */
export type Instant = string;

/** The injected clock. Implementations: the system's, and the embedded AWS's. */
export interface Clock {
  now(): Instant;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const instantSchema = z.iso
  .datetime({ precision: 3, offset: false })
  .check(z.describe('UTC instant with milliseconds'));

/** Milliseconds since the epoch; throws `instant-invalid` when the text is no date. */
export function toMillis(instant: Instant): number {
  const millis = Date.parse(instant);
  if (Number.isNaN(millis)) {
    throw new JanitorError(`"${instant}" is not an instant`, {
      code: 'instant-invalid',
      source: 'user',
      hint: 'Write it in UTC, for example 2026-01-31T09:00:00Z.',
    });
  }
  return millis;
}

export function fromMillis(millis: number): Instant {
  return new Date(millis).toISOString();
}

/** Parses what people and AWS write (`2026-01-31`, offsets, no milliseconds) into the canonical form. */
export function parseInstant(text: string): Instant {
  return fromMillis(toMillis(text));
}

export function plus(instant: Instant, millis: number): Instant {
  return fromMillis(toMillis(instant) + millis);
}

/** `later - earlier` in milliseconds, negative when `later` is before `earlier`. */
export function elapsed(earlier: Instant, later: Instant): number {
  return toMillis(later) - toMillis(earlier);
}

export function isBefore(a: Instant, b: Instant): boolean {
  return toMillis(a) < toMillis(b);
}

export function latest(a: Instant, b: Instant): Instant {
  return isBefore(a, b) ? b : a;
}

export function earliest(a: Instant, b: Instant): Instant {
  return isBefore(b, a) ? b : a;
}

const UNIT_MS = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const;
const DURATION = /^(\d{1,5})([mhd])$/;

/** A duration as written in the policy: whole minutes, hours or days, such as `45d`, `12h`, `30m`. */
export const durationSchema = z
  .string()
  .check(
    z.regex(DURATION, 'write a whole number and m, h or d, for example 45d, 12h or 30m'),
    z.describe('A duration: a whole number of minutes (m), hours (h) or days (d), for example 45d.'),
  );

/** Milliseconds of a policy duration; throws `duration-invalid`. */
export function durationMs(text: string): number {
  const match = DURATION.exec(text);
  const unit = match?.[2];
  if (match?.[1] === undefined || (unit !== 'm' && unit !== 'h' && unit !== 'd')) {
    throw new JanitorError(`"${text}" is not a duration`, {
      code: 'duration-invalid',
      source: 'user',
      hint: 'Write a whole number and m, h or d, for example 45d.',
    });
  }
  return Number(match[1]) * UNIT_MS[unit];
}

/** A length of time as people say it: `3 days`, `5 hours`, `12 minutes` (rounded down to the largest unit). */
export function humanDuration(millis: number): string {
  const absolute = Math.abs(millis);
  if (absolute >= DAY_MS) return count(Math.floor(absolute / DAY_MS), 'day');
  if (absolute >= HOUR_MS) return count(Math.floor(absolute / HOUR_MS), 'hour');
  return count(Math.floor(absolute / MINUTE_MS), 'minute');
}

function count(value: number, unit: string): string {
  return `${value} ${unit}${value === 1 ? '' : 's'}`;
}
