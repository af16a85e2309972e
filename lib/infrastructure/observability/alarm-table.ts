import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmRow, Watched } from './alarm-row.ts';
import { breakGlassAlarms } from './break-glass-alarms.ts';
import { greatestOf, ownMetric, sumOf } from './metrics.ts';

export function alarmTable(watched: Watched): AlarmRow[] {
  return [
    ...sweepAlarms(watched),
    ...accountAlarms(watched),
    ...functionAlarms(watched),
    ...requestAlarms(watched),
    ...rotationAlarms(watched),
    ...breakGlassAlarms(watched),
    ...storeAlarms(watched),
    ...noticeAlarms(watched),
  ];
}

function sweepAlarms({ stateMachine, overdueAfterHours }: Watched): AlarmRow[] {
  const hourly = { period: Duration.hours(1), statistic: Stats.SUM };
  const failed: AlarmRow = {
    id: 'sweep-failed',
    means: 'A run of the workflow failed, timed out or was aborted.',
    metric: sumOf('failed runs', [
      stateMachine.metricFailed(),
      stateMachine.metricTimedOut(),
      stateMachine.metricAborted(),
    ]),
    threshold: 1,
  };
  if (overdueAfterHours === undefined) return [failed];
  const overdue: AlarmRow = {
    id: 'sweep-overdue',
    means: `No sweep came to its end for ${overdueAfterHours} hours.`,
    metric: stateMachine.metricSucceeded(hourly),
    threshold: 1,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    periods: overdueAfterHours,
    missing: TreatMissingData.BREACHING,
  };
  return [failed, overdue];
}

function accountAlarms({ names }: Watched): AlarmRow[] {
  return [
    {
      id: 'accounts-not-swept',
      means:
        'Accounts of a run failed, have no role the hub may assume, or are not active; the others were swept.',
      metric: ownMetric(names, 'finish-run', 'accountsNotSwept'),
      threshold: 1,
    },
    {
      id: 'accounts-incomplete',
      means: 'Something in an account could not be read, so nothing is done there on what is unknown.',
      metric: ownMetric(names, 'finish-run', 'accountsIncomplete'),
      threshold: 1,
    },
    {
      id: 'births-late',
      means: 'New credentials were labelled more than an hour after they were made.',
      metric: ownMetric(names, 'tag-newborn', 'birthDelay', Stats.MAXIMUM),
      threshold: 3600,
    },
  ];
}

function functionAlarms({ deployed, functionOf, deadLetters }: Watched): AlarmRow[] {
  // Errors of the functions behind the API are its answers 5xx.
  const behindApi = ['answer-requests', 'grant-access'];
  const functions = deployed.filter((name) => !behindApi.includes(name)).map(functionOf);
  const slow = ['decide-account', 'act-on-account'] as const;
  return [
    {
      id: 'function-errors',
      means: 'A function ended with an error; the workflow retries, other callers do not.',
      metric: sumOf(
        'errors',
        functions.map((each) => each.metricErrors()),
      ),
      threshold: 1,
    },
    {
      id: 'function-throttles',
      means: 'Lambda refused calls because the account has no concurrency left.',
      metric: sumOf(
        'throttles',
        functions.map((each) => each.metricThrottles()),
      ),
      threshold: 1,
      periods: 3,
    },
    {
      id: 'account-cut-off',
      means: 'An account was cut off by the time limit of 15 minutes instead of stopping before it.',
      metric: greatestOf(
        'longest (ms)',
        slow.map((name) => functionOf(name).metricDuration({ statistic: Stats.MAXIMUM })),
      ),
      threshold: 895_000,
    },
    {
      id: 'dead-letters',
      means:
        'A start of a sweep, a birth, a bounce, a request or the end of a grant failed to the end and waits in the dead-letter queue.',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
      threshold: 1,
    },
  ];
}

function requestAlarms({ api, functionOf }: Watched): AlarmRow[] {
  const carryOut = functionOf('carry-out-requests');
  return [
    {
      id: 'requests-unanswered',
      means: 'The API answered 5xx: what somebody asked, decided or halted may not be recorded.',
      metric: api.metricServerError({ statistic: Stats.SUM }),
      threshold: 1,
    },
    {
      id: 'requests-refused',
      means: 'Hundreds of requests in five minutes were refused: a client in a loop, or somebody trying.',
      metric: api.metricClientError({ statistic: Stats.SUM }),
      threshold: 200,
    },
    {
      id: 'requests-not-carried-out',
      means:
        'For half an hour every look at what is approved and overdue failed: approvals have no effect yet.',
      metric: carryOut.metricErrors({ statistic: Stats.SUM }),
      threshold: 1,
      periods: 6,
    },
    {
      id: 'requests-not-looked-at',
      means:
        'Nothing has looked at open requests for half an hour, so nothing lapses and nothing is repeated.',
      metric: carryOut.metricInvocations({ statistic: Stats.SUM }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: 6,
      missing: TreatMissingData.BREACHING,
    },
  ];
}

function rotationAlarms({ deployed, functionOf }: Watched): AlarmRow[] {
  if (!deployed.includes('rotate-access-key')) return [];
  return [
    {
      id: 'rotation-failed',
      means: 'A step of the rotation of an access key failed; the key before it stays in force.',
      metric: functionOf('rotate-access-key').metricErrors({ statistic: Stats.SUM }),
      threshold: 1,
    },
  ];
}

function storeAlarms({ tables }: Watched): AlarmRow[] {
  const throttles = tables.flatMap((table) => [
    table.metric('ReadThrottleEvents', { statistic: Stats.SUM }),
    table.metric('WriteThrottleEvents', { statistic: Stats.SUM }),
  ]);
  const broken = tables.flatMap((table) =>
    ['GetItem', 'PutItem', 'Query'].map((Operation) =>
      table.metric('SystemErrors', {
        statistic: Stats.SUM,
        dimensionsMap: { TableName: table.tableName, Operation },
      }),
    ),
  );
  return [
    {
      id: 'tables-throttled',
      means:
        'DynamoDB throttled the ledger or its projection; sweeps wait and then stop before the next step.',
      metric: sumOf('throttles', throttles),
      threshold: 1,
      periods: 3,
    },
    {
      id: 'tables-failing',
      means: 'DynamoDB answered with errors of its own; nothing is done without a record.',
      metric: sumOf('errors', broken),
      threshold: 1,
    },
  ];
}

function noticeAlarms({ names, topic, mail }: Watched): AlarmRow[] {
  const unheard: AlarmRow = {
    id: 'operators-unheard',
    means: 'What operators should hear did not reach the topic or one of its subscribers, perhaps an alarm.',
    metric: sumOf('not delivered', [
      topic.metricNumberOfNotificationsFailed({ statistic: Stats.SUM }),
      ownMetric(names, 'finish-run', 'operatorsNotTold'),
      ownMetric(names, 'act-on-account', 'noticeCopiesFailed'),
    ]),
    threshold: 1,
  };
  if (!mail) return [unheard];
  const bounces: AlarmRow = {
    id: 'mail-bounces',
    means: 'More than one mail in twenty bounces; AWS stops the sending of an account at one in ten.',
    metric: new Metric({
      namespace: 'AWS/SES',
      metricName: 'Reputation.BounceRate',
      statistic: Stats.MAXIMUM,
      period: Duration.hours(1),
    }),
    threshold: 0.05,
  };
  return [unheard, bounces];
}
