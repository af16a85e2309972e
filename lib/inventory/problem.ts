import type { AwsFailure } from '../aws/index.ts';
import { CREDENTIAL_KINDS, type CredentialKind } from '../domain/credential.ts';
import * as z from '../domain/zod.ts';

/** Something that could not be read: it makes the inventory incomplete (G21). */
export interface Problem {
  /** What was not read, stable: `access-keys-unread`, `secrets-unread`, ... */
  readonly code: string;
  /** One line that names resource and Region, says why and what to do. */
  readonly message: string;
  /** The missing permission as in a policy, such as `iam:ListUsers`. */
  readonly permission?: string;
  readonly region?: string;
  /** Kinds of credentials that may be missing or unknown because of it. */
  readonly affects: readonly CredentialKind[];
}

/** Something worth knowing that leaves the inventory complete; one sentence. */
export type Note = string;

/** What a failed read was about. */
export interface FailedRead {
  readonly code: string;
  /** What was to be read, as it follows "Could not read": `access keys of user ana`. */
  readonly subject: string;
  readonly failure: AwsFailure;
  readonly region?: string;
  readonly affects: readonly CredentialKind[];
}

const affects = z.lazy(() => z.readonly(z.array(z.enum(CREDENTIAL_KINDS))));

/** Failures that differ only in the resource: the first in order speaks for all. */
const failureSchema = z.lazy(() =>
  z.strictObject({
    code: z.string(),
    subject: z.string(),
    /** Why, and what to do. */
    why: z.string(),
    permission: z.exactOptional(z.string()),
    region: z.exactOptional(z.string()),
    affects,
    count: z.int().check(z.positive()),
  }),
);
type Failure = z.infer<typeof failureSchema>;

/** A log as text that another process can take up. */
export const savedLogSchema = z.lazy(() =>
  z.strictObject({
    failures: z.array(z.tuple([z.string(), failureSchema])),
    problems: z.array(
      z.strictObject({
        code: z.string(),
        message: z.string(),
        permission: z.exactOptional(z.string()),
        region: z.exactOptional(z.string()),
        affects,
      }),
    ),
    notes: z.array(z.string()),
  }),
);
export type SavedLog = z.infer<typeof savedLogSchema>;

/**
 * Collects problems and notes of one reading. Failures that differ only in the resource become one problem
 * that names the first in order and counts the others, so that its text does not depend on concurrency.
 */
export class ReadingLog {
  readonly #failures = new Map<string, Failure>();
  readonly #problems: Problem[] = [];
  readonly #notes = new Set<Note>();

  failed({ code, subject, failure, region, affects }: FailedRead): void {
    const { kind, permission } = failure;
    const key = [code, region ?? '', kind, failure.code, permission ?? ''].join('|');
    this.#count(key, {
      code,
      subject,
      why: `${failure.message}. ${failure.hint}`,
      ...(permission === undefined ? {} : { permission }),
      ...(region === undefined ? {} : { region }),
      affects,
      count: 1,
    });
  }

  problem(problem: Problem): void {
    this.#problems.push(problem);
  }

  note(note: Note): void {
    this.#notes.add(note);
  }

  /** Takes over what another log has collected. */
  absorb({ failures, problems, notes }: SavedLog): void {
    for (const [key, failure] of failures) this.#count(key, failure);
    this.#problems.push(...problems);
    for (const note of notes) this.#notes.add(note);
  }

  saved(): SavedLog {
    return { failures: [...this.#failures], problems: [...this.#problems], notes: [...this.#notes] };
  }

  /** Sorted by code, Region and message. */
  problems(): Problem[] {
    const all = [...this.#problems, ...[...this.#failures.values()].map(problemOf)];
    return all.sort((a, b) => compare(sortKey(a), sortKey(b)));
  }

  notes(): Note[] {
    return [...this.#notes].sort(compare);
  }

  #count(key: string, failure: Failure): void {
    const known = this.#failures.get(key);
    const first = known === undefined || failure.subject < known.subject ? failure : known;
    this.#failures.set(key, { ...first, count: failure.count + (known?.count ?? 0) });
  }
}

function problemOf({ code, subject, why, permission, region, affects, count }: Failure): Problem {
  const others = count === 1 ? '' : ` and ${count - 1} more`;
  return {
    code,
    message: `Could not read ${subject}${others}: ${why}`,
    ...(permission === undefined ? {} : { permission }),
    ...(region === undefined ? {} : { region }),
    affects,
  };
}

function sortKey({ code, region, message }: Problem): string {
  return `${code}\u0000${region ?? ''}\u0000${message}`;
}

/** Order by code units, the same on every machine. */
export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
