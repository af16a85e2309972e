import { nameHint } from './nearest.ts';
import type { Path, PolicyProblem } from './problem.ts';
import { valueAt } from './schema-problems.ts';
import type { YamlFile } from './yaml-document.ts';

/** A text somewhere in a file. */
interface Mention {
  readonly path: Path;
  readonly text: string;
}

/**
 * What schemas cannot see: names that nothing bears, names that two things bear, groups too small for their quorum.
 * Works on the plain data, so that one wrong key elsewhere does not hide these problems; a directory without people
 * is a problem of its own, and that none of them exists would only say it again.
 */
export function crossReferenceProblems(janitor: YamlFile, directory: YamlFile): PolicyProblem[] {
  const own = [
    ...duplicates(janitor, mentions(janitor.value, ['rules', '*', 'id']), 'rule'),
    ...unknownRules(janitor),
  ];
  if (!Array.isArray(valueAt(directory.value, ['people']))) return own;
  const names = namesOf(directory);
  return [
    ...own,
    ...directoryProblems(directory, names),
    ...(janitor.value === undefined ? [] : janitorProblems(janitor, directory, names)),
  ];
}

interface Names {
  readonly people: readonly string[];
  readonly groups: readonly string[];
  readonly reachable: readonly string[];
  readonly parties: readonly string[];
  /** Mail address to the id it belongs to, for the hint. */
  readonly byMail: ReadonlyMap<string, string>;
}

