import * as z from 'zod';
import { messageOf } from '../../lib/domain/error.ts';
import {
  callerSchema,
  deployedPolicy,
  environmentSchema,
  lambda,
  logger,
  once,
  openEverything,
  openHub,
  operate,
  operationSchema,
  problemOf,
  readEnvironment,
  undeliverable,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  environmentSchema.pick({
    EVIDENCE_BUCKET: true,
    HOME_REGION: true,
    HUB_ACCOUNT: true,
    LEDGER_TABLE: true,
    MEMBER_ROLE_PREFIX: true,
    POLICY_DIR: true,
    STATE_TABLE: true,
  }),
  process.env,
);

/** What Lambda makes of a request to a function URL with IAM authorisation; other fields do not matter here. */
const eventSchema = z.object({
  requestContext: z.object({ authorizer: z.object({ iam: callerSchema }) }),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

const open = once(async () => {
  const [hub, policy] = await Promise.all([openHub(environment), deployedPolicy(environment)]);
  const delivery = undeliverable('unknown', 'owners are told by the function that acts');
  return {
    hub,
    environment,
    everything: openEverything(hub, policy, environment, delivery),
  };
});

/** Records what a person decides, in the name of the authenticated caller; errors are problem details (RFC 9457). */
export const handler = lambda(eventSchema, async ({ requestContext, body, isBase64Encoded }) => {
  const caller = requestContext.authorizer.iam;
  try {
    const operation = operationSchema.parse(json(isBase64Encoded ? decoded(body) : body));
    const outcome = await operate(await open(), caller, operation);
    logger.info('operated', { operation: operation.operation, by: caller.userArn });
    return answer(200, 'application/json', outcome);
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status === 500) logger.error('unexpected', { error: messageOf(error) });
    logger.warn('refused', { by: caller.userArn, ...problem });
    return answer(problem.status, 'application/problem+json', problem);
  }
});

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answer(statusCode: number, contentType: string, body: object) {
  return {
    statusCode,
    headers: { 'content-type': contentType, 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
