import { Aws } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { BREAK_GLASS_PATH } from '../domain/break-glass-documents.ts';
import type { DeployedBreakGlass } from './break-glass/deployed.ts';
import type { Configuration } from './configuration/schema.ts';
import type { EnvironmentFacts } from './functions/environment.ts';
import { type DeployedNames, MEMBER_PURPOSES, MEMBER_ROLE_PATH, type MemberPurpose } from './names.ts';
import type { Notices } from './notices/notices.ts';
import type { GrantResources } from './permissions/index.ts';
import type { Stores } from './record/stores.ts';
import type { RotationReach } from './rotation/reach.ts';

interface Hub {
  readonly names: DeployedNames;
  readonly configuration: Configuration;
  readonly purposes: readonly MemberPurpose[];
  readonly reach: RotationReach;
  readonly breakGlass: DeployedBreakGlass | undefined;
  readonly stores: Stores;
  readonly notices: Notices;
  readonly deadLetters: IQueue;
}

/** What grants of the hub's roles name. */
export function hubResources({
  names,
  configuration,
  purposes,
  reach,
  breakGlass,
  stores,
  notices,
  deadLetters,
}: Hub): GrantResources {
  return {
    partition: Aws.PARTITION,
    region: Aws.REGION,
    dnsSuffix: Aws.URL_SUFFIX,
    account: Aws.ACCOUNT_ID,
    ledgerTable: stores.tables.ledger.tableArn,
    stateTable: stores.tables.state.tableArn,
    proofTable: stores.proofs.tableArn,
    evidenceBucket: stores.evidence.bucketArn,
    workBucket: stores.work.bucketArn,
    recordKey: stores.keys.record.keyArn,
    operationsKey: stores.keys.operations.keyArn,
    topic: notices.topic.topicArn,
    bus: notices.bus.eventBusArn,
    deadLetters: deadLetters.queueArn,
    mail: notices.mailArns,
    memberRoles: memberRoles(names, configuration, purposes, breakGlass),
    reach,
    breakGlass: breakGlass === undefined ? undefined : lending(names, configuration, breakGlass),
    ticketToken: configuration.ticketTokenSecret,
    onCallToken: configuration.onCallTokenSecret,
    organizationId: configuration.accounts === 'organization' ? configuration.organizationId : undefined,
  };
}

/** What functions are told of the hub by environment variables. */
export function environmentFacts({
  names,
  configuration,
  stores,
  notices,
  deadLetters,
}: Hub): EnvironmentFacts {
  return {
    names,
    configuration,
    ledgerTable: stores.tables.ledger.tableName,
    stateTable: stores.tables.state.tableName,
    proofTable: stores.proofs.tableName,
    evidenceBucket: stores.evidence.bucketName,
    workBucket: stores.work.bucketName,
    topicArn: notices.topic.topicArn,
    busName: notices.bus.eventBusName,
    deadLetters: deadLetters.queueArn,
  };
}

/** The accounts of a list; none when they come from the organisation or the hub alone is swept. */
export function listedAccounts({ accounts }: Configuration): readonly string[] {
  return Array.isArray(accounts) ? accounts : [];
}

/** Of the hub and the listed accounts, or one pattern for every account of the organisation; none that do not exist. */
function memberRoles(
  names: DeployedNames,
  configuration: Configuration,
  purposes: readonly MemberPurpose[],
  breakGlass: DeployedBreakGlass | undefined,
): GrantResources['memberRoles'] {
  const everywhere = configuration.accounts === 'organization' ? ['*'] : undefined;
  const swept = everywhere ?? [...new Set([Aws.ACCOUNT_ID, ...listedAccounts(configuration)])];
  const roles: Record<MemberPurpose, string[]> = {
    read: [],
    tag: [],
    rotate: [],
    quarantine: [],
    delete: [],
    'break-glass': [],
  };
  for (const purpose of MEMBER_PURPOSES.filter((each) => purposes.includes(each))) {
    const accounts = purpose === 'break-glass' ? (everywhere ?? breakGlass?.accounts ?? []) : swept;
    roles[purpose] = accounts.map(
      (account) => `arn:${Aws.PARTITION}:iam::${account}:role${MEMBER_ROLE_PATH}${names.memberRole(purpose)}`,
    );
  }
  return roles;
}

/** The roles that are lent, and the schedules that end it. */
function lending(
  names: DeployedNames,
  { accounts }: Configuration,
  breakGlass: DeployedBreakGlass,
): GrantResources['breakGlass'] {
  return {
    roles: (accounts === 'organization' ? ['*'] : breakGlass.accounts).map(
      (each) => `arn:${Aws.PARTITION}:iam::${each}:role${BREAK_GLASS_PATH}*`,
    ),
    endSchedules: `arn:${Aws.PARTITION}:scheduler:${Aws.REGION}:${Aws.ACCOUNT_ID}:schedule/${names.endSchedules}/*`,
    endScheduleRole: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${names.endScheduleRole}`,
  };
}
