import type { ErrorSource } from './error.ts';

/** What came of walking the four steps of one rotation of an access key. */
export type RotationOutcome =
  | {
      readonly outcome: 'finished';
      readonly rotationId: string;
      /** ARN of the secret whose current value it is now. */
      readonly secretId: string;
      /** Id of the new key; the old one is untouched. */
      readonly accessKeyId: string;
    }
  | (RotationTrouble & {
      /**
       * - `refused`: nothing was made and nothing was recorded; asking again later may help.
       * - `failed`: recorded as `rotation.failed`; the value before is still the current one. Somebody has to mend it.
       * - `interrupted`: it passes by itself (throttling, propagation, a lost answer): take it up with the same token.
       */
      readonly outcome: 'refused' | 'failed' | 'interrupted';
    });

export interface RotationTrouble {
  readonly rotationId: string;
  readonly secretId: string;
  /** Stable, kebab-case. */
  readonly code: string;
  readonly source: ErrorSource;
  readonly reason: string;
  /** The way out. */
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;
}
