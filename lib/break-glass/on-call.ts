import { onCallByPolicy } from '../domain/break-glass-eligibility.ts';
import type { BreakGlassRole } from '../domain/break-glass-rules.ts';
import { type Fact, known, unknown } from '../domain/fact.ts';
import type { Clock } from '../domain/time.ts';
import * as z from '../domain/zod.ts';

/** Who is on call for a role in an account. Never throws: what could not be found out is unknown, with the reason. */
export type OnCall = (role: BreakGlassRole, accountId: string) => Promise<Fact<readonly string[]>>;

export interface OnCallOptions {
  readonly clock: Clock;
  /** The bearer token, read anew for each question; undefined when the system wants none. */
  readonly token?: () => Promise<string | undefined>;
}

/** The published contract: these fields, about what was asked, with status 200. */
const answerSchema = z.lazy(() =>
  z.strictObject({
    schemaVersion: z.literal(1),
    role: z.string(),
    account: z.string(),
    onCall: z.array(z.string().check(z.minLength(1), z.maxLength(64))).check(z.maxLength(50)),
  }),
);
const MOST_CHARACTERS = 8192;

/** Asks where the policy says it stands: in the policy itself, or at a system over HTTP. Reasons are fixed texts. */
export function onCallOf({ clock, token }: OnCallOptions): OnCall {
  return async (role, accountId) => {
    const source = role.onCall;
    if (source === undefined) return unknown('the role does not ask for it');
    if (source.kind !== 'http') return onCallByPolicy(source, clock.now());
    const url = new URL(source.url);
    url.searchParams.set('role', role.name);
    url.searchParams.set('account', accountId);
    const deadline = AbortSignal.timeout(source.timeoutMs);
    try {
      const headers = new Headers({ accept: 'application/json' });
      const bearer = await token?.();
      if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
      const response = await fetch(url, { headers, signal: deadline, redirect: 'manual' });
      return await answerOf(response, { role: role.name, accountId, source: url.host, clock });
    } catch {
      return unknown(
        deadline.aborted
          ? 'the on-call system did not answer in time'
          : 'the on-call system could not be asked',
      );
    }
  };
}

async function answerOf(
  response: Response,
  asked: {
    readonly role: string;
    readonly accountId: string;
    readonly source: string;
    readonly clock: Clock;
  },
): Promise<Fact<readonly string[]>> {
  if (response.status !== 200) {
    await response.body?.cancel();
    return unknown(`the on-call system answered with status ${response.status}`);
  }
  const text = await response.text();
  const answer = answerSchema.safeParse(text.length > MOST_CHARACTERS ? undefined : parsed(text));
  if (!answer.success) return unknown('the answer of the on-call system is not of the published form');
  const { role, account, onCall } = answer.data;
  if (role !== asked.role || account !== asked.accountId)
    return unknown('the on-call system answered about something else');
  return known(onCall, asked.clock.now(), `on-call system at ${asked.source}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
