import type { HttpHandler } from '@smithy/core/protocols';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { vi } from 'vitest';
import * as z from 'zod';
import { deployedNames, type FunctionName } from '../../lib/infrastructure/names.ts';
import { HUB, REGION } from './places.ts';

/** What Lambda sets beside the variables of the stack, and what keeps a test machine's own configuration out. */
const SURROUNDINGS: Readonly<Record<string, string | undefined>> = {
  AWS_REGION: REGION,
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PROFILE: undefined,
  /** The SDK's own repetitions sleep for real; what repeats here is the janitor. */
  AWS_MAX_ATTEMPTS: '1',
  /** Logs go to `console`, where tests can listen. */
  POWERTOOLS_DEV: 'true',
  POWERTOOLS_METRICS_DISABLED: 'false',
  POWERTOOLS_METRICS_NAMESPACE: 'CredentialJanitor',
  ACCOUNTS: undefined,
  EVENT_BUS_NAME: undefined,
  EVIDENCE_BUCKET: undefined,
  GRANT_DEAD_LETTER_ARN: undefined,
  GRANT_SCHEDULE_GROUP: undefined,
  GRANT_SCHEDULE_ROLE_ARN: undefined,
  HOME_REGION: undefined,
  HUB_ACCOUNT: undefined,
  LEDGER_TABLE: undefined,
  MAIL_CONFIGURATION_SET: undefined,
  MAIL_FROM: undefined,
  MANAGEMENT_ACCOUNT: undefined,
  MEMBER_ROLE_PREFIX: undefined,
  MODE: undefined,
  NOTICE_TOPIC_ARN: undefined,
  ON_CALL_TOKEN_SECRET_ARN: undefined,
  POLICY_DIR: undefined,
  PROOF_TABLE: undefined,
  RECONCILE_FUNCTION_ARN: undefined,
  STATE_TABLE: undefined,
  TICKET_TOKEN_SECRET_ARN: undefined,
  WORK_BUCKET: undefined,
};

/** Whatever is sent: the function itself looks at it. */
const gatewayEvent = z.custom<APIGatewayProxyEvent>(() => true);

const CODE = {
  'list-accounts': () => import('../../functions/list-accounts/handler.ts'),
  'decide-account': () => import('../../functions/decide-account/handler.ts'),
  'allot-steps': () => import('../../functions/allot-steps/handler.ts'),
  'act-on-account': () => import('../../functions/act-on-account/handler.ts'),
  'finish-run': () => import('../../functions/finish-run/handler.ts'),
  'tag-newborn': () => import('../../functions/tag-newborn/handler.ts'),
  'record-bounce': () => import('../../functions/record-bounce/handler.ts'),
  'answer-requests': async () => {
    const { handler } = await import('../../functions/answer-requests/handler.ts');
    const answer = (event: unknown, context: Context) => handler(gatewayEvent.parse(event), context);
    return { handler: answer };
  },
  'carry-out-requests': () => import('../../functions/carry-out-requests/handler.ts'),
  'rotate-access-key': () => import('../../functions/rotate-access-key/handler.ts'),
  'grant-access': async () => {
    const { handler } = await import('../../functions/grant-access/handler.ts');
    const answer = (event: unknown, context: Context) => handler(gatewayEvent.parse(event), context);
    return { handler: answer };
  },
  'reconcile-grants': () => import('../../functions/reconcile-grants/handler.ts'),
} as const satisfies Record<FunctionName, () => Promise<unknown>>;

type Variables = Readonly<Record<string, string | undefined>>;

/** A function that was started: its module was loaded anew, with these variables. */
export interface StartedFunction {
  /** `remaining`: milliseconds that Lambda leaves it; the time limit is not enforced. */
  invoke(event: unknown, remaining?: () => number): Promise<unknown>;
}

/**
 * Starts a function as Lambda does: a module graph of its own that reads its environment once. The environment is this
 * process's, so functions run one after the other. What they wait for moves the clock and takes no time.
 */
export async function startFunction(name: FunctionName, variables: Variables): Promise<StartedFunction> {
  const environment = {
    ...SURROUNDINGS,
    POWERTOOLS_SERVICE_NAME: deployedNames().functionName(name),
    ...variables,
  };
  stub(environment);
  waitingMovesTheClock();
  proofsAreAskedHere();
  vi.resetModules();
  const { handler } = await CODE[name]();
  let requests = 0;
  return {
    async invoke(event, remaining = () => 900_000) {
      stub(environment);
      requests += 1;
      return handler(event, contextOf(name, requests, remaining));
    },
  };
}

function stub(environment: Variables): void {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

function waitingMovesTheClock(): void {
  vi.doMock('node:timers/promises', async (original) => ({
    ...(await original<typeof import('node:timers/promises')>()),
    setTimeout: async (millis: number) => {
      vi.setSystemTime(Date.now() + millis);
    },
  }));
}

/** Takes proofs of delegation to this STS instead of to the real one, whose hosts they name. */
export const sts: { handler?: HttpHandler } = {};

function proofsAreAskedHere(): void {
  vi.doMock('../../lib/identity/delegation/ask-sts.ts', async (original) => {
    const { askSts } = await original<typeof import('../../lib/identity/delegation/ask-sts.ts')>();
    return {
      askSts: (handler: HttpHandler, ...asked: Rest<typeof askSts>) =>
        askSts(sts.handler ?? handler, ...asked),
    };
  });
}

type Rest<F> = F extends (first: never, ...rest: infer R) => unknown ? R : never;

function contextOf(name: FunctionName, request: number, remaining: () => number): Context {
  const functionName = deployedNames().functionName(name);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${REGION}:${HUB}:function:${functionName}`,
    memoryLimitInMB: '1024',
    awsRequestId: `request-${request}`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'stream',
    getRemainingTimeInMillis: remaining,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
