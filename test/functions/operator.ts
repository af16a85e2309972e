import * as z from 'zod';
import type { HubWorld } from './hub-world.ts';
import { HUB, REGION } from './places.ts';

/** Who calls the function URL, as Lambda tells after it has checked the signature. */
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

const answerSchema = z.strictObject({
  statusCode: z.number(),
  headers: z.strictObject({ 'content-type': z.string(), 'cache-control': z.literal('no-store') }),
  body: z.string(),
});

/** An IAM user of the hub; the directory of the tests knows ana, ben, cleo and dave. */
export function iamUser(name: string): Caller {
  return { accountId: HUB, userArn: `arn:aws:iam::${HUB}:user/people/${name}`, userId: `AIDA${name}` };
}

/** A session of a role of that name; `roleId` as the session's user id tells it. */
export function roleSession(role: string, session: string, roleId: string, accountId = HUB): Caller {
  return {
    accountId,
    userArn: `arn:aws:sts::${accountId}:assumed-role/${role}/${session}`,
    userId: `${roleId}:${session}`,
  };
}

/** Asks the operate function as somebody; a text is sent as it is. */
export async function ask(world: HubWorld, caller: Caller, operation: object | string): Promise<Answer> {
  const event = urlEvent(caller, typeof operation === 'string' ? operation : JSON.stringify(operation));
  const { statusCode, headers, body } = answerSchema.parse(await world.invoke('operate', event));
  const answered = z.record(z.string(), z.unknown()).parse(JSON.parse(body));
  return { status: statusCode, contentType: headers['content-type'], body: answered };
}

export function urlEvent(caller: Caller, body: string): object {
  return {
    version: '2.0',
    rawPath: '/',
    requestContext: {
      accountId: caller.accountId,
      http: { method: 'POST', path: '/', sourceIp: '192.0.2.17' },
      domainName: `abcdefg.lambda-url.${REGION}.on.aws`,
      authorizer: {
        iam: { accessKey: 'AKIAEXAMPLE', callerId: caller.userId, principalOrgId: null, ...caller },
      },
    },
    body,
    isBase64Encoded: false,
  };
}

/** Puts the deployed policy into force, as its deployer may the first time. */
export async function activate(world: HubWorld, by = iamUser('ana')): Promise<Answer> {
  return ask(world, by, { operation: 'activate', hash: world.policyHash });
}
