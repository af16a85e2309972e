import { JanitorError } from '../domain/error.ts';

/** One thing that is wrong in a policy file, where it is, and what to write instead. Lines and columns count from 1. */
export interface PolicyProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The key's place in the file, for example `rules[2].match.unusedFor`; empty for the file itself. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/** Where in a parsed file: keys and indexes from the root. */
export type Path = readonly (string | number)[];

export function pathText(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

/** `policy/janitor.yaml:12:5 rules[0].match.unusedfor: unknown key "unusedfor" (did you mean "unusedFor"?)` */
export function problemText(problem: PolicyProblem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const subject = problem.path === '' ? '' : ` ${problem.path}:`;
  return `${place}${subject} ${problem.message} (${problem.hint})`;
}

/** The one error of an invalid policy: nothing runs under it. */
export function policyInvalid(problems: readonly PolicyProblem[]): JanitorError {
  const number = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return new JanitorError(`the policy has ${number}:\n${problems.map(problemText).join('\n')}`, {
    code: 'policy-invalid',
    source: 'user',
    hint: 'Correct the lines named above; janitor policy check shows them again.',
    details: { problems },
  });
}

/** Files by name, then top to bottom. */
export function inOrder(problems: readonly PolicyProblem[]): PolicyProblem[] {
  return [...problems].sort(
    (a, b) =>
      compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
