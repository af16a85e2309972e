import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpRouter from '@middy/http-router';
import httpSecurityHeaders from '@middy/http-security-headers';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import openApiDocument from '../../docs/openapi.json' with { type: 'json' };
import { JanitorError, messageOf } from '../domain/error.ts';
import { callerOf, gatewayEventSchema, headerOf, queryOf } from './gateway-event.ts';
import { jsonBody } from './json-body.ts';
import { problemDetails, problemHeaders } from './problem.ts';
import type { Route } from './route.ts';
import { OPENAPI_PATH, ROUTES } from './routes.ts';
import type { Service } from './service.ts';

/** Where the handler tells what it did: static messages, and fields that never hold bodies, headers or secrets. */
export interface ApiLog {
  info(message: string, fields: Record<string, unknown>): void;
  warn(message: string, fields: Record<string, unknown>): void;
  error(message: string, fields: Record<string, unknown>): void;
}

export interface ApiOptions {
  /** Opened at the first request that has passed every check of its form. */
  readonly service: () => Promise<Service>;
  readonly log: ApiLog;
}

export type ApiHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** Before Lambda ends the invocation there is time left to say so. */
const EARLY_MS = 500;

/**
 * The API: events of a REST API with IAM authorisation in, answers out. It only translates. Every error is problem
 * details (RFC 9457) with a code of `PROBLEM_CODES`; what is not our own error is `unexpected` and logged.
 */
export function apiHandler(options: ApiOptions): ApiHandler {
  const routes = Object.entries(ROUTES).map(([operationId, route]) => ({
    method: route.method,
    path: route.path,
    handler: (event: APIGatewayProxyEvent) => answer(event, operationId, route, options),
  }));
  const openApi = { method: 'GET', path: OPENAPI_PATH, handler: describe } as const;
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>({
    timeoutEarlyInMillis: EARLY_MS,
    timeoutEarlyResponse: () => {
      throw timedOut();
    },
  })
    .use(httpHeaderNormalizer())
    .use(SECURITY_HEADERS)
    .onError((request) => {
      request.response = problemResponse(request.error, options.log);
    })
    .handler(httpRouter({ routes: [...routes, openApi], notFoundResponse: refuseUnknown }));
}

/** Nothing that is answered is a page: browsers are told to run, embed and keep nothing of it. */
const SECURITY_HEADERS = httpSecurityHeaders({
  contentSecurityPolicy: { 'default-src': "'none'", 'frame-ancestors': "'none'" },
  permissionsPolicy: false,
});

async function answer(
  raw: APIGatewayProxyEvent,
  operation: string,
  route: Route,
  { service, log }: ApiOptions,
): Promise<APIGatewayProxyResult> {
  const event = gatewayEventSchema.parse(raw);
  if (event.path.endsWith('/')) throw notFound();
  const caller = callerOf(event);
  const body = bodyOf(event, route);
  const input = { params: event.pathParameters ?? {}, query: queryOf(event), body };
  const result = await route.run(service, caller, input);
  const view = route.schemas.view.safeParse(result);
  // The deed is done: an answer that its own description does not fit is told all the same.
  if (!view.success) log.error('answer unlike its view', { operation });
  log.info('answered', { operation, by: caller.arn });
  return response(200, { 'content-type': 'application/json' }, view.success ? view.data : result);
}

function bodyOf(event: ReturnType<typeof gatewayEventSchema.parse>, route: Route): unknown {
  const text = event.body ?? '';
  if (!route.hasBody) return text === '' ? undefined : text;
  return jsonBody({
    contentType: headerOf(event, 'content-type'),
    contentEncoding: headerOf(event, 'content-encoding'),
    text,
    isBase64: event.isBase64Encoded,
  });
}

async function describe(): Promise<APIGatewayProxyResult> {
  return response(200, { 'content-type': 'application/json' }, openApiDocument);
}

function problemResponse(error: unknown, log: ApiLog): APIGatewayProxyResult {
  const problem = problemDetails(error);
  const { status, code } = problem;
  if (status === 500) log.error('unexpected', { error: messageOf(error) });
  else if (status > 500) log.error('in trouble', { code, status, detail: problem.detail });
  else log.warn('refused', { code, status });
  return response(status, problemHeaders(problem, error), problem);
}

function response(statusCode: number, headers: Readonly<Record<string, string>>, body: unknown) {
  return { statusCode, headers: { ...headers, 'cache-control': 'no-store' }, body: JSON.stringify(body) };
}

function refuseUnknown({ method, path }: { readonly method: string; readonly path: string }): never {
  const allowed = methodsOf(path);
  if (allowed.length === 0) throw notFound();
  throw new JanitorError(`${method} is not a method of this path`, {
    code: 'method-not-allowed',
    source: 'user',
    hint: `Use ${allowed.join(' or ')}.`,
    details: { allow: allowed.join(', ') },
  });
}

function methodsOf(path: string): readonly string[] {
  const known = [...Object.values(ROUTES), { method: 'GET', path: OPENAPI_PATH }];
  return known.filter((route) => isAt(route.path, path)).map(({ method }) => method);
}

function isAt(template: string, path: string): boolean {
  const expected = template.split('/');
  const actual = path.split('/');
  return (
    expected.length === actual.length &&
    expected.every((part, index) => (part.startsWith('{') ? actual[index] !== '' : actual[index] === part))
  );
}

function notFound(): JanitorError {
  return new JanitorError('there is no such path', {
    code: 'route-not-found',
    source: 'user',
    hint: `GET ${OPENAPI_PATH} lists all of them.`,
  });
}

function timedOut(): JanitorError {
  return new JanitorError('it took too long to answer', {
    code: 'timed-out',
    source: 'system',
    hint: 'Send the same again: what was recorded meanwhile is answered, nothing is done twice.',
  });
}
