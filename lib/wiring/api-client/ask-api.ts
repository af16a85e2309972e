import { problemView } from '../../api/index.ts';
import type * as z from '../../domain/zod.ts';
import { type Asked, problemError, refusedAtTheDoor, unanswered, unsent } from './api-failure.ts';
import type { ApiEndpoint } from './endpoint.ts';
import { type ApiRequest, signedRequest } from './signed-request.ts';

/** One operation of the API, and what it answers. */
export interface ApiCall<T> extends ApiRequest, Asked {
  readonly answer: z.ZodMiniType<T>;
}

/** The gateway's own words on a signature, which may quote what was signed. */
const AT_THE_DOOR = 'caller-unauthenticated';

/**
 * Asks an API in the caller's name, whom it knows by the signature (G1). Throws what the API says, with its code and way
 * out; `api-unreachable`, `api-denied`, `api-throttled`, `api-redirected`, `api-unrecognised`, `api-unanswered`, `outcome-unknown` and the
 * `aws-` codes.
 */
export async function askApi<T>(endpoint: ApiEndpoint, call: ApiCall<T>): Promise<T> {
  const { status, content } = await sent(endpoint, call);
  if (status >= 200 && status < 300) {
    const answer = call.answer.safeParse(content);
    if (answer.success) return answer.data;
    throw unanswered('the answer is not what this version expects', call, answer.error);
  }
  const problem = problemView.safeParse(content);
  const isOurs = problem.success && status >= 400 && problem.data.code !== AT_THE_DOOR;
  if (isOurs) throw problemError({ ...problem.data, status }, call);
  if (status < 500) throw refusedAtTheDoor(status, call);
  throw unanswered(`HTTP ${status}`, call);
}

async function sent(endpoint: ApiEndpoint, call: ApiRequest & Asked) {
  try {
    const response = await signedRequest(endpoint, call);
    return { status: response.status, content: json(await response.text()) };
  } catch (error) {
    throw unsent(error, call, endpoint.url);
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
