/** What the janitor can do to a credential. */
export const STEP_KINDS = ['notify', 'tag', 'rotate', 'disable', 'delete'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** Steps that end or take away a credential: the ones caps, notices and waits guard. */
export const DESTRUCTIVE_STEPS: readonly StepKind[] = ['disable', 'delete'];

export function isDestructive(step: StepKind): boolean {
  return DESTRUCTIVE_STEPS.includes(step);
}

/** Steps that bring a notice of their own and wait after it: the destructive ones, and rotating. */
export const ANNOUNCED_STEPS = ['rotate', 'disable', 'delete'] as const satisfies readonly StepKind[];
export type AnnouncedStep = (typeof ANNOUNCED_STEPS)[number];

export function isAnnounced(step: StepKind): step is AnnouncedStep {
  return ANNOUNCED_STEPS.some((each) => each === step);
}

export const TIERS = ['routine', 'guarded', 'critical'] as const;
export type Tier = (typeof TIERS)[number];

/** The stricter of two tiers. */
export function stricter(a: Tier, b: Tier): Tier {
  return TIERS.indexOf(a) >= TIERS.indexOf(b) ? a : b;
}

/** A quarantine is never shorter than this before a deletion (I4). */
export const MINIMUM_QUARANTINE_DAYS = 3;
