import { Aws, CfnOutput, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Architecture, type Code, FunctionUrlAuthType, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { BirthRules, BounceRule } from './born-tagged/rules.ts';
import type { Configuration } from './configuration/schema.ts';
import { environmentOf } from './functions/environment.ts';
import { JanitorFunction } from './functions/janitor-function.ts';
import { MemberRoles } from './member/member-roles.ts';
import {
  type DeployedNames,
  deployedNames,
  FUNCTION_NAMES,
  type FunctionName,
  type MemberPurpose,
} from './names.ts';
import { Notices } from './notices/notices.ts';
import type { GrantResources } from './permissions/index.ts';
import { AccessLogsBucket, EvidenceBucket, WorkBucket } from './record/buckets.ts';
import { Keys } from './record/keys.ts';
import { RecordTables } from './record/tables.ts';
import { SweepSchedule } from './workflow/schedule.ts';
import { Workflow } from './workflow/workflow.ts';

export interface HubStackProps extends StackProps {
  readonly configuration: Configuration;
  /** Hash of the policy that the bundles carry. */
  readonly policyHash: string;
  /** Absolute path of the folder with janitor.yaml and directory.yaml. */
  readonly policyFolder: string;
  /** Which member roles exist. */
  readonly purposes: readonly MemberPurpose[];
  /** Code of a function; default: its bundled handler. Tests of templates need none. */
  readonly codeOf?: (name: FunctionName) => Code;
}

/** The hub: record, functions, workflow, schedule and notices, in one account without people. */
export class HubStack extends Stack {
  readonly names: DeployedNames;
  readonly functions: ReadonlyMap<FunctionName, JanitorFunction>;
  readonly workflow: Workflow;
  readonly notices: Notices;
  readonly deadLetters: Queue;
  readonly tables: RecordTables;

  constructor(scope: Construct, id: string, props: HubStackProps) {
    super(scope, id, props);
    const { configuration } = props;
    const { sandbox: removable } = configuration;
    const logRetention = removable ? RetentionDays.ONE_WEEK : RetentionDays.ONE_YEAR;
    this.names = deployedNames(configuration.prefix);
    const keys = new Keys(this, 'Keys', { removable });
    this.tables = new RecordTables(this, 'Record', { key: keys.record, removable });
    const { ledger, state } = this.tables;
    const accessLogs = new AccessLogsBucket(this, 'AccessLogs', { removable }).bucket;
    const evidence = new EvidenceBucket(this, 'Evidence', {
      key: keys.record,
      accessLogs,
      removable,
      ...configuration.evidence,
    }).bucket;
    const work = new WorkBucket(this, 'Work', { key: keys.operations, accessLogs, removable }).bucket;
    this.notices = new Notices(this, 'Notices', {
      names: this.names,
      key: keys.operations,
      operators: configuration.operators,
      mailFrom: configuration.mail?.from,
      organizationId: configuration.organizationId,
      memberAccounts: listed(configuration),
    });
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: removable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This is the dead-letter queue of everything else; an alarm watches whatever lies in it.',
    });
    const { names } = this;
    const facts = {
      names,
      configuration,
      ledgerTable: ledger.tableName,
      stateTable: state.tableName,
      evidenceBucket: evidence.bucketName,
      evidenceKeyArn: keys.record.keyArn,
      workBucket: work.bucketName,
      topicArn: this.notices.topic.topicArn,
      busName: this.notices.bus.eventBusName,
    };
    const resources: Omit<GrantResources, 'logGroup'> = {
      partition: Aws.PARTITION,
      region: Aws.REGION,
      dnsSuffix: Aws.URL_SUFFIX,
      account: Aws.ACCOUNT_ID,
      ledgerTable: ledger.tableArn,
      stateTable: state.tableArn,
      evidenceBucket: evidence.bucketArn,
      workBucket: work.bucketArn,
      recordKey: keys.record.keyArn,
      operationsKey: keys.operations.keyArn,
      topic: this.notices.topic.topicArn,
      bus: this.notices.bus.eventBusArn,
      deadLetters: this.deadLetters.queueArn,
      mail: this.notices.mailArns,
      memberRoles: memberRoleArns(names, props),
      organizationId: configuration.accounts === 'organization' ? configuration.organizationId : undefined,
    };
    this.functions = new Map(
      FUNCTION_NAMES.map((name) => [
        name,
        new JanitorFunction(this, name, {
          name,
          names,
          resources,
          environment: environmentOf(facts),
          policyFolder: props.policyFolder,
          deadLetters: this.deadLetters,
          logKey: keys.operations,
          logRetention,
          removable,
          architecture: configuration.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
          code: props.codeOf?.(name),
        }),
      ]),
    );
    this.workflow = new Workflow(this, 'Workflow', {
      names,
      functionOf: (name) => this.lambda(name),
      workBucket: work,
      key: keys.operations,
      concurrency: configuration.concurrency,
      enforce: configuration.mode === 'enforce',
      removable,
      logRetention,
    });
    new SweepSchedule(this, 'Schedule', {
      names,
      schedule: configuration.schedule,
      stateMachine: this.workflow.stateMachine,
      deadLetters: this.deadLetters,
    });
    new BirthRules(this, 'Births', {
      names,
      bus: this.notices.bus,
      target: this.lambda('tag-newborn'),
      deadLetters: this.deadLetters,
    });
    if (configuration.mail !== undefined) {
      new BounceRule(this, 'Bounces', {
        names,
        target: this.lambda('record-bounce'),
        deadLetters: this.deadLetters,
      });
    }
    if (configuration.memberRolesInHub) {
      new MemberRoles(this, 'MemberRoles', {
        names,
        purposes: props.purposes,
        partition: Aws.PARTITION,
        account: Aws.ACCOUNT_ID,
        hubAccount: Aws.ACCOUNT_ID,
        organizationId: configuration.organizationId,
      });
    }
    const url = this.lambda('operate').addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    this.#outputs({
      LedgerTable: facts.ledgerTable,
      StateTable: facts.stateTable,
      EvidenceBucket: facts.evidenceBucket,
      EvidenceKeyArn: facts.evidenceKeyArn,
      WorkBucket: facts.workBucket,
      StateMachineArn: this.workflow.stateMachine.stateMachineArn,
      OperateUrl: url.url,
      Region: Aws.REGION,
      Mode: configuration.mode,
      PolicyHash: props.policyHash,
      MemberRolePrefix: names.memberRolePrefix,
    });
  }

  /** The Lambda function behind a name. */
  lambda(name: FunctionName): IFunction & JanitorFunction['lambda'] {
    const found = this.functions.get(name);
    if (found === undefined) throw new Error(`no function ${name}`);
    return found.lambda;
  }

  /** What `janitor --stack` reads. */
  #outputs(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}

function listed({ accounts }: Configuration): readonly string[] {
  return Array.isArray(accounts) ? accounts : [];
}

/** The member roles functions may assume: of the listed accounts and the hub, or of every account of the organisation. */
function memberRoleArns(
  names: DeployedNames,
  { configuration, purposes }: HubStackProps,
): GrantResources['memberRoles'] {
  const accounts =
    configuration.accounts === 'organization'
      ? ['*']
      : [...new Set([Aws.ACCOUNT_ID, ...listed(configuration)])];
  const arns = (purpose: MemberPurpose) =>
    purposes.includes(purpose)
      ? accounts.map(
          (account) =>
            `arn:${Aws.PARTITION}:iam::${account}:role/credential-janitor/${names.memberRole(purpose)}`,
        )
      : [];
  return { read: arns('read'), tag: arns('tag'), quarantine: arns('quarantine'), delete: arns('delete') };
}
