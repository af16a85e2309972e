/** A price of one unit in dollars, as far as anybody remembered it; the reader checks it at its source. */
export interface Price {
  readonly what: string;
  readonly dollars: number;
  /** What so many dollars buy. */
  readonly per: string;
  /** How many of our units that is. */
  readonly units: number;
  readonly source: string;
}

/** When the prices were written down. */
export const PRICES_AS_OF = '2025';
export const PRICES_REGION = 'us-east-1 (N. Virginia)';

const MILLION = 1_000_000;

/** List prices without free tiers, discounts, savings plans and taxes. */
export const PRICES = {
  lambdaGbSecond: price('Lambda duration, arm64', 0.0000133334, 'GB-second', 1, 'AWS Lambda pricing'),
  lambdaRequest: price('Lambda requests', 0.2, 'million', MILLION, 'AWS Lambda pricing'),
  transition: price('State transitions, Standard', 0.025, 'thousand', 1_000, 'AWS Step Functions pricing'),
  writeUnit: price(
    'Write request units, on demand',
    0.625,
    'million',
    MILLION,
    'Amazon DynamoDB pricing, on-demand',
  ),
  readUnit: price(
    'Read request units, on demand',
    0.125,
    'million',
    MILLION,
    'Amazon DynamoDB pricing, on-demand',
  ),
  tableGbMonth: price('Table storage', 0.25, 'GB-month', 1, 'Amazon DynamoDB pricing, on-demand'),
  recoveryGbMonth: price('Point-in-time recovery', 0.2, 'GB-month', 1, 'Amazon DynamoDB pricing, on-demand'),
  s3Put: price('PUT and LIST requests, S3 Standard', 0.005, 'thousand', 1_000, 'Amazon S3 pricing'),
  s3Get: price('GET and HEAD requests, S3 Standard', 0.0004, 'thousand', 1_000, 'Amazon S3 pricing'),
  s3GbMonth: price('Storage, S3 Standard', 0.023, 'GB-month', 1, 'Amazon S3 pricing'),
  keyMonth: price('Customer managed keys', 1, 'key and month', 1, 'AWS KMS pricing'),
  keyRequest: price('Requests with symmetric keys', 0.03, 'ten thousand', 10_000, 'AWS KMS pricing'),
  logGb: price('Logs ingested', 0.5, 'GB', 1, 'Amazon CloudWatch pricing'),
  logGbMonth: price('Logs kept', 0.03, 'GB-month', 1, 'Amazon CloudWatch pricing'),
  metricMonth: price('Custom metrics', 0.3, 'metric and month', 1, 'Amazon CloudWatch pricing'),
  alarmMonth: price('Alarms', 0.1, 'alarm and month', 1, 'Amazon CloudWatch pricing'),
  dashboardMonth: price('Dashboards', 3, 'dashboard and month', 1, 'Amazon CloudWatch pricing'),
  trace: price('Traces recorded', 5, 'million', MILLION, 'AWS X-Ray pricing'),
  secretsCall: price(
    'Secrets Manager API calls',
    0.05,
    'ten thousand',
    10_000,
    'AWS Secrets Manager pricing',
  ),
  apiRequest: price('Calls of a REST API', 3.5, 'million', MILLION, 'Amazon API Gateway pricing'),
  schedule: price(
    'Invocations by EventBridge Scheduler',
    1,
    'million',
    MILLION,
    'Amazon EventBridge Scheduler pricing',
  ),
  letter: price('Mails sent', 0.1, 'thousand', 1_000, 'Amazon SES pricing'),
  publish: price(
    'Messages to a topic and events to a bus',
    1.5,
    'million',
    MILLION,
    'Amazon SNS and EventBridge pricing',
  ),
} as const satisfies Readonly<Record<string, Price>>;
export type PriceName = keyof typeof PRICES;

function price(what: string, dollars: number, per: string, units: number, source: string): Price {
  return { what, dollars, per, units, source };
}

/** Dollars for so many units. */
export function costOf(name: PriceName, units: number): number {
  const { dollars, units: bought } = PRICES[name];
  return (units / bought) * dollars;
}
