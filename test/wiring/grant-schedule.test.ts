import { ConflictException, type CreateScheduleCommand } from '@aws-sdk/client-scheduler';
import { describe, expect, it } from 'vitest';
import { oneTimeSchedule } from '../../lib/wiring/deployed/end-schedule.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';

const VARIABLES = {
  GRANT_DEAD_LETTER_ARN: 'arn:aws:sqs:eu-central-1:999988887777:dead-letters',
  GRANT_SCHEDULE_GROUP: 'janitor-ends',
  GRANT_SCHEDULE_ROLE_ARN: 'arn:aws:iam::999988887777:role/janitor-ends',
  RECONCILE_FUNCTION_ARN: 'arn:aws:lambda:eu-central-1:999988887777:function:janitor-reconcile-grants',
};

function scheduler(trouble?: Error) {
  const sent: CreateScheduleCommand['input'][] = [];
  const send = async ({ input }: CreateScheduleCommand) => {
    sent.push(input);
    if (trouble !== undefined) throw trouble;
  };
  return { sent, client: { send } as unknown as Parameters<typeof oneTimeSchedule>[0] };
}

const grant = (endsAt: string) => ({ grantId: GRANT_ID, endsAt });

describe('the one-time schedule that ends a grant (I13)', () => {
  it('calls the reconciler once at its end, and deletes itself', async () => {
    const { sent, client } = scheduler();
    await oneTimeSchedule(client, VARIABLES).place(grant('2026-10-15T09:30:00.000Z'));
    expect(sent).toEqual([
      {
        Name: GRANT_ID,
        GroupName: 'janitor-ends',
        ScheduleExpression: 'at(2026-10-15T09:30:00)',
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: VARIABLES.RECONCILE_FUNCTION_ARN,
          RoleArn: VARIABLES.GRANT_SCHEDULE_ROLE_ARN,
          Input: JSON.stringify({ end: GRANT_ID }),
          RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 900 },
          DeadLetterConfig: { Arn: VARIABLES.GRANT_DEAD_LETTER_ARN },
        },
      },
    ]);
  });

  it.each([
    ['2026-10-15T09:30:00.001Z', 'at(2026-10-15T09:30:01)'],
    ['2026-10-15T09:30:59.999Z', 'at(2026-10-15T09:31:00)'],
    ['2026-12-31T23:59:59.500Z', 'at(2027-01-01T00:00:00)'],
  ])('an end at %s is called at %s, since before it there is nothing to end', async (endsAt, expression) => {
    const { sent, client } = scheduler();
    await oneTimeSchedule(client, VARIABLES).place(grant(endsAt));
    expect(sent[0]?.ScheduleExpression).toBe(expression);
  });

  it('placed again it is there already', async () => {
    const taken = new ConflictException({ message: 'it exists', Message: 'it exists', $metadata: {} });
    const { client } = scheduler(taken);
    await expect(oneTimeSchedule(client, VARIABLES).place(grant('2026-10-15T09:30:00.000Z'))).resolves.toBe(
      undefined,
    );
  });

  it('any other trouble is told, and the grant records it', async () => {
    const { client } = scheduler(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
    await expect(
      oneTimeSchedule(client, VARIABLES).place(grant('2026-10-15T09:30:00.000Z')),
    ).rejects.toMatchObject({
      code: 'aws-throttled',
    });
  });
});
