import { JanitorError } from '../domain/error.ts';
import type * as z from '../domain/zod.ts';

/** One thing that is wrong with what a client sent. Values are never repeated, names of fields are. */
export interface FieldProblem {
  /** `path.`, `query.` or `body.` and the place in it, such as `body.request.endsAt`. */
  readonly field: string;
  readonly message: string;
}

type Part = 'path' | 'query' | 'body';
type Issue = z.core.$ZodIssue;

const MOST = 20;
const LONGEST = 200;

/** `request-invalid` with every field that is wrong. */
export function refuseFields(errors: Readonly<Record<Part, z.core.$ZodError | undefined>>): JanitorError {
  const ofPart = (part: Part) => (errors[part]?.issues ?? []).flatMap((issue) => ofIssue(part, issue));
  return invalid([...ofPart('path'), ...ofPart('query'), ...ofPart('body')]);
}

/** `request-invalid` with the first thing that is wrong with each field. */
export function invalid(problems: readonly FieldProblem[]): JanitorError {
  const firstOfEach = new Map(problems.toReversed().map((problem) => [problem.field, problem]));
  const errors = [...firstOfEach.values()]
    .toReversed()
    .slice(0, MOST)
    .map(({ field, message }) => ({ field: shown(field), message: shown(message) }));
  const [first] = errors;
  const others = errors.length > 1 ? `, and ${errors.length - 1} more` : '';
  return new JanitorError(
    first === undefined ? 'a field is wrong' : `${first.field} ${first.message}${others}`,
    {
      code: 'request-invalid',
      source: 'user',
      hint: 'Correct what is named; unknown fields are refused. GET /v1/openapi.json describes every field.',
      details: { errors },
    },
  );
}

function ofIssue(part: Part, issue: Issue): FieldProblem[] {
  const field = placeOf(part, issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: placeOf(part, [...issue.path, key]),
      message: 'is no known field',
    }));
  }
  return [{ field, message: worded(issue) }];
}

function worded(issue: Issue): string {
  if (issue.code === 'invalid_type') {
    return issue.message.endsWith('received undefined')
      ? 'is missing'
      : `must be ${withArticle(issue.expected)}`;
  }
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(String).join(' or ')}`;
  if (issue.code === 'invalid_union') {
    if (issue.message === 'Invalid input') return 'is none of the forms that are known here';
    return `is wrong: ${issue.message.replace('Invalid discriminator value. Expected', 'known are')}`;
  }
  if (issue.code === 'too_big') return `must have at most ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code === 'too_small') return `must have at least ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === 'invalid_format' && issue.format === 'datetime') {
    return 'must be an instant in UTC with milliseconds, such as 2026-01-31T09:00:00.000Z';
  }
  return `is wrong: ${issue.message}`;
}

function withArticle(expected: string): string {
  const known: Readonly<Record<string, string>> = {
    string: 'text',
    undefined: 'left out',
    int: 'a whole number',
  };
  return known[expected] ?? `${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : ' as its value';
}

function placeOf(part: Part, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (place, key) => (typeof key === 'number' ? `${place}[${key}]` : `${place}.${String(key)}`),
    part,
  );
}

/** What a client wrote is shown back without what could change how the rest reads. */
function shown(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '?').slice(0, LONGEST);
}
