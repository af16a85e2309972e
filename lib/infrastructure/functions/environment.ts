import { Aws } from 'aws-cdk-lib';
import { type Configuration, ownSecretsOf } from '../configuration/schema.ts';
import type { DeployedNames } from '../names.ts';
import type { Variable } from './catalogue.ts';

export interface EnvironmentFacts {
  readonly names: DeployedNames;
  readonly configuration: Configuration;
  readonly ledgerTable: string;
  readonly stateTable: string;
  readonly proofTable: string;
  readonly evidenceBucket: string;
  readonly workBucket: string;
  readonly topicArn: string;
  readonly busName: string;
  readonly deadLetters: string;
}

/** The value of every variable that has one; each function is given its own share of them. */
export function environmentOf(facts: EnvironmentFacts): Partial<Record<Variable, string>> {
  const { configuration, names } = facts;
  const { accounts, managementAccount, mail, organizationId, ticketTokenSecret, onCallTokenSecret } =
    configuration;
  const ownSecrets = ownSecretsOf(configuration);
  return {
    LEDGER_TABLE: facts.ledgerTable,
    STATE_TABLE: facts.stateTable,
    PROOF_TABLE: facts.proofTable,
    EVIDENCE_BUCKET: facts.evidenceBucket,
    WORK_BUCKET: facts.workBucket,
    MEMBER_ROLE_PREFIX: names.memberRolePrefix,
    MODE: configuration.mode,
    // As the member templates name it, which are made for this stack.
    STACK_NAME: configuration.stackName,
    ACCOUNTS: accounts === undefined ? Aws.ACCOUNT_ID : accountsText(accounts),
    HUB_ACCOUNT: Aws.ACCOUNT_ID,
    HOME_REGION: Aws.REGION,
    NOTICE_TOPIC_ARN: facts.topicArn,
    EVENT_BUS_NAME: facts.busName,
    GRANT_DEAD_LETTER_ARN: facts.deadLetters,
    GRANT_SCHEDULE_GROUP: names.endSchedules,
    GRANT_SCHEDULE_ROLE_ARN: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${names.endScheduleRole}`,
    // By its name: the function is told of itself.
    RECONCILE_FUNCTION_ARN: `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${names.functionName('reconcile-grants')}`,
    ...(managementAccount === undefined ? {} : { MANAGEMENT_ACCOUNT: managementAccount }),
    ...(organizationId === undefined ? {} : { ORGANIZATION_ID: organizationId }),
    ...(ownSecrets.length === 0 ? {} : { OWN_SECRETS: ownSecrets.join(',') }),
    ...(onCallTokenSecret === undefined ? {} : { ON_CALL_TOKEN_SECRET_ARN: onCallTokenSecret }),
    ...(ticketTokenSecret === undefined ? {} : { TICKET_TOKEN_SECRET_ARN: ticketTokenSecret }),
    ...(mail === undefined ? {} : { MAIL_FROM: mail.from, MAIL_CONFIGURATION_SET: names.configurationSet }),
  };
}

function accountsText(accounts: 'organization' | readonly string[]): string {
  return typeof accounts === 'string' ? accounts : [...new Set(accounts)].join(',');
}
