import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { type ApiHandler, type ApiLog, apiHandler, type Service } from '../../lib/api/index.ts';
import { publishedDocument } from '../../lib/wiring/published-document.ts';

export const ANA = {
  accountId: '111122223333',
  caller: 'AIDAEXAMPLEUSERANA01',
  user: 'AIDAEXAMPLEUSERANA01',
  userArn: 'arn:aws:iam::111122223333:user/ana',
};

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, string[]>>;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly identity?: unknown;
}

/** An event as a REST API with IAM authorisation makes it. */
export function gatewayEvent(sent: Sent = {}): APIGatewayProxyEvent {
  const { method = 'GET', path = '/v1/caller', query, body = null, identity = ANA } = sent;
  const headers = sent.headers ?? (body === null ? {} : { 'Content-Type': 'application/json' });
  const last = Object.fromEntries(Object.entries(query ?? {}).map(([name, values]) => [name, values.at(-1)]));
  const event = {
    resource: '/{proxy+}',
    httpMethod: method,
    path,
    headers: { ...headers },
    multiValueHeaders:
      sent.multiValueHeaders ??
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    pathParameters: { proxy: path.slice(1) },
    queryStringParameters: query === undefined ? null : last,
    multiValueQueryStringParameters: query ?? null,
    stageVariables: null,
    body,
    isBase64Encoded: sent.isBase64Encoded ?? false,
    requestContext: { accountId: '999900001111', identity },
  };
  // What a gateway sends has more than the handler reads.
  return event as unknown as APIGatewayProxyEvent;
}

/** A service of which every method is `answer`, and what was called of it. */
export function recordingService(answer: (operation: string, ...parameters: unknown[]) => unknown) {
  const calls: { readonly operation: string; readonly parameters: readonly unknown[] }[] = [];
  const service = new Proxy({} as Service, {
    get: (_target, operation) =>
      operation === 'then'
        ? undefined
        : async (...parameters: unknown[]) => {
            calls.push({ operation: String(operation), parameters });
            return answer(String(operation), ...parameters);
          },
  });
  return { service, calls };
}

interface Logged {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

export function recordedLog() {
  const lines: Logged[] = [];
  const write = (level: Logged['level']) => (message: string, fields: Record<string, unknown>) => {
    lines.push({ level, message, fields });
  };
  return { lines, log: { info: write('info'), warn: write('warn'), error: write('error') } };
}

/** The API over a service, as quiet as can be. */
export function handlerFor(service: () => Promise<Service>, log: ApiLog = recordedLog().log): ApiHandler {
  return apiHandler({ service, log, document: publishedDocument });
}

export function handlerOver(answer: Parameters<typeof recordingService>[0] = () => ({})) {
  const { service, calls } = recordingService(answer);
  const { lines, log } = recordedLog();
  const handler = handlerFor(async () => service, log);
  return { calls, lines, ask: (sent: Sent) => ask(handler, sent) };
}

export async function ask(handler: ApiHandler, sent: Sent) {
  return seen(await handler(gatewayEvent(sent), {} as Context));
}

export function seen({ statusCode, headers, body }: APIGatewayProxyResult) {
  return { status: statusCode, headers: headers ?? {}, body: JSON.parse(body) };
}
