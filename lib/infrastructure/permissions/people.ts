import { type ApiRoute, ASKING, BREAK_GLASS, EVERYTHING } from '../api/routes.ts';
import { evidence } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { LEDGER_INDEX, useTablesKey } from './ledger-grants.ts';

export interface PeopleResources extends GrantResources {
  readonly stackName: string;
  /** Name of the state machine. */
  readonly stateMachine: string;
  /** ARN of the stage of the API. */
  readonly api: string;
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

/** An auditor's rights, starting and following sweeps, and everything the API does. */
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
    askApi(of, EVERYTHING),
  ];
}

/** Asking for oneself or others, seeing what became of it, and challenging; for an account of the organisation as well. */
export function requesterGrants(of: PeopleResources): Grant[] {
  return [
    {
      sid: 'FindStack',
      actions: ['cloudformation:DescribeStacks'],
      resources: [`arn:${of.partition}:cloudformation:${of.region}:${of.account}:stack/${of.stackName}/*`],
      wildcard: 'A stack asked for by its name is authorised under any of its ids.',
    },
    askApi(of, ASKING),
  ];
}

/**
 * Break-glass access and nothing else: taking, renewing, giving back, approving and reviewing. Who may have a role, approve
 * it or review it is judged by the broker, at each call.
 */
export function onCallGrants(of: PeopleResources): Grant[] {
  return [
    {
      sid: 'FindStack',
      actions: ['cloudformation:DescribeStacks'],
      resources: [`arn:${of.partition}:cloudformation:${of.region}:${of.account}:stack/${of.stackName}/*`],
      wildcard: 'A stack asked for by its name is authorised under any of its ids.',
    },
    askApi(of, BREAK_GLASS),
  ];
}

/** Routes of the API and no others; the signature says who asks, and the API judges whether that may be. */
function askApi({ api }: PeopleResources, routes: readonly ApiRoute[]): Grant {
  return {
    sid: 'AskApi',
    actions: ['execute-api:Invoke'],
    resources: routes.map((route) => `${api}/${route.replace(' ', '').replaceAll(/\{\w+\}/g, '*')}`),
    wildcard: 'Ids in the path of a route, or all paths of this one API.',
  };
}
