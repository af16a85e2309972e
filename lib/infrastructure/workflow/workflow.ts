import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { DeployedNames, FunctionName } from '../names.ts';
import { workflowGrants } from '../permissions/index.ts';
import { grantedRole } from '../roles.ts';
import { sweepDefinition, TIMEOUTS } from './definition.ts';

export interface WorkflowProps {
  readonly names: DeployedNames;
  readonly functionOf: (name: FunctionName) => IFunction;
  readonly workBucket: IBucket;
  readonly key: IKey;
  readonly concurrency: number;
  readonly enforce: boolean;
  readonly removable: boolean;
  readonly logRetention: RetentionDays;
}

/** The Standard workflow of a sweep, its log (events without data) and its role. */
export class Workflow extends Construct {
  readonly stateMachine: StateMachine;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const { names, functionOf, workBucket } = props;
    const functions = {
      listAccounts: functionOf('list-accounts').functionArn,
      decideAccount: functionOf('decide-account').functionArn,
      allotSteps: functionOf('allot-steps').functionArn,
      actOnAccount: functionOf('act-on-account').functionArn,
      finishRun: functionOf('finish-run').functionArn,
    };
    const logGroup = new LogGroup(this, 'Log', {
      // Step Functions writes to no other log groups without widening an account-wide policy.
      logGroupName: `/aws/vendedlogs/states/${names.stateMachine}`,
      encryptionKey: props.key,
      retention: props.logRetention,
      removalPolicy: props.removable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    this.role = grantedRole(this, 'Role', {
      roleName: `${names.prefix}-workflow`,
      service: 'states.amazonaws.com',
      description: 'Credential Janitor: the workflow of a sweep',
      grants: workflowGrants({
        partition: Aws.PARTITION,
        region: Aws.REGION,
        dnsSuffix: Aws.URL_SUFFIX,
        account: Aws.ACCOUNT_ID,
        stateMachine: names.stateMachine,
        functions: Object.values(functions),
        workBucket: workBucket.bucketArn,
        operationsKey: props.key.keyArn,
      }),
    });
    const definition = sweepDefinition({
      functions,
      workBucket: workBucket.bucketName,
      concurrency: props.concurrency,
      enforce: props.enforce,
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: names.stateMachine,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      role: this.role.withoutPolicyUpdates(),
      timeout: Duration.seconds(TIMEOUTS.run),
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stateMachine.node.addDependency(this.role);
  }
}
