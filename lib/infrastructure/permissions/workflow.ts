import type { Grant } from './grant.ts';

export interface WorkflowResources {
  readonly partition: string;
  readonly region: string;
  readonly dnsSuffix: string;
  readonly account: string;
  /** Name of the state machine. */
  readonly stateMachine: string;
  readonly functions: readonly string[];
  readonly workBucket: string;
  readonly operationsKey: string;
}

/** The workflow calls five functions, reads lists of accounts, writes results, and runs one child per account. */
export function workflowGrants(of: WorkflowResources): Grant[] {
  const states = `arn:${of.partition}:states:${of.region}:${of.account}`;
  return [
    { sid: 'CallFunctions', actions: ['lambda:InvokeFunction'], resources: of.functions },
    {
      sid: 'StartChildren',
      actions: ['states:StartExecution'],
      resources: [`${states}:stateMachine:${of.stateMachine}`],
    },
    {
      sid: 'FollowChildren',
      actions: ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
      resources: [`${states}:execution:${of.stateMachine}/*`],
      wildcard: 'Children are named by Step Functions.',
    },
    {
      sid: 'ReadItems',
      actions: ['s3:GetObject'],
      resources: [`${of.workBucket}/runs/*`],
      wildcard: 'Lists of accounts and results of earlier parts, named by run.',
    },
    {
      sid: 'WriteResults',
      actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      resources: [`${of.workBucket}/runs/*`],
      wildcard: 'Results of maps, named by run.',
    },
    {
      sid: 'OpenWork',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [of.operationsKey],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${of.region}.${of.dnsSuffix}` } },
    },
    {
      sid: 'DeliverLog',
      actions: [
        'logs:CreateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:DescribeLogGroups',
        'logs:DescribeResourcePolicies',
        'logs:GetLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:UpdateLogDelivery',
      ],
      resources: ['*'],
      wildcard: 'CloudWatch Logs knows no resource for log deliveries.',
    },
    {
      sid: 'WriteTraces',
      actions: [
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ],
      resources: ['*'],
      wildcard: 'X-Ray knows no resource for these.',
    },
  ];
}

/** The schedule starts the workflow, and keeps what it could not start. */
export function scheduleGrants(of: { readonly stateMachine: string; readonly deadLetters: string }): Grant[] {
  return [
    { sid: 'StartSweep', actions: ['states:StartExecution'], resources: [of.stateMachine] },
    { sid: 'KeepWhatFailed', actions: ['sqs:SendMessage'], resources: [of.deadLetters] },
  ];
}

/** One-time schedules end grants, and keep what could not be ended. */
export function endScheduleGrants(of: { readonly lambda: string; readonly deadLetters: string }): Grant[] {
  return [
    { sid: 'EndGrant', actions: ['lambda:InvokeFunction'], resources: [of.lambda] },
    { sid: 'KeepWhatFailed', actions: ['sqs:SendMessage'], resources: [of.deadLetters] },
  ];
}
