import { type AccessLogFormat, AccessLogFormat as Format } from 'aws-cdk-lib/aws-apigateway';

/**
 * A line for each request: who, what, what came of it. No body, no header, no query and no credential: a query may name
 * a credential, a header carries the session token.
 */
export const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  extendedRequestId: '$context.extendedRequestId',
  traceId: '$context.xrayTraceId',
  at: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  path: '$context.path',
  protocol: '$context.protocol',
  tlsVersion: '$context.tlsVersion',
  sourceIp: '$context.identity.sourceIp',
  callerAccount: '$context.identity.accountId',
  callerArn: '$context.identity.userArn',
  status: '$context.status',
  responseLength: '$context.responseLength',
  responseLatencyMs: '$context.responseLatency',
  integrationStatus: '$context.integration.status',
  integrationLatencyMs: '$context.integration.latency',
  errorType: '$context.error.responseType',
  wafStatus: '$context.waf.status',
} as const;

export function accessLogFormat(): AccessLogFormat {
  return Format.custom(JSON.stringify(ACCESS_LOG_FIELDS));
}
