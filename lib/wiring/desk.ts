import type { Halt } from '../domain/account-chains.ts';
import type {
  ActivationOutcome,
  HaltTarget,
  OrderedRotation,
  PlanDecision,
  Restored,
  StoppedRotations,
} from '../sweep/index.ts';

export interface HaltOrder {
  readonly target: HaltTarget;
  readonly reason: string;
}

export interface RestoredCredential extends Restored {
  readonly credentialId: string;
}

/**
 * Where people decide, on the record in a local folder or in a deployed hub. Each call opens what it needs and closes
 * it; errors are those of the use cases, whichever side they come from.
 */
export interface Desk {
  halt(order: HaltOrder): Promise<Halt>;
  resume(order: HaltOrder): Promise<Halt>;
  /** Rotations may begin again in an account where one failed. */
  allowRotations(order: { readonly accountId: string; readonly reason: string }): Promise<StoppedRotations>;
  approve(planId: string): Promise<PlanDecision>;
  reject(planId: string, reason: string): Promise<PlanDecision>;
  /** `typed`: a credential id, a bare access key id or a secret's name. */
  restore(typed: string, reason: string): Promise<RestoredCredential>;
  /** Freezes a plan, or carries out the approved one. `typed` as in `restore`. */
  rotate(typed: string, reason: string): Promise<OrderedRotation>;
  activate(): Promise<ActivationOutcome>;
}
