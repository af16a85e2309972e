import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CfnAccount,
  CfnRestApi,
  EndpointType,
  type IResource,
  JsonSchemaType,
  LambdaIntegration,
  LogGroupLogDestination,
  type Method,
  MethodLoggingLevel,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Configuration } from '../configuration/schema.ts';
import { acknowledgeApi } from '../nag/api-answers.ts';
import type { DeployedNames } from '../names.ts';
import { apiLogGrants } from '../permissions/index.ts';
import { grantedRole } from '../roles.ts';
import { accessLogFormat } from './access-log.ts';
import { type AdmittedCallers, callersPolicy } from './callers.ts';
import { answerWithProblems } from './problems.ts';
import { WebAcl } from './web-acl.ts';

export interface RequestApiProps {
  readonly names: DeployedNames;
  /** Answers every request. */
  readonly lambda: IFunction;
  /** Answers those for break-glass access; undefined: the other does, and knows no such path. */
  readonly broker: IFunction | undefined;
  readonly callers: AdmittedCallers;
  readonly limits: Configuration['api'];
  readonly key: IKey;
  readonly removable: boolean;
  readonly logRetention: RetentionDays;
}

/** The path of break-glass access within a version of the API. */
const BROKER_PATH = { version: 'v1', name: 'break-glass' } as const;

/** The stage; paths begin with the version of the API after it. */
const STAGE = 'api';

/** Members of a body's outermost object: far more than any route knows. */
const MOST_MEMBERS = 32;

/**
 * The REST API: one proxy to one function, and to the broker for what is its own, for GET and POST alone, each request signed by its caller (AWS_IAM) and admitted
 * by the resource policy. TLS 1.2 with forward secrecy is the least; the address it is called by is the one it has.
 */
export class RequestApi extends Construct {
  readonly api: RestApi;
  /** ARN of the API as rights to call it name it, with the stage. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: RequestApiProps) {
    super(scope, id);
    const { names, limits } = props;
    this.api = new RestApi(this, 'Api', {
      restApiName: names.api,
      description: 'Credential Janitor: requests, decisions, exceptions and challenges',
      endpointTypes: [EndpointType.REGIONAL],
      policy: callersPolicy(props.callers),
      cloudWatchRole: false,
      deployOptions: {
        stageName: STAGE,
        tracingEnabled: true,
        throttlingRateLimit: limits.rate,
        throttlingBurstLimit: limits.burst,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        accessLogDestination: new LogGroupLogDestination(this.#logGroup('AccessLog', props)),
        accessLogFormat: accessLogFormat(),
      },
    });
    // The stack has an output of its own for it.
    this.api.node.tryRemoveChild('Endpoint');
    this.arn = `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${this.api.restApiId}/${STAGE}`;
    this.#leastTls();
    answerWithProblems(this.api);
    const methods = this.#proxies(props);
    this.#writeLogs(props);
    const { stageArn } = this.api.deploymentStage;
    if (limits.waf) new WebAcl(this, 'Firewall', { names, stageArn });
    acknowledgeApi({ api: this.api, methods, waf: limits.waf });
  }

  /** A body is checked before the function runs; a GET has none. */
  #proxies({ lambda, broker }: RequestApiProps): Method[] {
    const requestValidator = this.api.addRequestValidator('Validator', {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    const body = this.api.addModel('Body', {
      contentType: 'application/json',
      description: 'What every body is before its route looks at it',
      schema: { type: JsonSchemaType.OBJECT, maxProperties: MOST_MEMBERS },
    });
    const shared = { authorizationType: AuthorizationType.IAM, requestValidator };
    const proxy = (under: IResource, target: IFunction): Method[] => {
      const integration = new LambdaIntegration(target, {
        allowTestInvoke: false,
        timeout: Duration.seconds(29),
      });
      const all = under.addResource('{proxy+}');
      return [
        all.addMethod('GET', integration, shared),
        all.addMethod('POST', integration, { ...shared, requestModels: { 'application/json': body } }),
      ];
    };
    const { root } = this.api;
    if (broker === undefined) return proxy(root, lambda);
    // API Gateway does not look further once the beginning of a path fits: what is beside the broker's path is named again.
    const version = root.addResource(BROKER_PATH.version);
    return [
      ...proxy(root, lambda),
      ...proxy(version, lambda),
      ...proxy(version.addResource(BROKER_PATH.name), broker),
    ];
  }

  /** No version of TLS before 1.2, and no request that names another host than it was sent to. */
  #leastTls(): void {
    const { defaultChild } = this.api.node;
    if (!(defaultChild instanceof CfnRestApi)) throw new TypeError('a RestApi is a CfnRestApi');
    defaultChild.securityPolicy = SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;
    defaultChild.endpointAccessMode = 'STRICT';
  }

  /** What goes wrong within API Gateway is written to a log of this name, which it would make itself, not encrypted. */
  #writeLogs(props: RequestApiProps): void {
    const role = grantedRole(this, 'LogRole', {
      roleName: `${props.names.prefix}-api-log`,
      service: 'apigateway.amazonaws.com',
      description: 'Credential Janitor: API Gateway writes the logs of its stages',
      grants: apiLogGrants(),
    });
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    // API Gateway takes a role only in an account that has an API.
    account.node.addDependency(role, this.api.node.defaultChild ?? this.api);
    const executions = this.#logGroup(
      'ExecutionLog',
      props,
      `API-Gateway-Execution-Logs_${this.api.restApiId}/${STAGE}`,
    );
    this.api.deploymentStage.node.addDependency(account, executions);
  }

  #logGroup(id: string, { key, removable, logRetention }: RequestApiProps, logGroupName?: string): LogGroup {
    return new LogGroup(this, id, {
      ...(logGroupName === undefined ? {} : { logGroupName }),
      encryptionKey: key,
      retention: logRetention,
      removalPolicy: removable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  }
}
