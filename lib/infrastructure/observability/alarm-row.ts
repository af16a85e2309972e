import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ComparisonOperator, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { DeployedNames, FunctionName } from '../names.ts';

/** An alarm; its id is its section in docs/runbook.md. */
export interface AlarmRow {
  readonly id: string;
  /** What it means, in one sentence. */
  readonly means: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Default: at or above the threshold. */
  readonly comparison?: ComparisonOperator;
  /** Periods of the metric looked at, all of which must be bad; default 1. */
  readonly periods?: number;
  /** Default: no data is no trouble. */
  readonly missing?: TreatMissingData;
}

export interface Watched {
  readonly names: DeployedNames;
  /** Which functions there are. */
  readonly deployed: readonly FunctionName[];
  readonly functionOf: (name: FunctionName) => IFunction;
  readonly stateMachine: IStateMachine;
  readonly deadLetters: IQueue;
  readonly api: RestApi;
  readonly topic: ITopic;
  readonly tables: readonly ITable[];
  /** Hours without a finished sweep after which it is overdue; undefined when the schedule is off. */
  readonly overdueAfterHours: number | undefined;
  readonly mail: boolean;
}
