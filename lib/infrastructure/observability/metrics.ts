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

/** One line out of several metrics: the greatest of them. */
export function greatestOf(
  label: string,
  metrics: readonly Metric[],
  period = Duration.minutes(5),
): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  return new MathExpression({ label, expression: 'MAX(METRICS())', usingMetrics, period });
}

/** One line out of several metrics: their sum, with gaps as nothing. */
export function sumOf(
  label: string,
  metrics: readonly Metric[],
  period = Duration.minutes(5),
): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  const expression = metrics.map((_, index) => `FILL(m${index}, 0)`).join(' + ');
  return new MathExpression({ label, expression, usingMetrics, period });
}
