import type * as z from '../domain/zod.ts';
import { nameHint, nearest } from './nearest.ts';
import type { Path, PolicyProblem } from './problem.ts';
import { knownKeysIn } from './schema-parts.ts';
import type { YamlFile } from './yaml-document.ts';

type Issue = z.core.$ZodIssue;

const DURATION_KEYS: ReadonlySet<string> = new Set([
  'wait',
  'age',
  'unusedFor',
  'usedWithin',
  'notRotatedFor',
  'replacedFor',
  'spreadOver',
  'timeout',
  'reviewEvery',
  'validFor',
  'restoreHold',
  'maxAge',
  'lastUsedLag',
  'fullReadEvery',
  'access-key',
  'secret',
  'longest',
  'routineUpTo',
  'pending',
  'finish',
  'exemptAtMost',
  'decideWithin',
  'exception',
  'extension',
  'restore',
  'rotate-now',
]);

/** Parses a file's data and turns what a schema objects to into problems with a place and a way out. */
export function parseWith<T>(
  file: YamlFile,
  schema: z.ZodMiniType<T>,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: PolicyProblem[] } {
  const parsed = schema.safeParse(file.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(file, issue, [])) };
}

function problemsOf(file: YamlFile, issue: Issue, above: Path): PolicyProblem[] {
  const path = [...above, ...issue.path.map(plainKey)];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(file, [...path, key], key, knownKeysIn(issue.message)));
    case 'invalid_union':
      return unionProblems(file, issue, path);
    case 'invalid_key':
      return issue.issues.flatMap((inner) => keyProblems(file, inner, path));
    case 'invalid_element':
      return issue.issues.flatMap((inner) => problemsOf(file, inner, path));
    case 'invalid_type':
      return [wrongType(file, issue, path)];
    case 'invalid_value':
      return [wrongValue(file, issue, path)];
    default:
      return [described(file, issue, path)];
  }
}

function plainKey(key: PropertyKey): string | number {
  return typeof key === 'number' ? key : String(key);
}

function unknownKey(file: YamlFile, path: Path, key: string, known: readonly string[]): PolicyProblem {
  return file.problemAt(
    path,
    `unknown key "${short(key)}"`,
    nameHint(key, known, 'the keys here are'),
    'key',
  );
}

function keyProblems(file: YamlFile, issue: Issue, path: Path): PolicyProblem[] {
  const [message, hint] = issue.message.split('\n');
  return [file.problemAt(path, message ?? 'is no valid key', hint ?? 'write a valid name', 'key')];
}

/** Which alternative the writer meant: one that fits the kind of value and fails only further inside. */
function unionProblems(
  file: YamlFile,
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
): PolicyProblem[] {
  if (issue.errors.length === 0) return [discriminator(file, issue, path)];
  const meant = issue.errors.filter((issues) => !issues.some((inner) => missesShape(inner)));
  const best = meant.toSorted((a, b) => a.length - b.length)[0];
  const ours = issue.message.includes('\n');
  if (best !== undefined && !(ours && best.every((inner) => inner.path.length === 0)))
    return best.flatMap((inner) => problemsOf(file, inner, path));
  if (ours) return [described(file, issue, path)];
  const first =
    issue.errors.find((issues) => issues.some((inner) => inner.code !== 'invalid_type')) ?? issue.errors[0];
  return (first ?? []).flatMap((inner) => problemsOf(file, inner, path));
}

function missesShape(issue: Issue): boolean {
  return (
    issue.path.length === 0 && ['invalid_type', 'unrecognized_keys', 'invalid_value'].includes(issue.code)
  );
}

function discriminator(
  file: YamlFile,
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
): PolicyProblem {
  const known = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  const written = valueAt(file.value, path);
  if (written === undefined) {
    return file.problemAt(path, `"${String(path.at(-1))}" is missing`, `write one of: ${known.join(', ')}`);
  }
  return file.problemAt(
    path,
    `${shown(written)} is not offered here`,
    nameHint(plainText(written), known, 'write one of'),
  );
}

function wrongType(
  file: YamlFile,
  issue: Extract<Issue, { code: 'invalid_type' }>,
  path: Path,
): PolicyProblem {
  const written = valueAt(file.value, path);
  const key = String(path.at(-1) ?? 'the file');
  if (written === undefined) return file.problemAt(path, `"${key}" is missing`, `add "${key}:" here`);
  if (written === null)
    return file.problemAt(path, 'has no value', `write ${expected(issue.expected)}, or remove the key`);
  if (issue.expected === 'string' && typeof written !== 'object') {
    const source = file.writtenAt(path) ?? String(written);
    if (typeof written === 'number' && DURATION_KEYS.has(key))
      return file.problemAt(
        path,
        `is the number ${source}, not a duration`,
        `write its unit: ${source}d, ${source}h or ${source}m`,
      );
    return file.problemAt(path, `is ${kindOf(written)}, not text`, `put it in quotes: "${source}"`);
  }
  return file.problemAt(path, `is ${kindOf(written)}`, `write ${expected(issue.expected)}`);
}

function wrongValue(
  file: YamlFile,
  issue: Extract<Issue, { code: 'invalid_value' }>,
  path: Path,
): PolicyProblem {
  const written = valueAt(file.value, path);
  if (issue.message.includes('\n')) return described(file, issue, path);
  const offered = issue.values.map(String);
  if (written === undefined) {
    return file.problemAt(path, `"${String(path.at(-1))}" is missing`, `write one of: ${offered.join(', ')}`);
  }
  const meant = typeof written === 'string' ? nearest(written, offered) : undefined;
  const hint = meant === undefined ? `write one of: ${offered.join(', ')}` : `did you mean "${meant}"?`;
  return file.problemAt(path, `${shown(written)} is not offered here`, hint);
}

/** A message of our own (`what` and, on its second line, `what to write`), or one of the schema library. */
function described(file: YamlFile, issue: Issue, path: Path): PolicyProblem {
  const [message, hint] = issue.message.split('\n');
  const written = valueAt(file.value, path);
  const named =
    typeof written === 'object' || written === undefined || message?.includes(plainText(written)) === true;
  const subject = named ? '' : `${shown(written)} `;
  if (hint !== undefined) return file.problemAt(path, `${subject}${message}`, hint);
  if (issue.code === 'too_small')
    return file.problemAt(path, `${subject}is too little`, `write at least ${issue.minimum}`);
  if (issue.code === 'too_big')
    return file.problemAt(path, `${subject}is too much`, `write at most ${issue.maximum}`);
  return file.problemAt(path, `${subject}is not accepted`, issue.message);
}

/** The value at a path of plain data, looking only at own keys. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    current = Object.getOwnPropertyDescriptor(current, part)?.value;
  }
  return current;
}

function kindOf(written: unknown): string {
  if (Array.isArray(written)) return 'a list';
  if (typeof written === 'object') return 'a map';
  return `the ${typeof written} ${shown(written)}`;
}

function expected(type: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    object: 'a map (key: value)',
    record: 'a map (key: value)',
    array: 'a list (- item)',
  };
  return names[type] ?? type;
}

function shown(written: unknown): string {
  if (typeof written === 'object' && written !== null) return kindOf(written);
  return typeof written === 'string' ? `"${short(written)}"` : short(String(written));
}

/** A scalar as text, for names to compare with; nothing of lists and maps. */
function plainText(written: unknown): string {
  return typeof written === 'object' ? '' : String(written);
}

/** Long and many-lined texts shortened, so that one mistake stays one line. */
function short(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
