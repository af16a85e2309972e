import { JanitorError } from '../domain/error.ts';
import type { Broker, BrokerFlags } from '../wiring/broker-client/index.ts';
import type { Run } from './run.ts';
import type { Session } from './session.ts';

/** One command at the broker that its flags name. */
export interface BrokerErrand {
  readonly run: Run;
  readonly session: Session;
  readonly flags: BrokerFlags;
  /** As it is typed, without `janitor`. */
  readonly command: `break-glass ${string}`;
}

/** Opens the way to the broker, works there and closes it: nothing is held open while a person thinks. */
export async function atBroker<T>(
  { run, flags }: Pick<BrokerErrand, 'run' | 'flags'>,
  work: (broker: Broker) => Promise<T>,
): Promise<T> {
  const { atBroker: opened } = await run.broker();
  try {
    return await opened(flags, work);
  } catch (error) {
    throw hasExports(run, flags) && isOfCaller(error) ? hinting(error, EXPORTS) : error;
  }
}

/** The same for whoever needs credentials now: trouble that is not theirs to mend names the last resort. */
export async function lent<T>(errand: BrokerErrand, work: (broker: Broker) => Promise<T>): Promise<T> {
  try {
    return await atBroker(errand, work);
  } catch (error) {
    throw isTrouble(error) ? hinting(error, LAST_RESORT) : error;
  }
}

/** Nothing that the caller or the policy could mend, and that does not name the last resort itself. */
function isTrouble(error: unknown): error is JanitorError {
  if (!(error instanceof JanitorError)) return false;
  const { source, hint = '' } = error;
  return ['system', 'access'].includes(source) && !hint.includes('docs/break-glass.md');
}

const LAST_RESORT =
  'If no role can be lent and it cannot wait: "The last resort" in docs/break-glass.md says what is left.';
const EXPORTS =
  'A shell with the exports of a grant signs as its role: use another shell, or unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN.';

/** A session in the environment, which may be what was lent. */
function hasExports({ terminal: { env } }: Run, { profile }: BrokerFlags): boolean {
  const { AWS_SESSION_TOKEN: session = '', AWS_PROFILE: inUse = '' } = env;
  return profile === undefined && inUse === '' && session !== '';
}

const OF_CALLER = ['api-denied', 'caller-unresolved', 'caller-refused', 'may-not-return', 'not-a-person'];

function isOfCaller(error: unknown): error is JanitorError {
  return error instanceof JanitorError && OF_CALLER.includes(error.code);
}

function hinting({ message, code, source, hint, details, cause }: JanitorError, more: string): JanitorError {
  return new JanitorError(message, {
    code,
    source,
    hint: hint === undefined ? more : `${hint} ${more}`,
    details,
    ...(cause === undefined ? {} : { cause }),
  });
}
