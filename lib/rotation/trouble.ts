import { type ErrorSource, JanitorError } from '../domain/error.ts';

interface Telling {
  readonly source?: ErrorSource;
  readonly hint: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What stands in the way of a rotation, and the way out. Nothing in it may come from a secret's value. */
export function trouble(code: string, message: string, { source = 'user', ...rest }: Telling): JanitorError {
  return new JanitorError(message, { code, source, ...rest });
}

/** Troubles that pass by themselves: the same step again, with the same token, is the way out. */
const PASSING: ReadonlySet<string> = new Set([
  'attempt-under-way',
  'aws-expired-credentials',
  'aws-other',
  'aws-throttled',
  'aws-unreachable',
  'create-unknown',
  'key-not-propagated',
  'ledger-contended',
  'ledger-unavailable',
  'pending-without-value',
  'promote-unknown',
  'put-unknown',
  'quota',
  'remove-unknown',
  'state-unavailable',
  'tag-unknown',
]);

export function passesByItself({ code }: JanitorError): boolean {
  return PASSING.has(code);
}
