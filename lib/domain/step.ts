/** What the janitor can do to a credential. */
export const STEP_KINDS = ['notify', 'tag', 'rotate', 'disable', 'delete'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** Steps that end or take away a credential: the ones caps, notices and waits guard. */
export const DESTRUCTIVE_STEPS: readonly StepKind[] = ['disable', 'delete'];

export function isDestructive(step: StepKind): boolean {
  return DESTRUCTIVE_STEPS.includes(step);
}

export const TIERS = ['routine', 'guarded', 'critical'] as const;
export type Tier = (typeof TIERS)[number];

/** The stricter of two tiers. */
export function stricter(a: Tier, b: Tier): Tier {
  return TIERS.indexOf(a) >= TIERS.indexOf(b) ? a : b;
}

/** A quarantine is never shorter than this before a deletion (I4). */
export const MINIMUM_QUARANTINE_DAYS = 3;
