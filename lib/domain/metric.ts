/** Namespace of a deployed janitor's metrics; each carries its function's name as the dimension `service`. */
export const METRICS_NAMESPACE = 'CredentialJanitor';

/** What is counted, and by which function; alarms and the dashboard watch these names. */
export const METRICS = {
  /** finish-run: accounts of the run swept to the end. */
  accountsFinished: 'AccountsFinished',
  /** finish-run: accounts whose part failed after all retries. */
  accountsFailed: 'AccountsFailed',
  /** finish-run: accounts whose role could not be assumed. */
  accountsUnreachable: 'AccountsUnreachable',
  /** finish-run: accounts of which something could not be read. */
  accountsIncomplete: 'AccountsIncomplete',
  /** finish-run: steps done, and steps that a guard or a cap held back. */
  stepsDone: 'StepsDone',
  stepsHeld: 'StepsHeld',
  /** tag-newborn: seconds from the creation of a credential to its labels. */
  birthDelay: 'BirthDelay',
} as const;
