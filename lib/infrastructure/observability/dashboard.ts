import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  PeriodOverride,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Watched } from './alarm-row.ts';
import { ownMetric } from './metrics.ts';

/** One page: what is wrong, what the last sweeps did, and how the machinery runs. */
export class SweepDashboard extends Construct {
  constructor(scope: Construct, id: string, watched: Watched & { readonly alarms: readonly Alarm[] }) {
    super(scope, id);
    const { names, deployed, stateMachine, functionOf, tables, deadLetters, api } = watched;
    const functions = deployed.map((name) => ({ name, lambda: functionOf(name) }));
    new Dashboard(this, 'Dashboard', {
      dashboardName: names.dashboard,
      periodOverride: PeriodOverride.AUTO,
      defaultInterval: Duration.days(14),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...watched.alarms], width: 24, height: 3 })],
        [
          graph('Sweeps', [
            stateMachine.metricStarted(),
            stateMachine.metricSucceeded(),
            stateMachine.metricFailed(),
          ]),
          graph('Accounts', [
            ownMetric(names, 'decide-account', 'accountsSwept').with({ label: 'swept, nothing to do' }),
            ownMetric(names, 'act-on-account', 'accountsSwept').with({ label: 'swept and acted on' }),
            ownMetric(names, 'finish-run', 'accountsIncomplete'),
            ownMetric(names, 'finish-run', 'accountsNotSwept'),
          ]),
          graph('Destructive steps', [
            ownMetric(names, 'allot-steps', 'stepsDemanded'),
            ownMetric(names, 'allot-steps', 'stepsAllotted'),
          ]),
        ],
        [
          graph('From birth to label (s)', [ownMetric(names, 'tag-newborn', 'birthDelay', Stats.p(95))]),
          graph(
            'Longest call (ms)',
            functions.map(({ name, lambda }) =>
              lambda.metricDuration({ statistic: Stats.MAXIMUM, label: name }),
            ),
          ),
          graph(
            'Errors',
            functions.map(({ name, lambda }) => lambda.metricErrors({ label: name })),
          ),
        ],
        [
          graph(
            'Units of reading and writing',
            tables.flatMap((table) => [
              table.metricConsumedReadCapacityUnits(),
              table.metricConsumedWriteCapacityUnits(),
            ]),
          ),
          graph('Requests', [api.metricCount(), api.metricClientError(), api.metricServerError()]),
          graph('Dead letters', [deadLetters.metricApproximateNumberOfMessagesVisible()]),
        ],
        ...(deployed.includes('grant-access') ? [breakGlass(watched)] : []),
      ],
    });
  }
}

/** What was asked of the broker, what is open, and what should not be. */
function breakGlass({ names, functionOf }: Watched): GraphWidget[] {
  const seen = (metric: Parameters<typeof ownMetric>[2]) =>
    ownMetric(names, 'reconcile-grants', metric, Stats.MAXIMUM);
  const broker = functionOf('grant-access');
  return [
    graph('Break-glass: calls of the broker', [broker.metricInvocations(), broker.metricErrors()]),
    graph('Break-glass: grants', [seen('grantsEnding'), seen('grantsNotReconciled')]),
    graph('Break-glass: incidents and drift', [seen('breakGlassIncidents'), seen('breakGlassDrift')]),
  ];
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6 });
}
