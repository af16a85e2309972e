import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  type Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../../domain/metric.ts';
import type { DeployedNames, FunctionName } from '../names.ts';
import { functionGrants, type GrantResources } from '../permissions/index.ts';
import { grantedRole } from '../roles.ts';
import { bundledCode } from './bundle.ts';
import { CATALOGUE, type Variable } from './catalogue.ts';

export interface JanitorFunctionProps {
  readonly name: FunctionName;
  readonly names: DeployedNames;
  readonly resources: GrantResources;
  readonly environment: Readonly<Partial<Record<Variable, string>>>;
  readonly packedPolicy: string;
  readonly deadLetters: IQueue;
  readonly logKey: IKey;
  readonly logRetention: RetentionDays;
  readonly removable: boolean;
  readonly architecture: Architecture;
  /** Other code than the bundled handler: tests of templates need none. */
  readonly code: Code | undefined;
}

/** A Lambda function with its own log group and its own role, which holds its table of grants and nothing else. */
export class JanitorFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: JanitorFunctionProps) {
    super(scope, id);
    const { name, names } = props;
    const description = CATALOGUE[name];
    const logGroup = new LogGroup(this, 'Log', {
      encryptionKey: props.logKey,
      retention: props.logRetention,
      removalPolicy: props.removable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    this.role = grantedRole(this, 'Role', {
      roleName: names.functionName(name),
      service: 'lambda.amazonaws.com',
      description: `Credential Janitor: ${description.does}`,
      grants: functionGrants(name, props.resources, logGroup.logGroupRef.logGroupArn),
    });
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: names.functionName(name),
      description: `Credential Janitor: ${description.does}`,
      code: props.code ?? bundledCode(name, description.judges ? props.packedPolicy : undefined),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: props.architecture,
      memorySize: description.memory,
      timeout: Duration.seconds(description.timeout),
      role: this.role.withoutPolicyUpdates(),
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      environment: { ...variablesOf(name, props.environment), ...powertools(names.functionName(name)) },
      ...(description.asynchronous
        ? {
            onFailure: new SqsDestination(props.deadLetters),
            retryAttempts: 2,
            maxEventAge: Duration.hours(6),
          }
        : {}),
    });
    this.lambda.node.addDependency(this.role);
  }
}

function powertools(service: string): Record<string, string> {
  return { POWERTOOLS_SERVICE_NAME: service, POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE };
}

function variablesOf(
  name: FunctionName,
  all: Readonly<Partial<Record<Variable, string>>>,
): Record<string, string> {
  const told: Record<string, string> = {};
  for (const variable of CATALOGUE[name].variables) {
    const value = all[variable];
    if (value !== undefined) told[variable] = value;
  }
  return told;
}
