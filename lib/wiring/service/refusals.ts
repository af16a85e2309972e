import { type ErrorSource, JanitorError } from '../../domain/error.ts';

type Thing = 'request' | 'exception' | 'challenge';

interface Refusal {
  readonly ok: false;
  readonly reason: keyof typeof TABLE;
  readonly message: string;
  /** Where the thing stands: whoever lost a race learns who won. */
  readonly state?: string;
}

interface Row {
  /** `*` stands for what was decided about. */
  readonly code: string;
  readonly source: ErrorSource;
  readonly hint: string;
}

const READ_AGAIN = 'Read it again: it says where it stands now, and who brought it there.';
const ASK_ANOTHER = 'Somebody else has to; the message says who may.';

/** What the use cases refuse, as the API says it: not found, lost to somebody else, or refused by policy. */
const TABLE = {
  'not-found': { code: '*-not-found', source: 'user', hint: 'List them to find the id that is meant.' },
  'not-pending': { code: '*-not-pending', source: 'user', hint: READ_AGAIN },
  'not-in-force': { code: 'not-in-force', source: 'user', hint: READ_AGAIN },
  'not-open': { code: '*-not-open', source: 'user', hint: READ_AGAIN },
  'another-request': { code: 'another-request', source: 'user', hint: READ_AGAIN },
  'policy-changed': {
    code: 'policy-changed',
    source: 'user',
    hint: 'Ask for it again under a new request id.',
  },
  'not-an-approver': { code: 'not-an-approver', source: 'policy', hint: ASK_ANOTHER },
  'party-may-not-approve': { code: 'party-may-not-approve', source: 'policy', hint: ASK_ANOTHER },
  'party-may-not-decide': { code: 'party-may-not-decide', source: 'policy', hint: ASK_ANOTHER },
  'not-the-requester': { code: 'not-the-requester', source: 'policy', hint: ASK_ANOTHER },
  'may-not-revoke': { code: 'may-not-revoke', source: 'policy', hint: ASK_ANOTHER },
  'caller-unresolved': { code: 'caller-unresolved', source: 'policy', hint: ASK_ANOTHER },
} as const satisfies Record<string, Row>;

export function refusalError(thing: Thing, { reason, message, state }: Refusal): JanitorError {
  const { code, source, hint } = TABLE[reason];
  return new JanitorError(message, {
    code: code.replace('*', thing),
    source,
    hint,
    details: { reason, ...(state === undefined ? {} : { state }) },
  });
}

export function notFound(thing: Thing, id: string): JanitorError {
  return refusalError(thing, { ok: false, reason: 'not-found', message: `there is no ${thing} ${id}` });
}
