import type { ErrorSource } from '../domain/error.ts';

/** 0 fine, 1 failed, 2 wrong usage or invalid policy, 3 findings exist, 4 incomplete, 5 refused by policy. */
export const EXIT = { fine: 0, failed: 1, usage: 2, findings: 3, incomplete: 4, refused: 5 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** If several apply, the first of these wins. */
const PRECEDENCE: readonly ExitCode[] = [
  EXIT.usage,
  EXIT.failed,
  EXIT.incomplete,
  EXIT.refused,
  EXIT.findings,
];

/** The one exit code of everything that applies; `fine` when nothing does. */
export function exitCodeOf(...applying: readonly (ExitCode | false | undefined)[]): ExitCode {
  return PRECEDENCE.find((code) => applying.includes(code)) ?? EXIT.fine;
}

const BY_SOURCE: Readonly<Record<ErrorSource, ExitCode>> = {
  user: EXIT.usage,
  policy: EXIT.refused,
  access: EXIT.incomplete,
  system: EXIT.failed,
};

export function exitCodeOfSource(source: ErrorSource): ExitCode {
  return BY_SOURCE[source];
}
