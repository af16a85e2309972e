import type { Problem } from '../../api/index.ts';
import { awsError, mapAwsError } from '../../aws/index.ts';
import { type ErrorSource, JanitorError, messageOf } from '../../domain/error.ts';

/** What is asked of an API, as far as its errors name it. */
export interface Asked {
  /** As people call it, for example `approve`. */
  readonly operation: string;
  /** Of something that changes the record: the command that shows whether it happened. Reading has none. */
  readonly look?: string | undefined;
  /** Of something that may be sent again as it is: why that is safe. */
  readonly again?: string | undefined;
}

/** What fails before anything of the request has left: it was certainly not carried out. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

const PERMISSION = 'execute-api:Invoke';

/** Who can mend what a status says; other 4xx are the caller's, everything else the service's. */
const SOURCES: Readonly<Record<number, ErrorSource>> = { 403: 'policy', 429: 'system', 502: 'access' };

/** Codes whose status does not tell: the same exit code as where the service is in this process. */
const SOURCES_OF_CODES: Readonly<Record<string, ErrorSource>> = {
  'organisation-unreadable': 'access',
  'plan-not-pending': 'policy',
  'plan-changed': 'policy',
  'already-approved': 'policy',
  'rotation-under-way': 'policy',
  'grant-over': 'policy',
  'grant-not-active': 'policy',
  'grant-not-waiting': 'policy',
  'grant-not-ended': 'policy',
  'act-under-way': 'system',
  'changed-meanwhile': 'system',
};

/** The error that the API answered with, in its own words. */
export function problemError(
  { status, detail, code, hint, errors }: Problem,
  { operation }: Asked,
): JanitorError {
  return new JanitorError(detail, {
    code,
    source: SOURCES_OF_CODES[code] ?? SOURCES[status] ?? (status < 500 ? 'user' : 'system'),
    ...(hint === undefined ? {} : { hint }),
    details: { operation, status, ...(errors === undefined ? {} : { errors }) },
  });
}

/** Something before the API refused, so that nothing was done. What it said is not shown: it may quote the signature. */
export function refusedAtTheDoor(status: number, asked: Asked): JanitorError {
  const { code, source, says, hint } = doorFailure(status);
  return new JanitorError(`${says} (HTTP ${status}); nothing was done`, {
    code,
    source,
    hint,
    details: {
      operation: asked.operation,
      status,
      ...(code === 'api-denied' ? { permission: PERMISSION } : {}),
    },
  });
}

interface DoorFailure {
  readonly code: string;
  readonly source: ErrorSource;
  readonly says: string;
  readonly hint: string;
}

function doorFailure(status: number): DoorFailure {
  if (status === 401 || status === 403) {
    return {
      code: 'api-denied',
      source: 'access',
      says: 'the API did not let the request in',
      hint: `It takes ${PERMISSION} on the API, which the managed policies of the stack have, and an account that its resource policy names; if you have both, check the credentials, the Region (--region) and the clock of this machine.`,
    };
  }
  if (status === 429) {
    return {
      code: 'api-throttled',
      source: 'system',
      says: 'the API has no room for the request now',
      hint: 'Run the command again in a minute.',
    };
  }
  if (status >= 300 && status < 400) {
    return {
      code: 'api-redirected',
      source: 'system',
      says: 'what answered sends elsewhere, and a signed request is never sent on',
      hint: 'Correct the address (--api or JANITOR_API): it is not that of the API itself.',
    };
  }
  return {
    code: 'api-unrecognised',
    source: 'user',
    says: 'what answered is not the API of a janitor, or one of another version',
    hint: 'Correct the address (--api or JANITOR_API), or run the version that is deployed.',
  };
}

/** The request failed on its way. */
export function unsent(error: unknown, asked: Asked, url: string): JanitorError {
  const { code, kind } = mapAwsError(error, PERMISSION);
  if (kind === 'no-credentials' || kind === 'expired-credentials') return awsError(error, PERMISSION);
  if (!NEVER_SENT.test(code)) return unanswered(messageOf(error), asked, error);
  return new JanitorError(`the API at ${url} cannot be reached (${code}); nothing was done`, {
    code: 'api-unreachable',
    source: 'system',
    hint: 'Check the address (--api or JANITOR_API; --stack finds that of a stack) and the network; "janitor serve" serves one on this machine.',
    cause: error,
    details: { operation: asked.operation, awsCode: code, url },
  });
}

/** No answer, or none that is understood. What changes the record may have been carried out: says so, and where to look. */
export function unanswered(why: string, asked: Asked, cause?: unknown): JanitorError {
  const { operation, look, again } = asked;
  const more = { details: { operation }, ...(cause === undefined ? {} : { cause }) };
  if (look === undefined) {
    return new JanitorError(`there was no answer to "${operation}" (${why})`, {
      code: 'api-unanswered',
      source: 'system',
      hint: 'It only reads, so run it again.',
      ...more,
    });
  }
  return new JanitorError(`there was no answer to "${operation}" (${why}): it may have happened`, {
    code: 'outcome-unknown',
    source: 'system',
    hint: again ?? `Look before you repeat it: "${look}".`,
    ...more,
  });
}
