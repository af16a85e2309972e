import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import type { Admission } from '../../embedded-aws/index.ts';
import type { ApiRequest } from './http-server.ts';

type Admitted = Extract<Admission, { ok: true }>;

/** Of an API, as far as events show it. */
export interface ApiFacts {
  /** The account the API itself is in. */
  readonly accountId: string;
  readonly requestId: string;
  readonly now: Date;
}

const API_ID = 'local';
const STAGE = 'api';

/** The event of a REST API with a proxy resource and IAM authorisation (payload version 1), as API Gateway makes it. */
export function gatewayEvent(request: ApiRequest, admitted: Admitted, facts: ApiFacts): APIGatewayProxyEvent {
  const { method, path, query, headers } = request;
  const text = textOf(request.body);
  return {
    resource: '/{proxy+}',
    httpMethod: method,
    path,
    headers: lastOf(headers),
    multiValueHeaders: { ...headers },
    pathParameters: { proxy: path.slice(1) },
    queryStringParameters: Object.keys(query).length === 0 ? null : lastOf(query),
    multiValueQueryStringParameters: Object.keys(query).length === 0 ? null : { ...query },
    stageVariables: null,
    body: request.body.length === 0 ? null : (text ?? Buffer.from(request.body).toString('base64')),
    isBase64Encoded: text === undefined,
    requestContext: contextOf(request, admitted, facts),
  };
}

function contextOf(
  { method, path, userAgent }: ApiRequest,
  { principal, accessKeyId, organizationId }: Admitted,
  { accountId, requestId, now }: ApiFacts,
): APIGatewayProxyEvent['requestContext'] {
  return {
    accountId,
    apiId: API_ID,
    authorizer: null,
    protocol: 'HTTP/1.1',
    httpMethod: method,
    path: `/${STAGE}${path}`,
    stage: STAGE,
    requestId,
    requestTimeEpoch: now.getTime(),
    resourceId: 'proxy',
    resourcePath: '/{proxy+}',
    identity: {
      accessKey: accessKeyId,
      accountId: principal.accountId,
      apiKey: null,
      apiKeyId: null,
      caller: principal.userId,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: organizationId ?? null,
      sourceIp: '127.0.0.1',
      user: principal.userId,
      userAgent: userAgent ?? null,
      userArn: principal.arn,
    },
  };
}

/** What the handler may know of its invocation. `endsAt`: milliseconds since the epoch. */
export function invocationContext(requestId: string, remaining: () => number): Context {
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'janitor-serve',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:local:000000000000:function:janitor-serve',
    memoryLimitInMB: '512',
    awsRequestId: requestId,
    logGroupName: 'janitor-serve',
    logStreamName: 'local',
    getRemainingTimeInMillis: remaining,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

function lastOf(lists: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.at(-1) ?? '']));
}

/** Undefined for bytes that are no UTF-8, which travel as base64. */
function textOf(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}
