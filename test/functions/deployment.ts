import type { BreakGlassPlace } from '../../lib/domain/break-glass-boundary.ts';
import { DRILL_ROLE, trustDocument } from '../../lib/domain/break-glass-documents.ts';
import { CATALOGUE, type Variable } from '../../lib/infrastructure/functions/catalogue.ts';
import {
  deployedNames,
  type FunctionName,
  MEMBER_PURPOSES,
  type MemberPurpose,
  TRUSTED_FUNCTIONS,
} from '../../lib/infrastructure/names.ts';
import { HUB, MEMBER, ORGANISATION_ID, REGION, SENDER, TICKET_TOKEN } from './places.ts';

export type { FunctionName };

/** A hub as its functions meet it: names of what it holds, what each is told, and whom member roles trust. */
export interface Deployment {
  readonly tables: { readonly ledger: string; readonly state: string; readonly proofs: string };
  readonly buckets: { readonly evidence: string; readonly work: string };
  readonly topicArn: string;
  readonly bus: string;
  environment(name: FunctionName): Readonly<Record<string, string>>;
  /** Trust policies of the member roles of an account that has them. */
  memberRoles(accountId: string): ReadonlyMap<MemberPurpose, object>;
  /** The same of break-glass roles, by name. */
  lentRoles(accountId: string): ReadonlyMap<string, object>;
}

export interface DeploymentChoices {
  readonly mode?: 'observe' | 'enforce';
  /** `organization`, or ids with commas between. */
  readonly accounts?: string;
  readonly mail?: boolean;
  readonly managementAccount?: string;
  /** Member roles that exist; default: all. */
  readonly purposes?: readonly MemberPurpose[];
}

const names = deployedNames();

/** A hub with plain names and everything a stack tells its functions. */
export function plainDeployment(choices: DeploymentChoices = {}): Deployment {
  const { mode = 'enforce', accounts = 'organization', mail = true, managementAccount } = choices;
  const { purposes = MEMBER_PURPOSES } = choices;
  const tables = { ledger: 'janitor-ledger', state: 'janitor-state', proofs: 'janitor-proofs' };
  const buckets = { evidence: 'janitor-evidence', work: 'janitor-work' };
  const topicArn = `arn:aws:sns:${REGION}:${HUB}:operators`;
  const values: Readonly<Partial<Record<Variable, string>>> = {
    ACCOUNTS: accounts,
    EVENT_BUS_NAME: names.bus,
    EVIDENCE_BUCKET: buckets.evidence,
    GRANT_DEAD_LETTER_ARN: `arn:aws:sqs:${REGION}:${HUB}:dead-letters`,
    GRANT_SCHEDULE_GROUP: names.endSchedules,
    GRANT_SCHEDULE_ROLE_ARN: `arn:aws:iam::${HUB}:role/${names.endScheduleRole}`,
    STACK_NAME: 'CredentialJanitor',
    ORGANIZATION_ID: ORGANISATION_ID,
    RECONCILE_FUNCTION_ARN: `arn:aws:lambda:${REGION}:${HUB}:function:${names.functionName('reconcile-grants')}`,
    HOME_REGION: REGION,
    HUB_ACCOUNT: HUB,
    LEDGER_TABLE: tables.ledger,
    MEMBER_ROLE_PREFIX: names.memberRolePrefix,
    MODE: mode,
    NOTICE_TOPIC_ARN: topicArn,
    PROOF_TABLE: tables.proofs,
    STATE_TABLE: tables.state,
    TICKET_TOKEN_SECRET_ARN: TICKET_TOKEN,
    WORK_BUCKET: buckets.work,
    ...(mail ? { MAIL_FROM: SENDER, MAIL_CONFIGURATION_SET: names.configurationSet } : {}),
    ...(managementAccount === undefined ? {} : { MANAGEMENT_ACCOUNT: managementAccount }),
  };
  return {
    tables,
    buckets,
    topicArn,
    bus: names.bus,
    environment: (name) => toldTo(name, values),
    memberRoles: () => new Map(purposes.map((purpose) => [purpose, trust(purpose)])),
    lentRoles: (accountId) =>
      new Map(accountId === MEMBER ? LENT.map((name) => [name, trustDocument(lender(accountId))]) : []),
  };
}

/** Roles of the policy that lends, and the one for drills. */
const LENT = ['database-admin', 'administrator', DRILL_ROLE];

function lender(accountId: string): BreakGlassPlace {
  const { prefix } = names;
  return {
    partition: 'aws',
    accountId,
    hubAccount: HUB,
    prefix,
    stackName: 'CredentialJanitor',
    organizationId: ORGANISATION_ID,
  };
}

function toldTo(name: FunctionName, values: Readonly<Partial<Record<Variable, string>>>) {
  const told: Record<string, string> = {};
  for (const variable of CATALOGUE[name].variables) {
    const value = values[variable];
    if (value !== undefined) told[variable] = value;
  }
  return told;
}

function trust(purpose: MemberPurpose): object {
  const arns = TRUSTED_FUNCTIONS[purpose].map(
    (name) => `arn:aws:iam::${HUB}:role/${names.functionName(name)}`,
  );
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${HUB}:root` },
        Action: 'sts:AssumeRole',
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': arns },
          StringEquals: { 'aws:PrincipalOrgID': ORGANISATION_ID },
        },
      },
    ],
  };
}
