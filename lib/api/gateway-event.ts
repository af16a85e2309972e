import { accountIdSchema } from '../domain/common-schemas.ts';
import { JanitorError } from '../domain/error.ts';
import * as z from '../domain/zod.ts';
import { type FieldProblem, invalid } from './field-problems.ts';
import type { ApiCaller } from './service.ts';

/**
 * What matters of an event of a REST API with Lambda proxy integration and IAM authorisation (payload version 1):
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
const lists = z.lazy(() =>
  z.custom<Readonly<Record<string, readonly string[]>>>(
    (value) => typeof value === 'object' && value !== null && Object.values(value).every(isListOfText),
  ),
);
const texts = z.lazy(() =>
  z.custom<Readonly<Record<string, string>>>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every((each) => typeof each === 'string'),
  ),
);

export const gatewayEventSchema = z.lazy(() =>
  z.object({
    path: z.string(),
    headers: z.nullish(texts),
    multiValueHeaders: z.nullish(lists),
    pathParameters: z.nullish(texts),
    queryStringParameters: z.nullish(texts),
    multiValueQueryStringParameters: z.nullish(lists),
    body: z.nullish(z.string()),
    isBase64Encoded: z._default(z.boolean(), false),
    requestContext: z.object({ identity: z.unknown() }),
  }),
);
export type GatewayEvent = z.output<typeof gatewayEventSchema>;

/** AWS names users by `user`, and some callers by `caller` alone. */
const identitySchema = z.lazy(() =>
  z.object({
    accountId: accountIdSchema,
    userArn: z.string().check(z.startsWith('arn:'), z.maxLength(2_048)),
    user: z.nullish(z.string().check(z.minLength(1), z.maxLength(256))),
    caller: z.nullish(z.string().check(z.minLength(1), z.maxLength(256))),
  }),
);

/** Whom the gateway authenticated. Nothing that a client writes has a part in this. Throws `caller-unauthenticated`. */
export function callerOf({ requestContext }: GatewayEvent): ApiCaller {
  const identity = identitySchema.safeParse(requestContext.identity);
  const userId = identity.data?.user ?? identity.data?.caller;
  if (identity.data !== undefined && userId !== undefined && userId !== null) {
    return { accountId: identity.data.accountId, arn: identity.data.userArn, userId };
  }
  throw new JanitorError('the gateway named no AWS principal', {
    code: 'caller-unauthenticated',
    source: 'policy',
    hint: 'Sign the request with AWS credentials (SigV4, service execute-api).',
  });
}

/** The query as a map of texts. Throws `request-invalid` for a parameter given twice. */
export function queryOf(event: GatewayEvent): Readonly<Record<string, string>> {
  const several = event.multiValueQueryStringParameters;
  if (several === null || several === undefined) return event.queryStringParameters ?? {};
  const twice: FieldProblem[] = [];
  const entries = Object.entries(several).map(([name, values]) => {
    if (values.length > 1) twice.push({ field: `query.${name}`, message: 'is given more than once' });
    return [name, values[0] ?? ''] as const;
  });
  if (twice.length > 0) throw invalid(twice);
  return Object.fromEntries(entries);
}

/** A header by its lower-case name. Throws `header-ambiguous` when it came more than once. */
export function headerOf({ headers, multiValueHeaders }: GatewayEvent, name: string): string | undefined {
  const values = multiValueHeaders?.[name];
  if (values !== undefined && values.length > 1) {
    throw new JanitorError(`the header ${name} is given more than once`, {
      code: 'header-ambiguous',
      source: 'user',
      hint: 'Send it once.',
    });
  }
  return values?.[0] ?? headers?.[name];
}

function isListOfText(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
