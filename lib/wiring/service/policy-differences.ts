import type { Difference } from '../../api/index.ts';
import { canonical } from '../../domain/canonical.ts';
import { TIERS } from '../../domain/step.ts';
import { durationMs, durationSchema } from '../../domain/time.ts';
import type { Policy } from '../../policy/index.ts';

type Effect = Difference['effect'];
type Versions = Pick<Policy, 'document' | 'directory'>;

/** What grows with these lets the janitor, or those who ask, do more. */
const MORE_LOOSENS = [
  'perAccountPerDay',
  'perOrganisationPerDay',
  'percentOfKind',
  'atLeast',
  'validFor',
  'maxAge',
  'reviewEvery',
  'longest',
  'routineUpTo',
  'exemptAtMost',
  'decideWithin',
  'pending',
];
/** What grows with these makes the janitor wait, or asks more people. */
const MORE_TIGHTENS = ['wait', 'quorum', 'unusedFor', 'olderThan', 'lastUsedLag', 'restoreHold'];

const ABSENT = '(absent)';

/**
 * What a new version of the policy changes, each place with what was there and what will be. Whether it loosens or
 * tightens is said only where that is certain; everything else changes, and an approver reads what.
 */
export function policyDifferences(before: Versions, after: Versions): readonly Difference[] {
  const from = leavesOf({ ...before.document, directory: nameless(before.directory) });
  const to = leavesOf({ ...after.document, directory: nameless(after.directory) });
  const places = [...new Set([...from.keys(), ...to.keys()])].sort();
  return places.flatMap((at) => {
    const [was, is] = [from.get(at), to.get(at)];
    if (was === is) return [];
    return [{ at, effect: effectOf(at, was, is), before: was ?? ABSENT, after: is ?? ABSENT }];
  });
}

/** Names are for people to read and in no record. */
function nameless(directory: Policy['directory']) {
  return { ...directory, people: directory.people.map(({ name: _name, ...person }) => person) };
}

/** Every place of a document with its value as text; items of a list stand under their id where they have one. */
function leavesOf(value: unknown, at = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[at, canonical(value)]]);
  const parts = Array.isArray(value) ? value.map(named) : Object.entries(value);
  const leaves = parts.flatMap(([key, part]) => [...leavesOf(part, at === '' ? key : `${at}.${key}`)]);
  return new Map(leaves);
}

function named(item: unknown, index: number): [string, unknown] {
  if (typeof item !== 'object' || item === null) return [canonical(item), item];
  if ('id' in item && typeof item.id === 'string') return [item.id, item];
  const [only, ...others] = Object.keys(item);
  return [only !== undefined && others.length === 0 ? only : String(index), item];
}

function effectOf(at: string, was: string | undefined, is: string | undefined): Effect {
  const path = at.split('.');
  const key = path.at(-1) ?? '';
  if (path[0] === 'enforce') return directionOf(was === undefined, is === undefined);
  if (path[0] === 'protect') return reversed(directionOf(was === undefined, is === undefined));
  if (key === 'mode') return is === '"enforce"' ? 'loosens' : 'tightens';
  if (key === 'tier') return grown(tierOf(was), tierOf(is), 'tightens');
  if (MORE_LOOSENS.includes(key) || path.includes('routine'))
    return grown(amountOf(was), amountOf(is), 'loosens');
  return MORE_TIGHTENS.includes(key) ? grown(amountOf(was), amountOf(is), 'tightens') : 'changes';
}

function directionOf(isAdded: boolean, isRemoved: boolean): Effect {
  if (isAdded) return 'loosens';
  return isRemoved ? 'tightens' : 'changes';
}

function reversed(effect: Effect): Effect {
  if (effect === 'changes') return effect;
  return effect === 'loosens' ? 'tightens' : 'loosens';
}

function grown(was: number | undefined, is: number | undefined, effect: Exclude<Effect, 'changes'>): Effect {
  if (was === undefined || is === undefined || was === is) return 'changes';
  return is > was ? effect : reversed(effect);
}

function tierOf(text: string | undefined): number | undefined {
  const place = TIERS.findIndex((tier) => text === canonical(tier));
  return place < 0 ? undefined : place;
}

/** A number, or a duration in milliseconds. */
function amountOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  if (typeof value === 'number') return value;
  const duration = durationSchema.safeParse(value);
  return duration.success ? durationMs(duration.data) : undefined;
}
