import { Aws } from 'aws-cdk-lib';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Configuration } from '../configuration/schema.ts';
import type { DeployedNames } from '../names.ts';
import { scheduleGrants } from '../permissions/index.ts';
import { grantedRole } from '../roles.ts';

export interface SweepScheduleProps {
  readonly names: DeployedNames;
  readonly schedule: Configuration['schedule'];
  readonly stateMachine: IStateMachine;
  readonly deadLetters: IQueue;
}

/**
 * EventBridge Scheduler starts a sweep; at least once, so the instant it was meant for goes along and a second run for
 * the same instant ends at once. What could not be started for a day lies in the dead-letter queue.
 */
export class SweepSchedule extends Construct {
  readonly schedule: CfnSchedule;

  constructor(
    scope: Construct,
    id: string,
    { names, schedule, stateMachine, deadLetters }: SweepScheduleProps,
  ) {
    super(scope, id);
    const role = grantedRole(this, 'Role', {
      roleName: `${names.prefix}-schedule`,
      service: 'scheduler.amazonaws.com',
      sourceAccount: Aws.ACCOUNT_ID,
      description: 'Credential Janitor: starts sweeps by the clock',
      grants: scheduleGrants({
        stateMachine: stateMachine.stateMachineArn,
        deadLetters: deadLetters.queueArn,
      }),
    });
    this.schedule = new CfnSchedule(this, 'Schedule', {
      name: names.schedule,
      description: 'Credential Janitor: sweeps all accounts',
      state: schedule.enabled ? 'ENABLED' : 'DISABLED',
      scheduleExpression: schedule.expression,
      scheduleExpressionTimezone: schedule.timeZone,
      flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: schedule.flexibleMinutes },
      target: {
        arn: stateMachine.stateMachineArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ trigger: 'schedule', scheduledAt: '<aws.scheduler.scheduled-time>' }),
        deadLetterConfig: { arn: deadLetters.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
      },
    });
  }
}
