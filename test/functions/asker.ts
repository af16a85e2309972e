import * as z from 'zod';
import type { HubWorld } from './hub-world.ts';
import { HUB, ORGANISATION_ID, REGION } from './places.ts';

/** Who calls the API, as API Gateway tells after it has checked the signature. */
export interface Caller {
  readonly accountId: string;
  readonly userArn: string;
  readonly userId: string;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What is sent: `POST /v1/halts` and, with it, a body; a text is sent as it is. */
export interface Call {
  readonly route: `${string} /${string}`;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

const answerSchema = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  body: z.string(),
});

/** An IAM user of the hub; the directory of the tests knows ana, ben, cleo and dave. */
export function iamUser(name: string, accountId = HUB): Caller {
  return {
    accountId,
    userArn: `arn:aws:iam::${accountId}:user/people/${name}`,
    userId: `AIDA${name.toUpperCase().padEnd(16, '0')}`,
  };
}

/** A session of a role of that name; `roleId` as the session's user id tells it. */
export function roleSession(role: string, session: string, roleId: string, accountId = HUB): Caller {
  return {
    accountId,
    userArn: `arn:aws:sts::${accountId}:assumed-role/${role}/${session}`,
    userId: `${roleId}:${session}`,
  };
}

/** Asks the API as somebody. */
export async function ask(world: HubWorld, caller: Caller, call: Call): Promise<Answer> {
  const { statusCode, headers, body } = answerSchema.parse(
    await world.invoke(functionBehind(call), apiEvent(caller, call)),
  );
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    status: statusCode,
    contentType: String(lower['content-type']),
    body: z.record(z.string(), z.unknown()).parse(JSON.parse(body)),
  };
}

/** As API Gateway is set up: paths of break-glass access are the broker's. */
function functionBehind({ route }: Call): 'answer-requests' | 'grant-access' {
  return route.includes(' /v1/break-glass/') ? 'grant-access' : 'answer-requests';
}

/** A request as API Gateway hands it to the function: payload format 1.0, with the caller it has authenticated. */
export function apiEvent(caller: Caller, { route, query, body, headers: more }: Call): object {
  const [method = '', path = ''] = route.split(' ');
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  const headers: Record<string, string> = {
    Accept: 'application/json',
    Host: `abcdefghij.execute-api.${REGION}.amazonaws.com`,
    ...(text === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...more,
  };
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: query ?? null,
    multiValueQueryStringParameters:
      query === undefined
        ? null
        : Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]])),
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: {
      accountId: HUB,
      apiId: 'abcdefghij',
      stage: 'api',
      path: `/api${path}`,
      protocol: 'HTTP/1.1',
      httpMethod: method,
      resourcePath: '/{proxy+}',
      requestId: '0b1c2d3e-0000-4000-8000-000000000000',
      requestTimeEpoch: Date.now(),
      identity: {
        accessKey: 'ASIAEXAMPLE000000000',
        accountId: caller.accountId,
        caller: caller.userId,
        user: caller.userId,
        userArn: caller.userArn,
        principalOrgId: ORGANISATION_ID,
        cognitoIdentityId: null,
        sourceIp: '192.0.2.17',
        userAgent: 'test',
      },
    },
    body: text ?? null,
    isBase64Encoded: false,
  };
}

/** Puts the deployed policy into force, as its deployer may the first time. */
export function activate(world: HubWorld, by = iamUser('ana')): Promise<Answer> {
  return ask(world, by, { route: 'POST /v1/policy/activate', body: { hash: world.policyHash } });
}

/** Approves the plan that was frozen last, as it was shown. */
export async function approveNewestPlan(world: HubWorld, by: Caller): Promise<Answer> {
  const { planId, planHash } = await newestPlan(world);
  return ask(world, by, { route: `POST /v1/${plansPath(planId)}/approve`, body: { planHash } });
}

export async function rejectNewestPlan(world: HubWorld, by: Caller, reason: string): Promise<Answer> {
  const { planId } = await newestPlan(world);
  return ask(world, by, { route: `POST /v1/${plansPath(planId)}/reject`, body: { reason } });
}

export async function newestPlan(
  world: HubWorld,
): Promise<{ readonly planId: string; readonly planHash: string }> {
  const frozen = (await world.of('plan.frozen')).at(-1);
  if (frozen === undefined) throw new Error('no plan was frozen');
  return { planId: frozen.data.planId, planHash: frozen.hash };
}

/** `plan/<account>/<number>` as paths name it. */
function plansPath(planId: string): string {
  return planId.replace(/^plan\//, 'plans/');
}
