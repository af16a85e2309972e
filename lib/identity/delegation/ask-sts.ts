import { type HttpHandler, HttpRequest } from '@smithy/core/protocols';
import type { PresignedRequest } from './presigned-request.ts';
import type { DelegationProof } from './proof.ts';
import { readStsAnswer, type StsAnswer } from './sts-answer.ts';

/** An answer of GetCallerIdentity takes less than a thousandth of this. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** An answer arrived, and STS never answers like that. */
class UnusableAnswerError extends Error {}

/**
 * Sends a presigned request to the STS it was signed for and reads whom STS names. One attempt, within `timeoutMs`
 * milliseconds for the whole answer; no redirect is followed, since the SDK's handlers follow none. Never throws.
 */
export async function askSts(
  handler: HttpHandler,
  { host, query }: PresignedRequest,
  headers: DelegationProof['headers'],
  timeoutMs: number,
): Promise<StsAnswer> {
  const request = new HttpRequest({
    protocol: 'https:',
    hostname: host,
    method: 'GET',
    path: '/',
    query: { ...query },
    headers: { host, ...headers },
  });
  const timeout = new AbortController();
  const late = new Promise<never>((_resolve, reject) => {
    timeout.signal.addEventListener('abort', () => reject(new Error('STS did not answer in time')));
  });
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    return await Promise.race([exchange(handler, request, timeout.signal), late]);
  } catch (error) {
    return { ok: false, reason: error instanceof UnusableAnswerError ? 'answer-invalid' : 'sts-unavailable' };
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(handler: HttpHandler, request: HttpRequest, abortSignal: AbortSignal) {
  const { response } = await handler.handle(request, { abortSignal });
  return readStsAnswer(response.statusCode, await textOf(response.body));
}

/** A body as handlers give it: text, bytes or a stream of bytes. Reads no more than the limit. */
async function textOf(body: unknown): Promise<string> {
  if (body === undefined || body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(body)) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (!(bytes instanceof Uint8Array)) throw new UnusableAnswerError('its body is neither text nor bytes');
    size += bytes.length;
    if (size > MAX_ANSWER_BYTES) throw new UnusableAnswerError('it is too long');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function chunksOf(body: unknown): AsyncIterable<unknown> | readonly unknown[] {
  return isAsyncIterable(body) ? body : [body];
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
