import { evidence } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { LEDGER_INDEX, useTablesKey } from './ledger-grants.ts';

export interface PeopleResources extends GrantResources {
  readonly stackName: string;
  /** Name of the state machine. */
  readonly stateMachine: string;
  /** ARN of the operate function. */
  readonly operate: string;
}

/** Reading everything that was recorded, whole tables included: verify recomputes every chain (G7). */
export function auditorGrants(of: PeopleResources): Grant[] {
  return [
    {
      sid: 'FindStack',
      actions: ['cloudformation:DescribeStacks'],
      resources: [`arn:${of.partition}:cloudformation:${of.region}:${of.account}:stack/${of.stackName}/*`],
      wildcard: 'A stack asked for by its name is authorised under any of its ids.',
    },
    {
      sid: 'ReadRecord',
      actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'],
      resources: [
        of.ledgerTable,
        `${of.ledgerTable}/index/${LEDGER_INDEX}`,
        of.stateTable,
        `${of.stateTable}/index/*`,
      ],
      wildcard: 'The indexes of the state table.',
    },
    { ...useTablesKey(of), actions: ['kms:Decrypt', 'kms:DescribeKey'] },
    ...evidence(of, { read: [''] }),
  ];
}

/** An auditor's rights, starting and following sweeps, and asking the function that records what people decide. */
export function operatorGrants(of: PeopleResources): Grant[] {
  const states = `arn:${of.partition}:states:${of.region}:${of.account}`;
  return [
    ...auditorGrants(of),
    {
      sid: 'StartSweep',
      actions: ['states:StartExecution', 'states:ListExecutions'],
      resources: [`${states}:stateMachine:${of.stateMachine}`],
    },
    {
      sid: 'FollowAndRedriveSweep',
      actions: [
        'states:DescribeExecution',
        'states:DescribeMapRun',
        'states:GetExecutionHistory',
        'states:ListMapRuns',
        'states:RedriveExecution',
      ],
      resources: [
        `${states}:execution:${of.stateMachine}:*`,
        `${states}:execution:${of.stateMachine}/*`,
        `${states}:mapRun:${of.stateMachine}/*`,
      ],
      wildcard: 'Executions and map runs of this one workflow, named when they start.',
    },
    ...askToOperate(of),
  ];
}

/**
 * A call of the function's URL takes both rights. Each is limited to such a call: whoever invoked the function itself would
 * write the event that says who is calling, and could decide in anybody's name (G1, I11).
 */
function askToOperate({ operate }: PeopleResources): Grant[] {
  return [
    {
      sid: 'AskToOperate',
      actions: ['lambda:InvokeFunctionUrl'],
      resources: [operate],
      conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
    },
    {
      sid: 'AskByUrlOnly',
      actions: ['lambda:InvokeFunction'],
      resources: [operate],
      conditions: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
    },
  ];
}
