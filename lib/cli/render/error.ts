import { CommanderError } from 'commander';
import { JanitorError, messageOf } from '../../domain/error.ts';
import { type ExitCode, exitCodeOfSource } from '../exit-code.ts';
import { at, type Invocation, type Place, typedAs } from '../invocation.ts';
import { jsonDocument } from './json-document.ts';
import type { Style } from './style.ts';
import { printable, wrapped } from './text.ts';

/** What ended a command early, ready to be shown. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly exit: ExitCode;
  readonly stack?: string;
}

/**
 * Turns anything thrown into a failure, with commands in its hint as they are typed here. What is not our own error
 * family is a defect and says so.
 */
export function failureOf(error: unknown, invocation: Invocation = 'janitor', place?: Place): Failure {
  const failure = plainFailureOf(error);
  if (failure.hint === undefined) return failure;
  return { ...failure, hint: typedAs(invocation, at(place, failure.hint)) };
}

function plainFailureOf(error: unknown): Failure {
  if (error instanceof CommanderError) return usageFailure(error);
  const stack = error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
  if (error instanceof JanitorError) {
    const { code, message, hint, details, source } = error;
    return {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      details,
      exit: exitCodeOfSource(source),
      ...stack,
    };
  }
  return {
    code: 'unexpected',
    message: `something the program did not expect: ${messageOf(error)}`,
    hint: 'This is a defect. Run the command again with JANITOR_DEBUG=1 and report what it prints.',
    details: {},
    exit: exitCodeOfSource('system'),
    ...stack,
  };
}

function usageFailure(error: CommanderError): Failure {
  const [said = '', ...suggestions] = error.message.replace(/^error: /, '').split('\n');
  const message = said.replace(
    /^command-argument value ('.*') is invalid for argument '(.*?)'\. /,
    '$1 is no <$2>. ',
  );
  const meant = suggestions.join(' ').replace(/^\((.*)\)$/, '$1');
  return {
    code: 'usage',
    message,
    ...(meant === '' ? {} : { hint: meant }),
    details: {},
    exit: exitCodeOfSource('user'),
  };
}

/** The one JSON object on stderr. `notes` are what would have been said on the way there. */
export function errorDocument(failure: Failure, notes: readonly string[]): string {
  const { code, message, hint, details } = failure;
  return jsonDocument({ error: { ...details, code, message, hint, ...(notes.length > 0 ? { notes } : {}) } });
}

/** For people: what failed, each problem of an invalid policy with its place, and what to do next. */
export function errorText(failure: Failure, style: Style, width: number, debug: boolean): string {
  const problems = problemsOf(failure.details);
  const [first = ''] = failure.message.split('\n');
  const message = problems.length === 0 ? failure.message : first;
  const lines = [wrapped(`${style.red(style.bold('error:'))} ${printable(message)}`, width)];
  for (const problem of problems) lines.push(...problemLines(problem, style, width));
  if (failure.hint !== undefined)
    lines.push(wrapped(`${style.cyan('hint:')} ${printable(failure.hint)}`, width));
  if (debug && failure.stack !== undefined) lines.push(style.dim(failure.stack));
  return `${lines.join('\n')}\n`;
}

interface PlacedProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}

/** `file:line:column message`, and what to write instead. */
export function problemLines(problem: PlacedProblem, style: Style, width: number): string[] {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const lines = [`  ${style.bold(place)}`, wrapped(printable(problem.message), width, '    ')];
  if (problem.hint !== undefined && problem.hint !== '')
    lines.push(style.cyan(wrapped(printable(problem.hint), width, '    ')));
  return lines;
}

function problemsOf(details: Readonly<Record<string, unknown>>): PlacedProblem[] {
  return Array.isArray(details.problems) ? details.problems.filter(isPlaced) : [];
}

function isPlaced(value: unknown): value is PlacedProblem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'file' in value &&
    typeof value.file === 'string' &&
    'line' in value &&
    typeof value.line === 'number' &&
    'column' in value &&
    typeof value.column === 'number' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}
