import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpRouter from '@middy/http-router';
import httpSecurityHeaders from '@middy/http-security-headers';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { JanitorError, messageOf } from '../domain/error.ts';
import { callerOf, gatewayEventSchema, headerOf, queryOf } from './gateway-event.ts';
import { jsonBody } from './json-body.ts';
import { problemDetails, problemHeaders } from './problem.ts';
import { OPENAPI_PATH, type Route, type Routes } from './route.ts';

/** Where the handler tells what it did: static messages, and fields that never hold bodies, headers or secrets. */
export interface ApiLog {
  info(message: string, fields: Record<string, unknown>): void;
  warn(message: string, fields: Record<string, unknown>): void;
  error(message: string, fields: Record<string, unknown>): void;
}

export interface ApiOptions<S> {
  /** Opened at the first request that has passed every check of its form. */
  readonly service: () => Promise<S>;
  readonly log: ApiLog;
  /** docs/openapi.json, parsed; read when somebody asks for it. */
  readonly document?: () => Promise<object>;
}

export type ApiHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** Before Lambda ends the invocation there is time left to say so. */
const EARLY_MS = 500;

/**
 * A table of operations over its service: events of a REST API with IAM authorisation in, answers out. It only translates.
 * Every error is problem details (RFC 9457) with a code of `PROBLEM_CODES`; what is not our own error is `unexpected` and
 * logged. The document is answered at its path to whoever asks.
 */
export function handlerOf<S>(operations: Routes<S>, options: ApiOptions<S>): ApiHandler {
  const routes = Object.entries(operations).map(([operationId, route]) => ({
    method: route.method,
    path: route.path as string,
    handler: (event: APIGatewayProxyEvent) => answer(event, operationId, route, options),
  }));
  const { document } = options;
  if (document !== undefined) {
    const handler = async () => response(200, { 'content-type': 'application/json' }, await document());
    routes.push({ method: 'GET', path: OPENAPI_PATH, handler });
  }
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
    .handler(httpRouter({ routes, notFoundResponse: refusingAll(routes) }));
}

/** Nothing that is answered is a page: browsers are told to run, embed and keep nothing of it. */
const SECURITY_HEADERS = httpSecurityHeaders({
  contentSecurityPolicy: { 'default-src': "'none'", 'frame-ancestors': "'none'" },
  permissionsPolicy: false,
});

async function answer<S>(
  raw: APIGatewayProxyEvent,
  operation: string,
  route: Route<S>,
  { service, log }: ApiOptions<S>,
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

function bodyOf(event: ReturnType<typeof gatewayEventSchema.parse>, route: Pick<Route, 'hasBody'>): unknown {
  const text = event.body ?? '';
  if (!route.hasBody) return text === '' ? undefined : text;
  return jsonBody({
    contentType: headerOf(event, 'content-type'),
    contentEncoding: headerOf(event, 'content-encoding'),
    text,
    isBase64: event.isBase64Encoded,
  });
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

interface Place {
  readonly method: string;
  readonly path: string;
}

/** What no route takes: an unknown path, or a method that its path has not. */
function refusingAll(routes: readonly Place[]): (at: Place) => never {
  return ({ method, path }) => {
    const allowed = routes.filter((route) => isAt(route.path, path)).map((route) => route.method);
    if (allowed.length === 0) throw notFound();
    throw new JanitorError(`${method} is not a method of this path`, {
      code: 'method-not-allowed',
      source: 'user',
      hint: `Use ${allowed.join(' or ')}.`,
      details: { allow: allowed.join(', ') },
    });
  };
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
