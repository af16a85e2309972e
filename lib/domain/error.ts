/**
 * The one error family of this product (I20). Expected outcomes are values with a `reason`; only broken
 * assumptions and refusals that end a command are thrown, and then only as this class.
 */
export type ErrorSource = 'user' | 'policy' | 'access' | 'system';

export interface JanitorErrorOptions {
  /** Stable identifier for scripts, kebab-case, for example `policy-invalid`. */
  readonly code: string;
  /** Who can mend it: `user` (wrong usage or input), `policy` (refused by policy), `access` (something could not be read), `system`. */
  readonly source: ErrorSource;
  /** What to do next, one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Structured facts for JSON output; never secret values. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export class JanitorError extends Error {
  override readonly name = 'JanitorError';
  readonly code: string;
  readonly source: ErrorSource;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, options: JanitorErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.source = options.source;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}

/** A one-line text of anything thrown, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
