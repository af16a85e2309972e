import type { Problem } from '../../api/index.ts';
import { awsError, mapAwsError } from '../../aws/index.ts';
import { type ErrorSource, JanitorError, messageOf } from '../../domain/error.ts';
import type { Operation } from '../deployed/operations.ts';

/** What fails before anything of the request has left: it was certainly not carried out. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

const SOURCES: Readonly<Record<number, ErrorSource>> = { 400: 'user', 403: 'policy' };

/** The error that the function answered with, in its own words. */
export function problemError(
  { status, detail, code, hint }: Problem,
  { operation }: Operation,
): JanitorError {
  return new JanitorError(detail, {
    code,
    source: SOURCES[status] ?? 'system',
    ...(hint === undefined ? {} : { hint }),
    details: { operation, status },
  });
}

/** Lambda itself refused: the request never reached the function. */
export function refusedByLambda(status: number, { operation }: Operation): JanitorError {
  if (status === 429) {
    return new JanitorError('Lambda has no room for the request now (HTTP 429); nothing was done', {
      code: 'operate-throttled',
      source: 'system',
      hint: 'Run the command again in a minute.',
      details: { operation, status },
    });
  }
  return new JanitorError(`Lambda did not let the request in (HTTP ${status}); nothing was done`, {
    code: 'operate-denied',
    source: 'access',
    hint: 'It takes lambda:InvokeFunctionUrl and lambda:InvokeFunction on the operate function, which the managed policy credential-janitor-operator has; if you have it, check the clock of this machine and the credentials.',
    details: { operation, status, permission: 'lambda:InvokeFunctionUrl' },
  });
}

/** The request failed on its way. */
export function unsent(error: unknown, operation: Operation): JanitorError {
  const { code, kind } = mapAwsError(error, 'lambda:InvokeFunctionUrl');
  const noCredentials = kind === 'no-credentials' || kind === 'expired-credentials';
  if (noCredentials || NEVER_SENT.test(code)) return awsError(error, 'lambda:InvokeFunctionUrl');
  return unknownOutcome(messageOf(error), operation, error);
}

/** It may have been carried out: says so, and where to look. */
export function unknownOutcome(why: string, operation: Operation, cause?: unknown): JanitorError {
  return new JanitorError(`there was no answer to "${operation.operation}" (${why}): it may have happened`, {
    code: 'outcome-unknown',
    source: 'system',
    hint: `Look before you repeat it: ${whereToLook(operation)}.`,
    details: { operation: operation.operation },
    ...(cause === undefined ? {} : { cause }),
  });
}

function whereToLook(operation: Operation): string {
  switch (operation.operation) {
    case 'halt':
    case 'resume':
      return '"janitor halt --list"';
    case 'approve':
    case 'reject':
      return `"janitor explain ${operation.planId}"`;
    case 'restore':
    case 'rotate':
      return `"janitor explain ${operation.credentialId}"`;
    case 'allow-rotations':
      return `"janitor explain rotations#${operation.accountId}"`;
    case 'activate':
      return '"janitor explain policy#activation"';
  }
}
