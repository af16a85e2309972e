import { textSchema as text } from './common-schemas.ts';
import { lazily } from './lazily.ts';
import { STEP_KINDS, type StepKind } from './step.ts';
import { earliest, type Instant, instantSchema } from './time.ts';
import * as z from './zod.ts';

/**
 * Why a credential is held: restored, asked for by hand, exempted by an exception, challenged, or a step of the policy
 * overridden by an approved request.
 */
export const HOLD_KINDS = ['restored', 'manual', 'exception', 'challenge', 'override'] as const;

/** What a hold was placed for, when something with a chain of its own stands behind it. */
export const holdRefSchema = z.lazy(() =>
  z.strictObject({
    kind: z.enum(['exception', 'challenge', 'request']),
    id: text,
  }),
);
export type HoldRef = z.infer<typeof holdRefSchema>;

/** What a hold forbids, and for what; chains older than these fields have holds without them. */
export const holdScope = lazily(() => ({
  /** Ids of rules; absent: of every rule, and what people ask for too. */
  rules: z.optional(z.array(text).check(z.minLength(1))),
  /** Absent: telling, rotating, disabling and deleting. */
  steps: z.optional(z.array(z.enum(STEP_KINDS)).check(z.minLength(1))),
  ref: z.optional(holdRefSchema),
}));

export const holdSchema = z.lazy(() =>
  z.strictObject({
    holdId: z.string(),
    kind: z.enum(HOLD_KINDS),
    reason: z.string(),
    until: instantSchema,
    ...holdScope(),
  }),
);
export type Hold = z.infer<typeof holdSchema>;

/** What a hold forbids that names no steps. Tags may change: they take nothing away. */
const UNNAMED_STEPS: readonly StepKind[] = ['notify', 'rotate', 'disable', 'delete'];

export function stepsHeld({ steps }: Pick<Hold, 'steps'>): readonly StepKind[] {
  return steps ?? UNNAMED_STEPS;
}

/**
 * Whether a hold forbids a step of a rule; one on a rule silences no other rule. `rule` is undefined of a step that a
 * person asks for: only a hold on the whole credential forbids that.
 */
export function holdForbids(
  hold: Pick<Hold, 'rules' | 'steps'>,
  rule: string | undefined,
  step: StepKind,
): boolean {
  const isNamed = hold.rules === undefined || (rule !== undefined && hold.rules.includes(rule));
  return isNamed && stepsHeld(hold).includes(step);
}

export function sameRef(a: HoldRef | undefined, b: HoldRef | undefined): boolean {
  return a !== undefined && a.kind === b?.kind && a.id === b.id;
}

/** Holds still in force: a hold ends by itself (I12, I14). */
export function holdsAt({ holds }: { readonly holds: readonly Hold[] }, now: Instant): Hold[] {
  return holds.filter((hold) => now < hold.until);
}

/** A hold placed again under its id keeps the earlier end: a longer one is a new hold (I12). */
export function withHold(holds: readonly Hold[], placed: Hold): Hold[] {
  const before = holds.find(({ holdId }) => holdId === placed.holdId);
  const until = before === undefined ? placed.until : earliest(before.until, placed.until);
  return [...holds.filter(({ holdId }) => holdId !== placed.holdId), { ...placed, until }];
}

/** A challenge is to the step of one finding, and what it holds ends with that finding: the next may be challenged anew. */
export function withoutChallengesOf(holds: readonly Hold[], rule: string): Hold[] {
  return holds.filter(
    ({ ref, rules }) => ref?.kind !== 'challenge' || rules?.every((each) => each === rule) !== true,
  );
}