function namesOf(directory: YamlFile): Names {
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

function directoryProblems(file: YamlFile, names: Names): PolicyProblem[] {
  const ids = mentions(file.value, ['people', '*', 'id']).concat(
    mentions(file.value, ['externalParties', '*', 'id']),
  );
  const groupIds = names.groups.map((text) => ({ text, path: ['groups', text] }));
  const owners = [
    ...mentions(file.value, ['owners', 'default']),
    ...mentions(file.value, ['owners', 'paths', '*', 'owner']),
    ...mentions(file.value, ['accounts', '*', 'owner']),
  ];
  return [
    ...duplicates(file, [...groupIds, ...ids], 'id'),
    ...duplicates(file, mentions(file.value, ['people', '*', 'mail']), 'mail address'),
    ...duplicates(file, mentions(file.value, ['people', '*', 'principals', '*']), 'principal'),
    ...duplicates(file, mentions(file.value, ['accounts', '*', 'id']), 'account'),
    ...duplicates(file, mentions(file.value, ['externalParties', '*', 'accounts', '*']), 'outside account'),
    ...unknown(file, mentions(file.value, ['groups', '*', 'members', '*']), names.people, 'person', names),
    ...unknown(
      file,
      mentions(file.value, ['externalParties', '*', 'sponsor']),
      names.people,
      'person',
      names,
    ),
    ...unreachable(file, owners, names),
  ];
}

function janitorProblems(file: YamlFile, directory: YamlFile, names: Names): PolicyProblem[] {
  const owners = [...mentions(file.value, ['riskOwner']), ...mentions(file.value, ['rules', '*', 'owner'])];
  const tiers = ['guarded', 'critical', 'policy'];
  const groups = tiers.flatMap((tier) => mentions(file.value, ['approvals', tier, 'group']));
  const known = [...names.people, ...names.groups, ...names.parties, 'unresolved'];
  return [
    ...unreachable(file, owners, names),
    ...unknown(file, groups, names.groups, 'group', names),
    ...tiers.flatMap((tier) => quorumProblems(file, directory, tier)),
    ...unknown(file, matchMentions(file.value, 'owner'), known, 'person or group', names),
    ...unknown(
      file,
      matchMentions(file.value, 'outsideParty'),
      [...names.parties, 'contract-ended'],
      'outside party',
      names,
    ),
    ...unknownOus(file, directory),
  ];
}

function unknownRules(file: YamlFile): PolicyProblem[] {
  const rules = mentions(file.value, ['rules', '*', 'id']).map(({ text }) => text);
  return mentions(file.value, ['enforce', '*', 'rules', '*'])
    .filter(({ text }) => !rules.includes(text))
    .map(({ text, path }) =>
      file.problemAt(path, `there is no rule "${text}"`, nameHint(text, rules, 'rules')),
    );
}

function unknownOus(file: YamlFile, directory: YamlFile): PolicyProblem[] {
  const ous = [...new Set(mentions(directory.value, ['accounts', '*', 'ou']).map(({ text }) => text))];
  return mentions(file.value, ['enforce', '*', 'ous', '*'])
    .filter(({ text }) => !ous.includes(text))
    .map(({ text, path }) =>
      file.problemAt(
        path,
        `no account of directory.yaml lies in "${text}"`,
        nameHint(text, ous, 'ous of accounts'),
      ),
    );
}

function quorumProblems(file: YamlFile, directory: YamlFile, tier: string): PolicyProblem[] {
  const group = valueAt(file.value, ['approvals', tier, 'group']);
  const quorum = valueAt(file.value, ['approvals', tier, 'quorum']);
  if (typeof group !== 'string' || typeof quorum !== 'number') return [];
  const members = valueAt(directory.value, ['groups', group, 'members']);
  if (!Array.isArray(members)) return [];
  const persons = new Set(members).size;
  if (persons >= quorum) return [];
  const message = `asks for ${quorum} approvers, but the group "${group}" has ${persons}`;
  return [
    file.problemAt(['approvals', tier, 'quorum'], message, 'add members to the group, or lower the quorum'),
  ];
}

function duplicates(file: YamlFile, found: readonly Mention[], what: string): PolicyProblem[] {
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

function unknown(
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

/** Owners have to be people, or groups with an address. */
function unreachable(file: YamlFile, found: readonly Mention[], names: Names): PolicyProblem[] {
  const mute = found.filter(({ text }) => names.groups.includes(text) && !names.reachable.includes(text));
  const strange = found.filter(({ text }) => !names.groups.includes(text));
  return [
    ...mute.map(({ text, path }) =>
      file.problemAt(
        path,
        `the group "${text}" has no mail address`,
        `add groups.${text}.mail to directory.yaml`,
      ),
    ),
    ...unknown(file, strange, names.reachable, 'person or group', names),
  ];
}

/** Texts at a path in which `*` stands for every item of a list or every value of a map. */
function mentions(value: unknown, pattern: readonly string[], at: Path = []): Mention[] {
  const [part, ...rest] = pattern;
  if (part === undefined) return typeof value === 'string' ? [{ path: at, text: value }] : [];
  if (part !== '*') return mentions(valueAt(value, [part]), rest, [...at, part]);
  if (Array.isArray(value)) return value.flatMap((item, index) => mentions(item, rest, [...at, index]));
  return keysAt(value, []).flatMap((key) => mentions(valueAt(value, [key]), rest, [...at, key]));
}

function keysAt(value: unknown, path: Path): string[] {
  const map = valueAt(value, path);
  return typeof map === 'object' && map !== null && !Array.isArray(map) ? Object.keys(map) : [];
}

/** Every value of a clause in any match, exclude or protection, however deep. */
function matchMentions(value: unknown, key: string): Mention[] {
  const roots: Path[] = [];
  for (const list of ['rules', 'protect']) {
    const items = valueAt(value, [list]);
    if (!Array.isArray(items)) continue;
    items.forEach((_item, index) => {
      roots.push([list, index, 'match'], [list, index, 'exclude']);
    });
  }
  return roots.flatMap((path) => clauseMentions(valueAt(value, path), key, path));
}

function clauseMentions(match: unknown, key: string, at: Path): Mention[] {
  const own = valueAt(match, [key]);
  const single = mentions(own, [], [...at, key]);
  const many = Array.isArray(own) ? mentions(own, ['*'], [...at, key]) : [];
  const nested = ['any', 'all'].flatMap((combination) => {
    const items = valueAt(match, [combination]);
    if (!Array.isArray(items)) return [];
    return items.flatMap((item, index) => clauseMentions(item, key, [...at, combination, index]));
  });
  const inner = valueAt(match, ['not']);
  return [
    ...single,
    ...many,
    ...nested,
    ...(inner === undefined ? [] : clauseMentions(inner, key, [...at, 'not'])),
  ];
}
