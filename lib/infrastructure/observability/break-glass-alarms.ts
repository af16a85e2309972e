import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmRow, Watched } from './alarm-row.ts';
import { ownMetric } from './metrics.ts';

/** The reconciler looks every five minutes, and counts what it sees each time. */
const LOOK = Duration.minutes(5);

/** Alarms where roles are lent. All that lasts is looked at for a quarter of an hour: three looks of the reconciler. */
export function breakGlassAlarms({ names, deployed, functionOf }: Watched): AlarmRow[] {
  if (!deployed.includes('reconcile-grants')) return [];
  const reconciler = functionOf('reconcile-grants');
  const seen = (metric: Parameters<typeof ownMetric>[2]) =>
    ownMetric(names, 'reconcile-grants', metric, Stats.MAXIMUM).with({ period: LOOK });
  return [
    {
      id: 'break-glass-incident',
      means: 'A break-glass role or an emergency identity was used, and no grant explains it.',
      metric: seen('breakGlassIncidents'),
      threshold: 1,
    },
    {
      id: 'break-glass-drift',
      means:
        'A break-glass role, its boundary or the policy of ended grants is not as the policy says: somebody changed it.',
      metric: seen('breakGlassDrift'),
      threshold: 1,
    },
    {
      id: 'grant-not-ended',
      means: 'A grant is over, but its end was not verified for a quarter of an hour.',
      metric: seen('grantsEnding'),
      threshold: 1,
      periods: 3,
    },
    {
      id: 'grants-not-reconciled',
      means: 'For a quarter of an hour every look at break-glass grants failed, or failed for some of them.',
      metric: seen('grantsNotReconciled'),
      threshold: 1,
      periods: 3,
    },
    {
      id: 'grants-not-looked-at',
      means:
        'Nothing has looked at break-glass grants for a quarter of an hour, so only their own clocks end them.',
      metric: reconciler.metricInvocations({ statistic: Stats.SUM, period: LOOK }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: 3,
      missing: TreatMissingData.BREACHING,
    },
    {
      id: 'break-glass-failing',
      means: 'The broker ended with an error: somebody in an emergency may have no credentials.',
      metric: functionOf('grant-access').metricErrors({ statistic: Stats.SUM }),
      threshold: 1,
    },
  ];
}
