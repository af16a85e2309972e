import type { FunctionName } from '../names.ts';

/** Which of the deployment's facts a function is told, by environment variable. */
export type Variable =
  | 'ACCOUNTS'
  | 'EVENT_BUS_NAME'
  | 'EVIDENCE_BUCKET'
  | 'EVIDENCE_KEY_ARN'
  | 'HOME_REGION'
  | 'HUB_ACCOUNT'
  | 'LEDGER_TABLE'
  | 'MAIL_CONFIGURATION_SET'
  | 'MAIL_FROM'
  | 'MANAGEMENT_ACCOUNT'
  | 'MEMBER_ROLE_PREFIX'
  | 'MODE'
  | 'NOTICE_TOPIC_ARN'
  | 'STATE_TABLE'
  | 'WORK_BUCKET';

export interface FunctionDescription {
  readonly does: string;
  /** MB. */
  readonly memory: number;
  /** Minutes. */
  readonly timeout: number;
  /** Judges, so the policy's files lie beside its code. */
  readonly judges: boolean;
  /** Called by EventBridge, so an event that failed to the end is kept in the dead-letter queue. */
  readonly asynchronous: boolean;
  readonly variables: readonly Variable[];
}

const EVERYWHERE = ['HUB_ACCOUNT', 'HOME_REGION', 'MODE', 'LEDGER_TABLE'] as const;
const ACCOUNT_WORK = [
  ...EVERYWHERE,
  'STATE_TABLE',
  'EVIDENCE_BUCKET',
  'EVIDENCE_KEY_ARN',
  'WORK_BUCKET',
  'MEMBER_ROLE_PREFIX',
] as const;

export const CATALOGUE: Readonly<Record<FunctionName, FunctionDescription>> = {
  'list-accounts': {
    does: 'opens a run and lists the accounts to sweep',
    memory: 512,
    timeout: 1,
    judges: false,
    asynchronous: false,
    variables: [...EVERYWHERE, 'WORK_BUCKET', 'ACCOUNTS', 'MANAGEMENT_ACCOUNT'],
  },
  'decide-account': {
    does: 'reads one account and decides',
    memory: 1024,
    timeout: 15,
    judges: true,
    asynchronous: false,
    variables: ACCOUNT_WORK,
  },
  'allot-steps': {
    does: 'shares the cap of the organisation among accounts',
    memory: 512,
    timeout: 1,
    judges: true,
    asynchronous: false,
    variables: [...EVERYWHERE, 'WORK_BUCKET'],
  },
  'act-on-account': {
    does: 'tells owners and does what is due in one account',
    memory: 1024,
    timeout: 15,
    judges: true,
    asynchronous: false,
    variables: [...ACCOUNT_WORK, 'NOTICE_TOPIC_ARN', 'EVENT_BUS_NAME', 'MAIL_FROM', 'MAIL_CONFIGURATION_SET'],
  },
  'finish-run': {
    does: 'closes a run and tells the operators',
    memory: 512,
    timeout: 1,
    judges: false,
    asynchronous: false,
    variables: [...EVERYWHERE, 'WORK_BUCKET', 'NOTICE_TOPIC_ARN'],
  },
  'tag-newborn': {
    does: 'labels a credential right after its birth',
    memory: 512,
    timeout: 1,
    judges: true,
    asynchronous: true,
    variables: [...EVERYWHERE, 'STATE_TABLE', 'MEMBER_ROLE_PREFIX'],
  },
  'record-bounce': {
    does: 'records that a notice did not arrive',
    memory: 512,
    timeout: 1,
    judges: true,
    asynchronous: true,
    variables: [...EVERYWHERE, 'STATE_TABLE'],
  },
  operate: {
    does: 'records what people decide',
    memory: 512,
    timeout: 1,
    judges: true,
    asynchronous: false,
    variables: [...EVERYWHERE, 'STATE_TABLE', 'EVIDENCE_BUCKET', 'EVIDENCE_KEY_ARN', 'MEMBER_ROLE_PREFIX'],
  },
};
