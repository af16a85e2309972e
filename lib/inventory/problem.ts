import type { AwsFailure } from '../aws/index.ts';
import type { CredentialKind } from '../domain/credential.ts';

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

interface Tally {
  first: FailedRead;
  count: number;
}

/**
 * Collects problems and notes of one reading. Failures that differ only in the resource become one problem
 * that names the first in order and counts the others, so that its text does not depend on concurrency.
 */
export class ReadingLog {
  readonly #failures = new Map<string, Tally>();
  readonly #problems: Problem[] = [];
  readonly #notes = new Set<Note>();

  failed(read: FailedRead): void {
    const { kind, code, permission } = read.failure;
    const key = [read.code, read.region ?? '', kind, code, permission ?? ''].join('|');
    const tally = this.#failures.get(key);
    if (tally === undefined) {
      this.#failures.set(key, { first: read, count: 1 });
      return;
    }
    tally.count += 1;
    if (read.subject < tally.first.subject) tally.first = read;
  }

  problem(problem: Problem): void {
    this.#problems.push(problem);
  }

  note(note: Note): void {
    this.#notes.add(note);
  }

  /** Sorted by code, Region and message. */
  problems(): Problem[] {
    const all = [...this.#problems, ...[...this.#failures.values()].map(problemOf)];
    return all.sort((a, b) => compare(sortKey(a), sortKey(b)));
  }

  notes(): Note[] {
    return [...this.#notes].sort(compare);
  }
}

function problemOf({ first, count }: Tally): Problem {
  const { code, subject, failure, region, affects } = first;
  const others = count === 1 ? '' : ` and ${count - 1} more`;
  return {
    code,
    message: `Could not read ${subject}${others}: ${failure.message}. ${failure.hint}`,
    ...(failure.permission === undefined ? {} : { permission: failure.permission }),
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
