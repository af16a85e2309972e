import { type Instant, instantSchema } from './time.ts';
import * as z from './zod.ts';

/**
 * Evidence with its age, or the reason why there is none (G22: unknown is not unused).
 * `asOf` is the instant the source speaks of (a credential report's GeneratedTime, not now).
 */
export type Fact<T> =
  | { readonly value: T; readonly asOf: Instant; readonly source: string }
  | { readonly unknown: string };

export function known<T>(value: T, asOf: Instant, source: string): Fact<T> {
  return { value, asOf, source };
}

export function unknown(reason: string): { readonly unknown: string } {
  return { unknown: reason };
}

export type KnownFact<T> = Extract<Fact<T>, { readonly value: T }>;

export function isKnown<T>(fact: Fact<T>): fact is KnownFact<T> {
  return !('unknown' in fact);
}

/** The value, or undefined when it is unknown. Only for display: a decision must look at the reason. */
export function knownValue<T>(fact: Fact<T> | undefined): T | undefined {
  return fact !== undefined && isKnown(fact) ? fact.value : undefined;
}

export function mapFact<T, U>(fact: Fact<T>, change: (value: T) => U): Fact<U> {
  return isKnown(fact) ? known(change(fact.value), fact.asOf, fact.source) : { unknown: fact.unknown };
}

export function factSchema<T extends z.ZodMiniType>(value: T) {
  return z.union([
    z.strictObject({ value, asOf: instantSchema, source: z.string() }),
    z.strictObject({ unknown: z.string() }),
  ]);
}
