import type * as z from 'zod';
import { problemView } from '../../api/index.ts';
import type { Operation } from '../deployed/operations.ts';
import type { OpenStack } from './open-stack.ts';
import { problemError, refusedByLambda, unknownOutcome, unsent } from './operate-failure.ts';
import { signedPost } from './signed-post.ts';

/**
 * Asks the deployed janitor to do something in the caller's name; it knows the caller by the signature (G1). Throws
 * what the function says, with its code and way out; `operate-denied`, `operate-throttled`, `outcome-unknown` and the
 * `aws-` codes.
 */
export async function askToOperate<T>(
  stack: Pick<OpenStack, 'outputs' | 'clients'>,
  operation: Operation,
  answerSchema: z.ZodType<T>,
): Promise<T> {
  const { status, body } = await post(stack, operation);
  const content = json(body);
  if (status >= 200 && status < 300) {
    const answer = answerSchema.safeParse(content);
    if (answer.success) return answer.data;
    throw unknownOutcome('the answer is not what this version expects', operation, answer.error);
  }
  const problem = problemView.safeParse(content);
  if (problem.success) throw problemError(problem.data, operation);
  if (status < 500) throw refusedByLambda(status, operation);
  throw unknownOutcome(`HTTP ${status}`, operation);
}

async function post({ outputs, clients }: Pick<OpenStack, 'outputs' | 'clients'>, operation: Operation) {
  try {
    const response = await signedPost({
      url: new URL(outputs.OperateUrl),
      region: outputs.Region,
      credentials: clients.sts.config.credentials,
      body: JSON.stringify(operation),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    throw unsent(error, operation);
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
