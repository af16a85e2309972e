import { canonical } from '../../domain/canonical.ts';
import type { Difference } from './difference.ts';
import { changes, type DirectionRow, directionOf, type Meaning } from './direction.ts';
import { shown } from './shown.ts';

/** The segment under which the table of directions has what is in a list. */
export const ELEMENT = '[]';

type Path = readonly string[];
type Fields = Readonly<Record<string, unknown>>;

/**
 * Every difference between two values of a policy, down to single keys. Maps are compared key by key, lists of things
 * with ids and lists of steps as maps of them, other lists by what is in them. Values that differ always give at least
 * one difference, be it only that the same is written in another order or way.
 */
export function compare(
  path: Path,
  before: unknown,
  after: unknown,
  rows: readonly DirectionRow[],
): Difference[] {
  if (isSame(before, after)) return [];
  const found = within(path, before, after, rows);
  return found.length > 0 ? found : [rewritten(path, before, after)];
}

/** Two texts for one thing. */
export function rewritten(path: Path, before: unknown, after: unknown): Difference {
  return difference(path, before, after, changes('the same is written in another way'));
}

const REORDERED = changes('the same in another order; where the first that fits counts, that decides');

function within(path: Path, before: unknown, after: unknown, rows: readonly DirectionRow[]): Difference[] {
  if (isFields(before) && isFields(after)) return ofFields(path, before, after, rows);
  if (Array.isArray(before) || Array.isArray(after)) {
    if (before !== undefined && after !== undefined)
      return ofLists(path, listOf(before), listOf(after), rows);
  }
  return [difference(path, before, after, directionOf(rows, path)(before, after))];
}

function ofFields(path: Path, before: Fields, after: Fields, rows: readonly DirectionRow[]): Difference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => compare([...path, key], own(before, key), own(after, key), rows));
}

function ofLists(
  path: Path,
  before: readonly unknown[],
  after: readonly unknown[],
  rows: readonly DirectionRow[],
): Difference[] {
  const [was, is] = [named(path, before), named(path, after)];
  if (was !== undefined && is !== undefined) {
    const order = inOrder(Object.keys(was), Object.keys(is)) ? [] : [reordered(path, was, is)];
    return [...ofFields(path, was, is, rows), ...order];
  }
  const { removed, added, kept } = parted(before, after);
  const direction = directionOf(rows, [...path, ELEMENT]);
  const order = inOrder(kept, texts(after)) ? [] : [difference(path, before, after, REORDERED)];
  return [
    ...removed.map((each) => difference(path, each, undefined, direction(each, undefined))),
    ...added.map((each) => difference(path, undefined, each, direction(undefined, each))),
    ...order,
  ];
}

function reordered(path: Path, was: Fields, is: Fields): Difference {
  return difference(path, Object.keys(was), Object.keys(is), REORDERED);
}

/** What names the things in a list, where that is not an id. */
const NAMES: Readonly<Record<string, string>> = {
  'breakGlass.roles': 'name',
  'breakGlass.emergencyIdentities': 'arn',
};

/** A list as a map, where each of its things has a name of its own: an id, or the kind of a step. */
function named(path: Path, list: readonly unknown[]): Fields | undefined {
  const key = NAMES[path.join('.')] ?? 'id';
  const entries = list.map((each) => entryOf(each, key));
  if (!entries.every((entry) => entry !== undefined)) return undefined;
  const map = new Map(entries);
  return map.size === list.length ? Object.fromEntries(map) : undefined;
}

const STEPS = ['notify', 'tag', 'rotate', 'disable', 'delete'];

function entryOf(each: unknown, named: string): [string, unknown] | undefined {
  if (typeof each === 'string') return STEPS.includes(each) ? [each, {}] : undefined;
  if (!isFields(each)) return undefined;
  const { [named]: id, ...rest } = each;
  if (typeof id === 'string') return [id, rest];
  const [key, ...others] = Object.keys(each);
  return key !== undefined && others.length === 0 && STEPS.includes(key) ? [key, each[key]] : undefined;
}

/** What only one list has, and what both have, each as often as it is there. */
function parted(before: readonly unknown[], after: readonly unknown[]) {
  const left = texts(after);
  const kept: string[] = [];
  const removed = before.filter((each) => {
    const index = left.indexOf(canonical(each));
    if (index < 0) return true;
    kept.push(...left.splice(index, 1));
    return false;
  });
  const added = after.filter((each) => {
    const index = left.indexOf(canonical(each));
    if (index < 0) return false;
    left.splice(index, 1);
    return true;
  });
  return { removed, added, kept };
}

/** Whether those of `wanted` that are in `list` come there in the same order. */
function inOrder(wanted: readonly string[], list: readonly string[]): boolean {
  const common = wanted.filter((each) => list.includes(each));
  const there = list.filter((each) => common.includes(each));
  return common.every((each, index) => each === there[index]);
}

function texts(list: readonly unknown[]): string[] {
  return list.map((each) => canonical(each));
}

function difference(path: Path, before: unknown, after: unknown, { effect, means }: Meaning): Difference {
  return { at: path.join('.'), effect, means, before: shown(before), after: shown(after) };
}

/** One value may stand for a list of one. */
function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** Undefined and left out are the same. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonical(a) === canonical(b);
}
