/** Namespace of a deployed janitor's metrics; each carries its function's name as the dimension `service`. */
export const METRICS_NAMESPACE = 'CredentialJanitor';

/** What is counted, and by which function; alarms and the dashboard watch these names. */
export const METRICS = {
  /** decide-account, act-on-account: accounts swept to the end. */
  accountsSwept: 'AccountsSwept',
  /** finish-run: accounts of the run that failed, could not be entered or are not active. */
  accountsNotSwept: 'AccountsNotSwept',
  /** finish-run: accounts swept of which something could not be read. */
  accountsIncomplete: 'AccountsIncomplete',
  /** allot-steps: destructive steps that accounts ask for, and those that the organisation's cap leaves. */
  stepsDemanded: 'StepsDemanded',
  stepsAllotted: 'StepsAllotted',
  /** act-on-account: copies of a notice that did not reach the operators' topic or the event bus. */
  noticeCopiesFailed: 'NoticeCopiesFailed',
  /** finish-run: summaries of a run that did not reach the operators' topic. */
  operatorsNotTold: 'OperatorsNotTold',
  /** tag-newborn: seconds from the creation of a credential to its labels. */
  birthDelay: 'BirthDelay',
  /** reconcile-grants: uses without a grant, and of emergency identities, that this call recorded. */
  breakGlassIncidents: 'BreakGlassIncidents',
  /** reconcile-grants: roles and policies that are not as they were deployed, and policies of ended grants that were not. */
  breakGlassDrift: 'BreakGlassDrift',
  /** reconcile-grants: grants that are over and whose end was not seen yet. */
  grantsEnding: 'GrantsEnding',
  /** reconcile-grants: grants and accounts that could not be looked at in this call. */
  grantsNotReconciled: 'GrantsNotReconciled',
} as const;
