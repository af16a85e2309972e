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
  return opened(flags, work);
}

const LAST_RESORT =
  'If no role can be lent and it cannot wait: "The last resort" in docs/break-glass.md says what is left.';

/** The same for whoever needs credentials now: trouble that is not theirs to mend names the last resort. */
export async function lent<T>(errand: BrokerErrand, work: (broker: Broker) => Promise<T>): Promise<T> {
  try {
    return await atBroker(errand, work);
  } catch (error) {
    throw withLastResort(error);
  }
}

function withLastResort(error: unknown): unknown {
  if (!(error instanceof JanitorError)) return error;
  const { message, code, source, hint, details, cause } = error;
  if (source !== 'system' && source !== 'access') return error;
  if (hint?.includes('docs/break-glass.md') === true) return error;
  return new JanitorError(message, {
    code,
    source,
    hint: hint === undefined ? LAST_RESORT : `${hint} ${LAST_RESORT}`,
    details,
    ...(cause === undefined ? {} : { cause }),
  });
}
