import { type HttpHandler, type HttpRequest, HttpResponse } from '@smithy/core/protocols';

export interface SentRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An Error instead of an answer breaks the connection. */
export type WireAnswer =
  | { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }
  | Error;

/** A handler that keeps what is sent and answers as told, the last answer for ever. */
export function wire(...answers: WireAnswer[]) {
  const sent: SentRequest[] = [];
  const requestHandler: HttpHandler = {
    async handle(request: HttpRequest) {
      sent.push({ path: request.path, headers: request.headers, body: textOf(request.body) });
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      if (answer === undefined) throw new Error('no answer was prepared');
      if (answer instanceof Error) throw answer;
      const { status, body, headers = {} } = answer;
      return { response: new HttpResponse({ statusCode: status, headers, body: Buffer.from(body) }) };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  const credentials = { accessKeyId: 'AKIAEXAMPLENOTIFY000', secretAccessKey: 'none' };
  return { sent, config: { region: 'eu-central-1', credentials, requestHandler, maxAttempts: 1 } };
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
}

/** An error as the JSON protocols write it. */
export function jsonError(status: number, type: string, message = 'said by the test') {
  return { status, body: JSON.stringify({ __type: type, message }), headers: { 'x-amzn-errortype': type } };
}

export function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}
