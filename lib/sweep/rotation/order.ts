import type { Credential } from '../../domain/credential.ts';
import type { EventDraft } from '../../domain/event.ts';
import type { RotationOutcome } from '../../domain/rotation-outcome.ts';

/** One rotation of an access key that the janitor walks itself. */
export interface RotationOrder {
  readonly credential: Credential;
  /** ARN of the secret that holds the key. */
  readonly secretId: string;
  /** The id that the new version of the secret gets. */
  readonly rotationId: string;
  /** Why it is: a step of the policy unless a person asked for it. */
  readonly trigger?: 'step' | 'person' | undefined;
  /** What its events cite. */
  readonly citing: Partial<
    Pick<
      EventDraft,
      'policyHash' | 'rule' | 'ruleHash' | 'controls' | 'reason' | 'justification' | 'approvals'
    >
  >;
}

/** Walks the four steps, or takes them up where they stand, and records them on the chain of the key. */
export type RotateKey = (order: RotationOrder) => Promise<RotationOutcome>;
