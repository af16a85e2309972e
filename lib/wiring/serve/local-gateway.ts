import { v7 as uuidv7 } from 'uuid';
import type { ApiHandler } from '../../api/index.ts';
import type { Admission, EmbeddedAws } from '../../embedded-aws/index.ts';
import { gatewayEvent, invocationContext } from './gateway-event.ts';
import type { ApiRequest, ApiResponse } from './http-server.ts';

/** Milliseconds API Gateway waits for a function. */
const LIMIT_MS = 29_000;

export interface LocalGateway {
  /** Whose IAM knows the callers. */
  readonly aws: EmbeddedAws;
  /** That signatures must be for. */
  readonly region: string;
  /** Of the API itself. */
  readonly accountId: string;
  /** Of the machine. */
  readonly now: () => Date;
  readonly handler: ApiHandler;
}

/**
 * What API Gateway is to the deployed handler: verifies the signature against IAM, makes the event, passes the answer on.
 * What it refuses it words as API Gateway does, as the problem that the deployed API makes of that.
 */
export async function throughGateway(gateway: LocalGateway, request: ApiRequest): Promise<ApiResponse> {
  const { aws, region, accountId, now, handler } = gateway;
  const requestId = uuidv7();
  const marked = (response: ApiResponse): ApiResponse => ({
    ...response,
    headers: { ...response.headers, 'x-amzn-requestid': requestId },
  });
  const admission = await aws.admit(
    { region, now },
    {
      ...request,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, values]) => [name, values.join(',')]),
      ),
    },
  );
  if (!admission.ok) return marked(refused(admission));
  const until = now().getTime() + LIMIT_MS;
  const event = gatewayEvent(request, admission, { accountId, requestId, now: now() });
  const context = invocationContext(requestId, () => until - now().getTime());
  const { statusCode, headers, body } = await handler(event, context);
  return marked({ statusCode, headers: textHeaders(headers ?? {}), body });
}

function refused({ status, type, message }: Extract<Admission, { ok: false }>): ApiResponse {
  const code = type === 'AccessDeniedException' ? 'caller-refused' : 'caller-unauthenticated';
  const problem = {
    type: `urn:credential-janitor:problem:${code}`,
    title: 'Refused',
    status,
    detail: message,
    code,
    hint: 'Sign the request with AWS Signature Version 4 for execute-api, in the headers, with credentials and a clock that are right.',
    message,
  };
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-amzn-errortype': type,
    },
    body: JSON.stringify(problem),
  };
}

function textHeaders(headers: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
