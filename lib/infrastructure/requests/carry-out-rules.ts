import { Aws, Duration } from 'aws-cdk-lib';
import { type IEventBus, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeployedNames } from '../names.ts';
import { APPROVED } from './approved.ts';

export interface CarryOutRulesProps {
  readonly names: DeployedNames;
  readonly bus: IEventBus;
  readonly target: IFunction;
  readonly deadLetters: IQueue;
}

/** Minutes between two looks at everything that is open. */
const RECONCILED_EVERY = 5;

/**
 * What was approved is carried out at once by an event of the hub's own account, and within minutes whatever became of
 * the event: the same function looks at everything that is open, by the clock (I13, I14).
 */
export class CarryOutRules extends Construct {
  constructor(scope: Construct, id: string, { names, bus, target, deadLetters }: CarryOutRulesProps) {
    super(scope, id);
    const delivered = { deadLetterQueue: deadLetters, maxEventAge: Duration.hours(6), retryAttempts: 30 };
    new Rule(this, 'Approved', {
      ruleName: `${names.prefix}-approved`,
      description: 'Credential Janitor: carries out what was approved',
      eventBus: bus,
      eventPattern: {
        source: [APPROVED.source],
        detailType: [APPROVED.detailType],
        account: [Aws.ACCOUNT_ID],
      },
      targets: [new LambdaFunction(target, delivered)],
    });
    new Rule(this, 'Reconciled', {
      ruleName: `${names.prefix}-reconcile`,
      description: 'Credential Janitor: carries out and ends what is due, whatever became of events',
      schedule: Schedule.rate(Duration.minutes(RECONCILED_EVERY)),
      // The next one is five minutes away: a late one is worth nothing.
      targets: [
        new LambdaFunction(target, {
          ...delivered,
          maxEventAge: Duration.minutes(RECONCILED_EVERY),
          retryAttempts: 2,
          event: RuleTargetInput.fromObject({ reconcile: true }),
        }),
      ],
    });
  }
}
