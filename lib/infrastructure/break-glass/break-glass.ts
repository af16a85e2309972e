import { Aws, Duration } from 'aws-cdk-lib';
import { CfnRule, type IEventBus, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeployedNames } from '../names.ts';
import { endScheduleGrants } from '../permissions/index.ts';
import { grantedRole } from '../roles.ts';
import { type DetectionRule, detectionRules, rolesOf } from './patterns.ts';

export interface BreakGlassProps {
  readonly names: DeployedNames;
  /** Ends, gathers and detects. */
  readonly reconciler: IFunction;
  readonly bus: IEventBus;
  readonly deadLetters: IQueue;
  readonly emergencyIdentities: readonly string[];
}

/** Minutes between two looks at every grant that is not over for good. */
const RECONCILED_EVERY = 5;

/**
 * What has the reconciler called: a schedule of its own for the end of each grant, made by the broker in this group with
 * this role; the clock, whatever became of that; and CloudTrail's word of the use of break-glass roles and emergency
 * identities, from this account and, by the hub's bus, from all others.
 */
export class BreakGlass extends Construct {
  constructor(scope: Construct, id: string, props: BreakGlassProps) {
    super(scope, id);
    const { names, reconciler, deadLetters, emergencyIdentities } = props;
    new CfnScheduleGroup(this, 'Ends', { name: names.endSchedules });
    grantedRole(this, 'EndRole', {
      roleName: names.endScheduleRole,
      service: 'scheduler.amazonaws.com',
      sourceAccount: Aws.ACCOUNT_ID,
      description: 'Credential Janitor: ends break-glass grants at their end',
      grants: endScheduleGrants({
        lambda: reconciler.functionArn,
        deadLetters: deadLetters.queueArn,
      }),
    });
    new Rule(this, 'Reconciled', {
      ruleName: `${names.prefix}-reconcile-grants`,
      description:
        'Credential Janitor: ends break-glass grants that are over, whatever became of their schedules',
      schedule: Schedule.rate(Duration.minutes(RECONCILED_EVERY)),
      // The next one is five minutes away: a late one is worth nothing.
      targets: [
        new LambdaFunction(reconciler, {
          deadLetterQueue: deadLetters,
          maxEventAge: Duration.minutes(RECONCILED_EVERY),
          retryAttempts: 2,
          event: RuleTargetInput.fromObject({ reconcile: true }),
        }),
      ],
    });
    const own = { prefix: rolesOf(Aws.PARTITION, Aws.ACCOUNT_ID) };
    for (const rule of detectionRules(own, emergencyIdentities)) this.#detect('own', rule, props);
    const anywhere = { wildcard: rolesOf('*', '*').concat('*') };
    for (const rule of detectionRules(anywhere, emergencyIdentities)) this.#detect('forwarded', rule, props);
  }

  #detect(
    from: 'own' | 'forwarded',
    { suffix, pattern, state }: DetectionRule,
    { names, reconciler, bus, deadLetters }: BreakGlassProps,
  ): void {
    const id = `${from}-${suffix}`;
    const rule = new CfnRule(this, id, {
      name: `${names.prefix}-${id}`,
      description: 'Credential Janitor: the use of break-glass roles and emergency identities',
      ...(from === 'own' ? {} : { eventBusName: bus.eventBusName }),
      eventPattern: pattern,
      state,
      targets: [
        {
          id: 'reconciler',
          arn: reconciler.functionArn,
          deadLetterConfig: { arn: deadLetters.queueArn },
          retryPolicy: { maximumEventAgeInSeconds: Duration.hours(6).toSeconds(), maximumRetryAttempts: 30 },
        },
      ],
    });
    new CfnPermission(this, `${id}-invokes`, {
      action: 'lambda:InvokeFunction',
      functionName: reconciler.functionArn,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
  }
}
