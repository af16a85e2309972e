import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** What API Gateway answers by itself, before or instead of the function: a problem like the function's own (RFC 9457). */
export interface GatewayProblem {
  readonly type: ResponseType;
  readonly status: number;
  readonly title: string;
  readonly code: string;
  /** Default: the gateway's own words. Not where those may quote a signature, and with it a session token. */
  readonly detail?: string;
  readonly hint: string;
}

const SIGN =
  'Sign the request with AWS Signature Version 4 for execute-api, with credentials and a clock that are right.';
const AGAIN = 'Send the same again: the same request id gives what was recorded.';

const REFUSED = { status: 403, title: 'Refused' };
const WRONG = { status: 400, title: 'The request cannot be carried out as it is' };

/** Codes and titles are those of lib/api, which a test compares; whatever has no row of its own falls under DEFAULT. */
export const GATEWAY_PROBLEMS: readonly GatewayProblem[] = [
  {
    ...REFUSED,
    type: ResponseType.ACCESS_DENIED,
    code: 'caller-refused',
    hint: 'It takes execute-api:Invoke on this route, which the managed policies for people have, in an account that the API admits.',
  },
  {
    ...REFUSED,
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    code: 'caller-unauthenticated',
    detail: 'The request is not signed, or there is no such path or method.',
    hint: `${SIGN} Methods are GET and POST.`,
  },
  {
    ...REFUSED,
    type: ResponseType.INVALID_SIGNATURE,
    code: 'caller-unauthenticated',
    detail: 'The signature does not fit the request.',
    hint: SIGN,
  },
  {
    ...REFUSED,
    type: ResponseType.EXPIRED_TOKEN,
    code: 'caller-unauthenticated',
    detail: 'The session of these credentials has ended.',
    hint: 'Get new credentials.',
  },
  {
    ...REFUSED,
    type: ResponseType.WAF_FILTERED,
    code: 'caller-refused',
    detail: 'The web application firewall refused the request.',
    hint: 'It refuses too many requests from one address, bodies that are too large, and what is shaped like an attack.',
  },
  {
    ...REFUSED,
    type: ResponseType.DEFAULT_4XX,
    code: 'caller-refused',
    detail: 'The request was refused before it reached the service.',
    hint: SIGN,
  },
  { ...WRONG, type: ResponseType.BAD_REQUEST_BODY, code: 'body-not-json', hint: 'Send one JSON object.' },
  {
    ...WRONG,
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    code: 'request-invalid',
    hint: 'Correct what is named.',
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    title: 'The body is too large',
    code: 'body-too-large',
    detail: 'The body is larger than the gateway takes.',
    hint: 'Say it in fewer words.',
  },
  {
    type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
    status: 415,
    title: 'The body is of an unsupported kind',
    code: 'content-type-unsupported',
    detail: 'The body is not JSON.',
    hint: 'Send application/json in UTF-8.',
  },
  {
    type: ResponseType.THROTTLED,
    status: 429,
    title: 'Too many requests',
    code: 'throttled',
    detail: 'The API takes no more requests at this moment.',
    hint: 'Wait as retry-after says, then send the same again.',
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: 503,
    title: 'The service is in trouble',
    code: 'timed-out',
    detail: 'It took too long to answer.',
    hint: AGAIN,
  },
  {
    type: ResponseType.DEFAULT_5XX,
    status: 500,
    title: 'A defect of the service',
    code: 'unexpected',
    detail: 'The request failed unexpectedly; the logs of the API say why.',
    hint: AGAIN,
  },
];

/** Seconds after which a client may try again, as lib/api says it. */
const RETRY_AFTER: Readonly<Record<number, number>> = { 429: 2, 503: 5 };

export function answerWithProblems(api: RestApi): void {
  for (const problem of GATEWAY_PROBLEMS) {
    const retryAfter = RETRY_AFTER[problem.status];
    api.addGatewayResponse(problem.type.responseType, {
      type: problem.type,
      statusCode: String(problem.status),
      responseHeaders: {
        'content-type': "'application/problem+json'",
        'cache-control': "'no-store'",
        ...(retryAfter === undefined ? {} : { 'retry-after': `'${retryAfter}'` }),
      },
      templates: { 'application/json': template(problem) },
    });
  }
}

/** The gateway's own words are a JSON string, or null, where the variable stands. */
function template({ type: _type, ...said }: GatewayProblem): string {
  const text = JSON.stringify({ type: `urn:credential-janitor:problem:${said.code}`, ...said });
  return said.detail === undefined ? `${text.slice(0, -1)},"detail":$context.error.messageString}` : text;
}
