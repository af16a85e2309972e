import { JanitorError } from '../domain/error.ts';
import type { FieldProblem } from './field-problems.ts';
import { RETRY_AFTER, statusOf, TITLES } from './problem-codes.ts';

/** RFC 9457 problem details, with our stable code and the way out. */
export interface ProblemDetails {
  /** A name for the code, which nobody fetches. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly hint?: string;
  readonly errors?: readonly FieldProblem[];
}

/** Only our own errors are told; of any other no more than that there was one. */
export function problemDetails(error: unknown): ProblemDetails {
  if (!(error instanceof JanitorError)) return UNEXPECTED;
  const { code, message, hint } = error;
  const errors = fieldsOf(error);
  return {
    ...named(code, statusOf(error)),
    detail: message,
    code,
    ...(hint === undefined ? {} : { hint }),
    ...(errors === undefined ? {} : { errors }),
  };
}

const UNEXPECTED: ProblemDetails = {
  ...named('unexpected', 500),
  detail: 'The request failed unexpectedly; the log of the service says why.',
  code: 'unexpected',
};

function named(code: string, status: number) {
  return { type: `urn:credential-janitor:problem:${code}`, title: TITLES[status] ?? 'Trouble', status };
}

/** Fields that schemas refused, or the one that a use case found impossible, which it names from `request` on. */
function fieldsOf({ details, message }: JanitorError): readonly FieldProblem[] | undefined {
  if (isFieldProblems(details.errors)) return details.errors;
  if (typeof details.field !== 'string') return undefined;
  return [{ field: `body.request.${details.field}`, message: message.replace(`${details.field}: `, '') }];
}

function isFieldProblems(value: unknown): value is readonly FieldProblem[] {
  return Array.isArray(value) && value.every((each) => typeof each?.field === 'string');
}

/** Headers beyond those of every answer. */
export function problemHeaders({ status }: ProblemDetails, error: unknown): Readonly<Record<string, string>> {
  const retryAfter = RETRY_AFTER[status];
  const allow = error instanceof JanitorError ? error.details.allow : undefined;
  return {
    'content-type': 'application/problem+json',
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    ...(status === 405 && typeof allow === 'string' ? { allow } : {}),
  };
}
