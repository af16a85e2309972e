import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS, METRICS_NAMESPACE } from '../../domain/metric.ts';
import type { DeployedNames, FunctionName } from '../names.ts';

/** A metric of ours, as its function emits it. */
export function ownMetric(
  names: DeployedNames,
  name: FunctionName,
  metric: keyof typeof METRICS,
  statistic: string = Stats.SUM,
): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: METRICS[metric],
    dimensionsMap: { service: names.functionName(name) },
    statistic,
    period: Duration.hours(1),
    label: METRICS[metric],
  });
}

/** How often lines made of several metrics have a point. */
const PERIOD = Duration.minutes(5);

/** One line out of several metrics: the greatest of them. */
export function greatestOf(label: string, metrics: readonly Metric[]): MathExpression {
  return new MathExpression({
    label,
    expression: 'MAX(METRICS())',
    usingMetrics: named(metrics),
    period: PERIOD,
  });
}

/** One line out of several metrics: their sum, with gaps as nothing. */
export function sumOf(label: string, metrics: readonly Metric[]): MathExpression {
  const expression = metrics.map((_, index) => `FILL(m${index}, 0)`).join(' + ');
  return new MathExpression({ label, expression, usingMetrics: named(metrics), period: PERIOD });
}

function named(metrics: readonly Metric[]): Record<string, Metric> {
  return Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric.with({ period: PERIOD })]));
}
