import { Metrics } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';

export const metrics = new Metrics();

/** Publishes what a call counted. Apart from `lambda`, so that functions which count nothing load no metrics. */
export const metered: MiddlewareObj = { after: publish, onError: publish };

/** Counts of this call, if there are any: without, the library would warn in the log of nearly every call. */
function publish(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
