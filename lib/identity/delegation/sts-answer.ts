import { accountIdSchema } from '../../domain/common-schemas.ts';
import * as z from '../../domain/zod.ts';
import type { AuthenticatedCaller } from '../resolve-caller.ts';

export type StsAnswer =
  | { readonly ok: true; readonly identity: AuthenticatedCaller }
  | {
      readonly ok: false;
      readonly reason: 'forged' | 'credentials-expired' | 'redirected' | 'answer-invalid' | 'sts-unavailable';
    };

/**
 * The whole answer and nothing around it. A lenient parser would find an identity in any document that quotes one,
 * such as the answer of another action or an error that repeats what was sent.
 */
const ANSWER =
  /^(?:<\?xml version="1\.0" encoding="UTF-8"\?>)?\s*<GetCallerIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/">\s*<GetCallerIdentityResult>((?:\s*<(?:Arn|UserId|Account)>[^<>&]*<\/\w+>){3})\s*<\/GetCallerIdentityResult>\s*<ResponseMetadata>\s*<RequestId>[\w-]+<\/RequestId>\s*<\/ResponseMetadata>\s*<\/GetCallerIdentityResponse>\s*$/;
const FIELD = /<(\w+)>([^<]*)<\/\1>/g;

const identitySchema = z.lazy(() =>
  z.strictObject({
    Account: accountIdSchema,
    Arn: z.string().check(z.regex(/^arn:aws[a-z-]*:(iam|sts)::\d{12}:[\w+=,.@/:-]{1,2000}$/)),
    UserId: z.string().check(z.regex(/^[\w+=,.@:-]{1,256}$/)),
  }),
);

/** Codes of refusals that say nothing about the signature. */
const BUSY = ['Throttling', 'ThrottlingException', 'RequestLimitExceeded', 'TooManyRequestsException'];
const EXPIRED = ['ExpiredToken', 'ExpiredTokenException'];

/** What an answer of STS proves. Every other refusal of STS means that it does not vouch for the signature. */
export function readStsAnswer(status: number, body: string): StsAnswer {
  if (status === 200) return readIdentity(body);
  if (status >= 300 && status < 400) return { ok: false, reason: 'redirected' };
  if (status === 429 || status >= 500) return { ok: false, reason: 'sts-unavailable' };
  if (status < 400) return { ok: false, reason: 'answer-invalid' };
  const code = /<Code>(\w+)<\/Code>/.exec(body)?.[1] ?? '';
  if (BUSY.includes(code)) return { ok: false, reason: 'sts-unavailable' };
  return { ok: false, reason: EXPIRED.includes(code) ? 'credentials-expired' : 'forged' };
}

function readIdentity(body: string): StsAnswer {
  const fields = [...(ANSWER.exec(body)?.[1] ?? '').matchAll(FIELD)].map(([, name, text]) => [name, text]);
  const parsed = identitySchema.safeParse(Object.fromEntries(fields));
  if (!parsed.success || fields.length !== 3) return { ok: false, reason: 'answer-invalid' };
  const { Account: accountId, Arn: arn, UserId: userId } = parsed.data;
  return { ok: true, identity: { accountId, arn, userId } };
}
