import type { Plan } from '../domain/account-chains.ts';
import type { StepKind } from '../domain/step.ts';
import type { Finding } from '../domain/verdict.ts';
import type { Judged } from './read-account.ts';

/** A step that the judgement says is due. */
export interface Candidate extends Judged {
  readonly finding: Finding;
  readonly step: Exclude<StepKind, 'notify'>;
  /** The newest open plan that contains this step. */
  readonly plan?: Plan | undefined;
  /** For rotating: the id that the new version gets, and the secret that holds the key, if one is known to. */
  readonly rotation?: { readonly rotationId: string; readonly secretId?: string | undefined } | undefined;
  /** For tagging: tags of keys that no longer exist, removed with it. */
  readonly obsolete: readonly string[];
}
