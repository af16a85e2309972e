import type { RotationClients } from '../actions/index.ts';
import type { Actor } from '../domain/actor.ts';
import type { EventDraft } from '../domain/event.ts';
import type { DocumentFields, StoreRules } from '../domain/rotation-store.ts';
import type { Clock } from '../domain/time.ts';
import type { CredentialRecord } from '../ledger/index.ts';

/** What walking the four steps needs, whoever drives them. */
export interface RotationContext {
  readonly clock: Clock;
  /** Of the account that holds the store and the user. */
  readonly clients: RotationClients;
  /** Waits so many milliseconds on the context's clock. */
  readonly pause: (millis: number) => Promise<void>;
  readonly record: CredentialRecord;
  /** Set from the authenticated caller, never from input. */
  readonly actor: Actor;
  readonly fields: DocumentFields;
  readonly stores: StoreRules;
  /** What the events of the rotation cite: the rule, the policy, the plan's approvals. */
  readonly citing?: Citation | undefined;
}

export type Citation = Partial<
  Pick<
    EventDraft,
    'policyHash' | 'rule' | 'ruleHash' | 'controls' | 'reason' | 'justification' | 'ticket' | 'approvals'
  >
>;

/** One rotation, by its token: the id of the version that it makes. */
export interface Rotation {
  /** ARN of the store. */
  readonly secretId: string;
  /** `ClientRequestToken`, 32 to 64 characters; a UUID. */
  readonly token: string;
  readonly trigger: 'step' | 'schedule' | 'person';
}

/** A rotation that the janitor drives itself: of this key, into this store. */
export interface DrivenRotation extends Rotation {
  /** Credential id of the access key that is to be replaced. */
  readonly credentialId: string;
}

/** One step of a rotation, whoever asks for it. */
export interface StepRequest extends Rotation {
  readonly driver: 'janitor' | 'secrets-manager';
  /** What Secrets Manager wants to see again when a value is put. */
  readonly rotationToken?: string | undefined;
  /** What the janitor replaces; Secrets Manager replaces the key that its secret holds. */
  readonly credentialId?: string | undefined;
}
