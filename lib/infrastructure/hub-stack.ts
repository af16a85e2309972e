import {
  Aws,
  CfnOutput,
  Duration,
  RemovalPolicy,
  Stack,
  type StackProps,
  Tags,
  Validations,
} from 'aws-cdk-lib';
import type { Code, IFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { RequestApi } from './api/request-api.ts';
import { BirthRules, BounceRule } from './born-tagged/rules.ts';
import { BreakGlass } from './break-glass/break-glass.ts';
import type { DeployedBreakGlass } from './break-glass/deployed.ts';
import type { Configuration } from './configuration/schema.ts';
import { Functions } from './functions/functions.ts';
import { environmentFacts, hubResources, listedAccounts } from './hub-resources.ts';
import { hubMemberRoles } from './member/hub-member-roles.ts';
import { deployedFunctions, deployedNames, type FunctionName, type MemberPurpose } from './names.ts';
import { Notices } from './notices/notices.ts';
import { Observability } from './observability/observability.ts';
import { PeoplePolicies } from './people-policies.ts';
import { Stores } from './record/stores.ts';
import { CarryOutRules } from './requests/carry-out-rules.ts';
import { AccessKeyRotation } from './rotation/access-key-rotation.ts';
import type { RotationReach } from './rotation/reach.ts';
import { SweepSchedule } from './workflow/schedule.ts';
import { Workflow } from './workflow/workflow.ts';

export interface HubStackProps extends StackProps {
  readonly configuration: Configuration;
  /** Hash of the policy that the bundles carry. */
  readonly policyHash: string;
  /** Path of the file that the functions which judge carry. */
  readonly packedPolicy: string;
  /** Which member roles exist. */
  readonly purposes: readonly MemberPurpose[];
  /** How far the rights to rotate go. */
  readonly reach: RotationReach;
  /** Roles that are lent; undefined: none are. */
  readonly breakGlass: DeployedBreakGlass | undefined;
  /** Accounts of registered outside parties. */
  readonly outsideAccounts: readonly string[];
  /** Code of a function; default: its bundled handler. Tests of templates need none. */
  readonly codeOf?: (name: FunctionName) => Code;
}

/** The hub: record, functions, workflow, schedule and notices, in one account without people. */
export class HubStack extends Stack {
  constructor(scope: Construct, id: string, props: HubStackProps) {
    super(scope, id, props);
    const { configuration, purposes, reach, breakGlass } = props;
    const { sandbox: removable, organizationId } = configuration;
    const names = deployedNames(configuration.prefix);
    Tags.of(this).add('credential-janitor', names.prefix);
    const logRetention = removable ? RetentionDays.ONE_WEEK : RetentionDays.ONE_YEAR;

    const stores = new Stores(this, 'Stores', configuration);
    const key = stores.keys.operations;
    const notices = new Notices(this, 'Notices', {
      names,
      key,
      operators: configuration.operators,
      mailFrom: configuration.mail?.from,
      organizationId,
      memberAccounts: listedAccounts(configuration),
      anyService: breakGlass !== undefined,
    });
    const deadLetters = this.#deadLetters(removable);

    const hub = { names, configuration, purposes, reach, breakGlass, stores, notices, deadLetters };
    const resources = hubResources(hub);
    const rotates = purposes.includes('rotate') || configuration.rotation.secrets.length > 0;
    const deployed = deployedFunctions({ rotates, breakGlass: breakGlass !== undefined });
    const functions = new Functions(this, 'Functions', {
      names,
      deployed,
      configuration,
      facts: environmentFacts(hub),
      resources,
      packedPolicy: props.packedPolicy,
      deadLetters,
      logKey: key,
      logRetention,
      codeOf: props.codeOf,
    });
    const functionOf = (name: FunctionName) => functions.of(name);

    const { stateMachine } = new Workflow(this, 'Workflow', {
      names,
      functionOf,
      workBucket: stores.work,
      key,
      concurrency: configuration.concurrency,
      enforce: configuration.mode === 'enforce',
      removable,
      logRetention,
    });
    new SweepSchedule(this, 'Schedule', {
      names,
      schedule: configuration.schedule,
      stateMachine,
      deadLetters,
    });
    new BirthRules(this, 'Births', {
      names,
      bus: notices.bus,
      target: functionOf('tag-newborn'),
      deadLetters,
    });
    if (configuration.mail !== undefined) {
      new BounceRule(this, 'Bounces', { names, target: functionOf('record-bounce'), deadLetters });
    }
    if (configuration.memberRolesInHub) {
      hubMemberRoles(this, { names, purposes, reach, breakGlass, configuration });
    }
    if (breakGlass !== undefined) {
      new BreakGlass(this, 'BreakGlass', {
        names,
        reconciler: functionOf('reconcile-grants'),
        bus: notices.bus,
        deadLetters,
        emergencyIdentities: breakGlass.emergencyIdentities,
      });
    }
    if (rotates) this.#rotate(functionOf('rotate-access-key'), configuration.rotation);
    new CarryOutRules(this, 'CarryOut', {
      names,
      bus: notices.bus,
      target: functionOf('carry-out-requests'),
      deadLetters,
    });
    const { api, arn } = new RequestApi(this, 'Api', {
      names,
      lambda: functionOf('answer-requests'),
      broker: breakGlass === undefined ? undefined : functionOf('grant-access'),
      callers: {
        organizationId,
        memberAccounts: listedAccounts(configuration),
        outsideAccounts: props.outsideAccounts,
      },
      limits: configuration.api,
      key,
      removable,
      logRetention,
    });
    new PeoplePolicies(this, 'People', {
      names,
      resources: {
        ...resources,
        stackName: this.stackName,
        stateMachine: names.stateMachine,
        api: arn,
      },
    });
    const { enabled, overdueAfterHours } = configuration.schedule;
    new Observability(this, 'Observability', {
      names,
      deployed,
      functionOf,
      stateMachine,
      deadLetters,
      api,
      topic: notices.topic,
      tables: [stores.tables.ledger, stores.tables.state, stores.proofs],
      overdueAfterHours: enabled ? overdueAfterHours : undefined,
      mail: configuration.mail !== undefined,
    });

    this.#outputs({
      LedgerTable: stores.tables.ledger.tableName,
      StateTable: stores.tables.state.tableName,
      EvidenceBucket: stores.evidence.bucketName,
      EvidenceKeyArn: stores.keys.record.keyArn,
      WorkBucket: stores.work.bucketName,
      StateMachineArn: stateMachine.stateMachineArn,
      ApiUrl: api.url,
      Region: Aws.REGION,
      Mode: configuration.mode,
      PolicyHash: props.policyHash,
      MemberRolePrefix: names.memberRolePrefix,
    });
  }

  #rotate(lambda: IFunction, { secrets, ...when }: Configuration['rotation']): void {
    const rotation = new AccessKeyRotation(this, 'Rotation', { lambda });
    for (const secretArn of new Set(secrets)) rotation.rotateOnSchedule(secretArn, when);
  }

  /** One queue for whatever could not be delivered: starts of sweeps, births, bounces. */
  #deadLetters(removable: boolean): Queue {
    const queue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      removalPolicy: removable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This is the dead-letter queue of everything else; an alarm watches whatever lies in it.',
    });
    return queue;
  }

  /** What `janitor --stack` reads. */
  #outputs(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}
