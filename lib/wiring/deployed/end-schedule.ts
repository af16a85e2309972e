import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { awsError } from '../../aws/index.ts';
import type { EndSchedule } from '../../break-glass/index.ts';
import { type Instant, toMillis } from '../../domain/time.ts';
import type { Environment } from './environment.ts';

export type ScheduleVariables = Pick<
  Environment,
  'GRANT_DEAD_LETTER_ARN' | 'GRANT_SCHEDULE_GROUP' | 'GRANT_SCHEDULE_ROLE_ARN' | 'RECONCILE_FUNCTION_ARN'
>;

/** After that the reconciler's own schedule has looked at the grant anyway. */
const RETRIED_FOR_SECONDS = 900;
const RETRIES = 5;

/**
 * A one-time schedule of EventBridge Scheduler for each grant, which calls the reconciler and deletes itself. Its name is
 * the grant's id: placed again it is there already. Throws the `aws-` codes.
 */
export function oneTimeSchedule(
  client: Pick<SchedulerClient, 'send'>,
  variables: ScheduleVariables,
): EndSchedule {
  return {
    place: async (grant) => {
      try {
        await client.send(new CreateScheduleCommand(scheduleOf(grant, variables)));
      } catch (error) {
        if (error instanceof ConflictException) return;
        throw awsError(error, 'scheduler:CreateSchedule');
      }
    },
  };
}

function scheduleOf(
  { grantId, endsAt }: Parameters<EndSchedule['place']>[0],
  variables: ScheduleVariables,
): CreateScheduleCommandInput {
  const { GRANT_DEAD_LETTER_ARN: deadLetters } = variables;
  return {
    Name: grantId,
    GroupName: variables.GRANT_SCHEDULE_GROUP,
    ScheduleExpression: `at(${secondAfter(endsAt)})`,
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: variables.RECONCILE_FUNCTION_ARN,
      RoleArn: variables.GRANT_SCHEDULE_ROLE_ARN,
      Input: JSON.stringify({ end: grantId }),
      RetryPolicy: { MaximumRetryAttempts: RETRIES, MaximumEventAgeInSeconds: RETRIED_FOR_SECONDS },
      ...(deadLetters === undefined ? {} : { DeadLetterConfig: { Arn: deadLetters } }),
    },
  };
}

/** The first whole second at which it is over, in UTC: called before, the grant would still be active. */
function secondAfter(instant: Instant): string {
  return new Date(Math.ceil(toMillis(instant) / 1000) * 1000).toISOString().slice(0, 19);
}
