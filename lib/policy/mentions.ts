import { nameHint } from './nearest.ts';
import type { Path, PolicyProblem } from './problem.ts';
import { valueAt } from './schema-problems.ts';
import type { YamlFile } from './yaml-document.ts';

/** A text somewhere in a file. */
export interface Mention {
  readonly path: Path;
  readonly text: string;
}

/** What directory.yaml offers for others to name. */
export interface Names {
  readonly people: readonly string[];
  readonly groups: readonly string[];
  readonly reachable: readonly string[];
  readonly parties: readonly string[];
  /** Mail address to the id it belongs to, for the hint. */
  readonly byMail: ReadonlyMap<string, string>;
}

export function namesOf(directory: YamlFile): Names {
  const people = mentions(directory.value, ['people', '*', 'id']).map(({ text }) => text);
  const groups = keysAt(directory.value, ['groups']);
  const withMail = groups.filter(
    (id) => typeof valueAt(directory.value, ['groups', id, 'mail']) === 'string',
  );
  const mails = mentions(directory.value, ['people', '*', 'mail']).map(({ text, path }) => {
    const id = valueAt(directory.value, [...path.slice(0, -1), 'id']);
    return [text, typeof id === 'string' ? id : ''] as const;
  });
  return {
    people,
    groups,
    reachable: [...people, ...withMail],
    parties: mentions(directory.value, ['externalParties', '*', 'id']).map(({ text }) => text),
    byMail: new Map(mails),
  };
}

export function duplicates(file: YamlFile, found: readonly Mention[], what: string): PolicyProblem[] {
  const seen = new Set<string>();
  return found.flatMap(({ text, path }) => {
    const folded = text.toLowerCase();
    if (!seen.has(folded)) {
      seen.add(folded);
      return [];
    }
    return [
      file.problemAt(
        path,
        `the ${what} "${text}" occurs twice`,
        'one of them needs another name or has to go',
      ),
    ];
  });
}

export function unknown(
  file: YamlFile,
  found: readonly Mention[],
  known: readonly string[],
  what: string,
  names: Names,
): PolicyProblem[] {
  return found
    .filter(({ text }) => !known.includes(text))
    .map(({ text, path }) => {
      const id = names.byMail.get(text);
      const hint =
        id === undefined ? nameHint(text, known, 'known are') : `write the id "${id}", not the address`;
      return file.problemAt(path, `directory.yaml has no ${what} "${text}"`, hint);
    });
}

/** Texts at a path in which `*` stands for every item of a list or every value of a map. */
export function mentions(value: unknown, pattern: readonly string[], at: Path = []): Mention[] {
  const [part, ...rest] = pattern;
  if (part === undefined) return typeof value === 'string' ? [{ path: at, text: value }] : [];
  if (part !== '*') return mentions(valueAt(value, [part]), rest, [...at, part]);
  if (Array.isArray(value)) return value.flatMap((item, index) => mentions(item, rest, [...at, index]));
  return keysAt(value, []).flatMap((key) => mentions(valueAt(value, [key]), rest, [...at, key]));
}

export function keysAt(value: unknown, path: Path): string[] {
  const map = valueAt(value, path);
  return typeof map === 'object' && map !== null && !Array.isArray(map) ? Object.keys(map) : [];
}
