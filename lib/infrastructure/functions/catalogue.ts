import type { FunctionName } from '../names.ts';

/** Which of the deployment's facts a function is told, by environment variable. */
export type Variable =
  | 'ACCOUNTS'
  | 'EVENT_BUS_NAME'
  | 'EVIDENCE_BUCKET'
  | 'GRANT_DEAD_LETTER_ARN'
  | 'GRANT_SCHEDULE_GROUP'
  | 'GRANT_SCHEDULE_ROLE_ARN'
  | 'HOME_REGION'
  | 'HUB_ACCOUNT'
  | 'LEDGER_TABLE'
  | 'MAIL_CONFIGURATION_SET'
  | 'MAIL_FROM'
  | 'MANAGEMENT_ACCOUNT'
  | 'MEMBER_ROLE_PREFIX'
  | 'MODE'
  | 'NOTICE_TOPIC_ARN'
  | 'ON_CALL_TOKEN_SECRET_ARN'
  | 'ORGANIZATION_ID'
  | 'OWN_SECRETS'
  | 'PROOF_TABLE'
  | 'RECONCILE_FUNCTION_ARN'
  | 'STACK_NAME'
  | 'STATE_TABLE'
  | 'TICKET_TOKEN_SECRET_ARN'
  | 'WORK_BUCKET';

export interface FunctionDescription {
  readonly does: string;
  /** MB. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  /** Judges, so the policy's files lie beside its code. */
  readonly judges: boolean;
  /** Called by EventBridge, so an event that failed to the end is kept in the dead-letter queue. */
  readonly asynchronous: boolean;
  readonly variables: readonly Variable[];
}

const EVERYWHERE = ['HOME_REGION', 'LEDGER_TABLE'] as const;
const ACCOUNT_WORK = [
  ...EVERYWHERE,
  'STATE_TABLE',
  'EVIDENCE_BUCKET',
  'WORK_BUCKET',
  'MEMBER_ROLE_PREFIX',
] as const;

const LENDING = [
  ...EVERYWHERE,
  'STATE_TABLE',
  'EVIDENCE_BUCKET',
  'MEMBER_ROLE_PREFIX',
  'HUB_ACCOUNT',
  'EVENT_BUS_NAME',
  'NOTICE_TOPIC_ARN',
  'MAIL_FROM',
  'MAIL_CONFIGURATION_SET',
  'GRANT_DEAD_LETTER_ARN',
  'GRANT_SCHEDULE_GROUP',
  'GRANT_SCHEDULE_ROLE_ARN',
  'RECONCILE_FUNCTION_ARN',
] as const;

/** Called by the workflow for a whole run: ten thousand accounts take minutes to list. */
const FOR_RUN = { memory: 512, timeout: 300, asynchronous: false } as const;
/** Called by the workflow for one account; stops before its time is over and is called again. */
const FOR_ACCOUNT = { memory: 1024, timeout: 900, asynchronous: false, judges: true } as const;
/** Called by an event. */
const FOR_EVENT = { memory: 512, timeout: 60, asynchronous: true, judges: true } as const;

export const CATALOGUE: Readonly<Record<FunctionName, FunctionDescription>> = {
  'list-accounts': {
    ...FOR_RUN,
    does: 'opens a run and lists the accounts to sweep',
    judges: false,
    variables: [...EVERYWHERE, 'MODE', 'WORK_BUCKET', 'ACCOUNTS'],
  },
  'decide-account': {
    ...FOR_ACCOUNT,
    does: 'reads one account and decides',
    variables: [...ACCOUNT_WORK, 'TICKET_TOKEN_SECRET_ARN'],
  },
  'allot-steps': {
    ...FOR_RUN,
    does: 'shares the cap of the organisation among accounts',
    judges: true,
    variables: [...EVERYWHERE, 'WORK_BUCKET'],
  },
  'act-on-account': {
    ...FOR_ACCOUNT,
    does: 'tells owners and does what is due in one account',
    variables: [
      ...ACCOUNT_WORK,
      'MODE',
      'MANAGEMENT_ACCOUNT',
      'NOTICE_TOPIC_ARN',
      'EVENT_BUS_NAME',
      'MAIL_FROM',
      'MAIL_CONFIGURATION_SET',
    ],
  },
  'finish-run': {
    ...FOR_RUN,
    does: 'closes a run and tells the operators',
    judges: false,
    variables: [...EVERYWHERE, 'WORK_BUCKET', 'NOTICE_TOPIC_ARN'],
  },
  'tag-newborn': {
    ...FOR_EVENT,
    does: 'labels a credential right after its birth',
    variables: [...EVERYWHERE, 'STATE_TABLE', 'MEMBER_ROLE_PREFIX', 'MODE', 'MANAGEMENT_ACCOUNT'],
  },
  'record-bounce': {
    ...FOR_EVENT,
    does: 'records that a notice did not arrive',
    variables: [...EVERYWHERE, 'STATE_TABLE'],
  },
  'answer-requests': {
    memory: 512,
    // API Gateway waits for 29: before that the function says itself that it took too long.
    timeout: 28,
    asynchronous: false,
    judges: true,
    does: 'answers the API: records what is asked and decided',
    variables: [
      ...EVERYWHERE,
      'STATE_TABLE',
      'PROOF_TABLE',
      'EVIDENCE_BUCKET',
      'MEMBER_ROLE_PREFIX',
      'HUB_ACCOUNT',
      'EVENT_BUS_NAME',
      'ACCOUNTS',
      'TICKET_TOKEN_SECRET_ARN',
    ],
  },
  'carry-out-requests': {
    memory: 512,
    // A key that somebody asked for takes its time to be known everywhere.
    timeout: 900,
    asynchronous: true,
    judges: true,
    does: 'carries out what was approved and ends what is overdue',
    variables: [
      ...EVERYWHERE,
      'STATE_TABLE',
      'EVIDENCE_BUCKET',
      'MEMBER_ROLE_PREFIX',
      'NOTICE_TOPIC_ARN',
      'EVENT_BUS_NAME',
      'MAIL_FROM',
      'MAIL_CONFIGURATION_SET',
    ],
  },
  'rotate-access-key': {
    memory: 512,
    // A new key takes its time to be known everywhere; Secrets Manager calls again when a step fails.
    timeout: 300,
    asynchronous: false,
    judges: true,
    does: 'replaces the access key in a secret, a step a call',
    variables: [...EVERYWHERE, 'STATE_TABLE'],
  },
  'grant-access': {
    // Somebody waits at 3 a.m.: more memory is a faster start.
    memory: 1024,
    timeout: 28,
    asynchronous: false,
    judges: true,
    does: 'lends break-glass roles, and ends and reviews what it lent',
    variables: [...LENDING, 'ACCOUNTS', 'ON_CALL_TOKEN_SECRET_ARN'],
  },
  'reconcile-grants': {
    memory: 512,
    // Two look-ups a second is all that CloudTrail answers, of each account and Region.
    timeout: 900,
    asynchronous: true,
    judges: true,
    does: 'ends what is over, gathers what grants did and detects use without one',
    // As the roles were made, by which it tells drift.
    variables: [...LENDING, 'ORGANIZATION_ID', 'OWN_SECRETS', 'STACK_NAME'],
  },
};
