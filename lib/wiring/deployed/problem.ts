import * as z from 'zod';
import { type ErrorSource, JanitorError } from '../../domain/error.ts';

/** RFC 9457 problem details, with our stable code and the way out. */
export interface ProblemDetails {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly hint?: string;
}

const STATUS: Readonly<Record<ErrorSource, { readonly status: number; readonly title: string }>> = {
  user: { status: 400, title: 'The request cannot be carried out as it is' },
  policy: { status: 403, title: 'Refused by policy' },
  access: { status: 502, title: 'Something could not be read' },
  system: { status: 503, title: 'The service is in trouble' },
};

/** What a caller is told of an error; of one that is not ours, no more than that there was one. */
export function problemOf(error: unknown): ProblemDetails {
  if (error instanceof z.ZodError) {
    return {
      type: 'about:blank',
      ...STATUS.user,
      detail: z.prettifyError(error),
      code: 'request-invalid',
      hint: 'Correct what is named; unknown fields are refused.',
    };
  }
  if (error instanceof JanitorError) {
    const { message: detail, code, hint, source } = error;
    return { type: 'about:blank', ...STATUS[source], detail, code, ...(hint === undefined ? {} : { hint }) };
  }
  return {
    type: 'about:blank',
    status: 500,
    title: 'A defect of the service',
    detail: 'The request failed unexpectedly; the log of the function says why.',
    code: 'unexpected',
  };
}
