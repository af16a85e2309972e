/** A request as the loopback cloud hands it to one of its services; bodies are bytes, since S3's are. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A service that knows what the functions need of it, and refuses the rest with 501. */
export interface FakeService {
  /** The operation's name as permissions spell it; undefined for one that is not known here. */
  operationOf(request: FakeRequest): string | undefined;
  answer(operation: string, request: FakeRequest): FakeAnswer;
}

export function json(status: number, body: unknown): FakeAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}

/** An error as the JSON protocols word it. */
export function jsonError(status: number, code: string, message: string): FakeAnswer {
  return { ...json(status, { __type: code, message }), headers: { 'x-amzn-errortype': code } };
}

/** An error as the query protocol words it. */
export function queryError(status: number, code: string, message: string): FakeAnswer {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error><RequestId>fake</RequestId></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** `X-Amz-Target: Service.Operation` of the JSON protocols. */
export function targetOf({ headers }: FakeRequest, service: string): string | undefined {
  const [name, operation] = (headers['x-amz-target'] ?? '').split('.');
  return name === service ? operation : undefined;
}
