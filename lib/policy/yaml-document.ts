import {
  Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLError,
} from 'yaml';
import { messageOf } from '../domain/error.ts';
import { type Path, type PolicyProblem, pathText } from './problem.ts';

/** A file beyond this is no policy; it also bounds what a hostile file can cost. */
const MAX_BYTES = 1_000_000;
/** Far deeper than any rule; a bound because parsers recurse. */
const MAX_DEPTH = 60;

export interface YamlFile {
  readonly file: string;
  /** Plain data, or undefined when the text is no single YAML document. */
  readonly value: unknown;
  readonly problems: readonly PolicyProblem[];
  /** A problem at the value at a path, or at the key itself. What is missing is shown at what should hold it. */
  problemAt(path: Path, message: string, hint: string, at?: 'key' | 'value'): PolicyProblem;
  /** The text as written of the scalar at a path (`011122223333` where the value is a number). */
  writtenAt(path: Path): string | undefined;
}

/**
 * Parses one policy file. Refused: syntax errors, duplicate keys, several documents, directives, unknown tags, and
 * anchors with their aliases (a reviewer must see the value where it is used, and a small file must stay small).
 */
export function parseYaml(file: string, text: string): YamlFile {
  const counter = new LineCounter();
  const fail = (offset: number, message: string, hint: string): YamlFile => {
    const { line, col } = offset < 0 ? { line: 1, col: 1 } : position(counter, offset);
    return unusable(file, [{ file, line, column: col, path: '', message, hint }]);
  };
  if (text.length > MAX_BYTES)
    return fail(
      -1,
      'the file is larger than one megabyte',
      'a policy is a few kilobytes; split nothing, remove data',
    );
  if (tooDeep(text))
    return fail(-1, `more than ${MAX_DEPTH} levels are nested`, 'write the rule with fewer levels');
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: counter,
      prettyErrors: false,
      schema: 'core',
      stringKeys: false,
    });
    const [document, second] = documents;
    if (!(document instanceof Document)) return fail(-1, 'the file is empty', 'start with "version: 1"');
    const problems = documents.flatMap((d) => syntaxProblems(file, counter, d.errors.concat(d.warnings)));
    if (second !== undefined && problems.length === 0) {
      return fail(
        second.range[0],
        'a second document starts here',
        'keep one document and remove the line "---"',
      );
    }
    problems.push(...refusedFeatures(file, counter, document));
    if (problems.length > 0) return unusable(file, problems);
    if (document.contents === null) return fail(-1, 'the file is empty', 'start with "version: 1"');
    return usable(file, counter, document);
  } catch (error) {
    return fail(
      -1,
      `the file cannot be read as YAML: ${messageOf(error)}`,
      'write plain maps, lists and text',
    );
  }
}

/** A file that could not be read at all. */
export function unreadableFile(file: string, message: string, hint: string): YamlFile {
  return unusable(file, [{ file, line: 1, column: 1, path: '', message, hint }]);
}

function unusable(file: string, problems: readonly PolicyProblem[]): YamlFile {
  return {
    file,
    value: undefined,
    problems,
    problemAt: (path, message, hint) => ({ file, line: 1, column: 1, path: pathText(path), message, hint }),
    writtenAt: () => undefined,
  };
}

function usable(file: string, counter: LineCounter, document: Document.Parsed): YamlFile {
  return {
    file,
    value: document.toJS({ maxAliasCount: 0 }),
    problems: [],
    problemAt: (path, message, hint, at = 'value') => {
      const { line, col } = position(counter, offsetOf(document, path, at));
      return { file, line, column: col, path: pathText(path), message, hint };
    },
    writtenAt: (path) => {
      const node = nodeAt(document, path);
      return isScalar(node) && typeof node.source === 'string' ? node.source : undefined;
    },
  };
}

function position(counter: LineCounter, offset: number): { readonly line: number; readonly col: number } {
  const { line, col } = counter.linePos(offset);
  return line > 0 && col > 0 ? { line, col } : { line: 1, col: 1 };
}

const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  DUPLICATE_KEY: 'write each key once',
  BAD_INDENT: 'line the keys of one map up under each other',
  MULTILINE_IMPLICIT_KEY: 'look for a missing colon, dash or quote just above',
  MISSING_CHAR: 'close the bracket, brace or quote that was opened',
  BLOCK_AS_IMPLICIT_KEY: 'look for a missing space after a colon or a wrong indentation',
  TAG_RESOLVE_FAILED: 'write plain values without "!" tags',
};

function syntaxProblems(file: string, counter: LineCounter, errors: readonly YAMLError[]): PolicyProblem[] {
  return errors.map((error) => {
    const { line, col } = position(counter, error.pos[0]);
    const hint = HINTS[error.code] ?? 'write it as plain YAML: "key: value", lists with "- "';
    return { file, line, column: col, path: '', message: error.message.split('\n')[0] ?? error.code, hint };
  });
}

const WRITE_OUT = 'write the value out where it is used';

function refusedFeatures(file: string, counter: LineCounter, document: Document.Parsed): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const refuse = (offset: number, message: string, hint: string): void => {
    const { line, col } = position(counter, offset);
    problems.push({ file, line, column: col, path: '', message, hint });
  };
  if (document.directives?.yaml.explicit === true)
    refuse(0, 'a %YAML directive is not accepted', 'remove the line; YAML 1.2 is assumed');
  visit(document, {
    Node: (_key, node) => {
      const at = node.range?.[0] ?? 0;
      if (isAlias(node)) refuse(at, `the alias *${node.source} is not accepted`, WRITE_OUT);
      else if (node.anchor !== undefined) refuse(at, `the anchor &${node.anchor} is not accepted`, WRITE_OUT);
      if (isScalar(node) && typeof node.value === 'string' && !node.value.isWellFormed())
        refuse(at, 'half of a surrogate pair is no character', 'remove the \\ud... escape');
    },
  });
  return problems;
}

/** Nesting by brackets or by indentation, counted roughly before anything recursive sees the text. */
function tooDeep(text: string): boolean {
  let open = 0;
  for (const character of text) {
    if (character === '[' || character === '{') open += 1;
    if (character === ']' || character === '}') open = Math.max(0, open - 1);
    if (open > MAX_DEPTH) return true;
  }
  return /^(?:[ ]*[-?:][ ]){61}/m.test(text) || /^ {480}/m.test(text);
}

function nodeAt(document: Document.Parsed, path: Path): Node | undefined {
  let node: unknown = document.contents;
  for (const part of path) {
    node = child(node, part);
  }
  return isScalar(node) || isMap(node) || isSeq(node) ? node : undefined;
}

function child(node: unknown, part: string | number): unknown {
  if (isMap(node)) return node.items.find((pair) => keyText(pair.key) === String(part))?.value;
  return isSeq(node) ? node.items[Number(part)] : undefined;
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function offsetOf(document: Document.Parsed, path: Path, at: 'key' | 'value'): number {
  const parent = nodeAt(document, path.slice(0, -1));
  const last = path.at(-1);
  if (last !== undefined && isMap(parent)) {
    const pair = parent.items.find((candidate) => keyText(candidate.key) === String(last));
    const key = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
    const value = nodeAt(document, path)?.range?.[0];
    const found = at === 'key' ? key : (value ?? key);
    if (found !== undefined) return found;
  }
  const own = nodeAt(document, path)?.range?.[0];
  if (own !== undefined) return own;
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1), 'key');
}
