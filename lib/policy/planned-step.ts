import { MINIMUM_QUARANTINE_DAYS, type StepKind, type Tier } from '../domain/step.ts';
import { DAY_MS, durationMs } from '../domain/time.ts';
import type { RotationSettings } from './rotation-schema.ts';
import type { RotationWindow } from './rotation-window.ts';
import type { StepEntry } from './step-schema.ts';

/** A step as rules are judged: with its wait in milliseconds and its tier. */
export interface PlannedStep {
  readonly kind: StepKind;
  /** 0 for steps that wait for nothing. */
  readonly waitMs: number;
  readonly tier: Tier;
  /** Of a rotation: it comes up to this much later, by the id of the credential. */
  readonly spreadMs?: number;
  /** Of a rotation: when it may begin. */
  readonly window?: RotationWindow | undefined;
}

/** A written step, ready to be judged. A deletion waits at least the minimum quarantine whatever is written (I4). */
export function plannedStep(entry: StepEntry, rotation: RotationSettings): PlannedStep {
  if (typeof entry === 'string') return { kind: entry, waitMs: 0, tier: 'routine' };
  if ('rotate' in entry) return plannedRotation(entry.rotate, rotation);
  if ('disable' in entry)
    return { kind: 'disable', waitMs: durationMs(entry.disable.wait), tier: entry.disable.tier };
  const waitMs = Math.max(durationMs(entry.delete.wait), MINIMUM_QUARANTINE_DAYS * DAY_MS);
  return { kind: 'delete', waitMs, tier: entry.delete.tier };
}

function plannedRotation(
  { wait, tier, window }: Extract<StepEntry, { readonly rotate: unknown }>['rotate'],
  settings: RotationSettings,
): PlannedStep {
  return {
    kind: 'rotate',
    waitMs: durationMs(wait),
    tier,
    spreadMs: durationMs(settings.spreadOver),
    window: window ?? settings.window,
  };
}
