import { agentProblems } from './agent-references.ts';
import { breakGlassProblems } from './break-glass-references.ts';
import { duplicates, type Mention, mentions, type Names, namesOf, unknown } from './mentions.ts';
import { nameHint } from './nearest.ts';
import type { Path, PolicyProblem } from './problem.ts';
import { quorumProblems, requestProblems } from './request-references.ts';
import { valueAt } from './schema-problems.ts';
import type { YamlFile } from './yaml-document.ts';

/** Lists whose entries name the rules and units that they are about. */
const SCOPES = [['enforce'], ['requests', 'approvers'], ['requests', 'eligible']] as const;

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

function directoryProblems(file: YamlFile, names: Names): PolicyProblem[] {
  const ids = ['people', 'externalParties', 'agents'].flatMap((list) =>
    mentions(file.value, [list, '*', 'id']),
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
    ...agentProblems(file, names),
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
    ...tiers.flatMap((tier) => quorumProblems(file, directory, ['approvals', tier])),
    ...requestProblems(file, directory, names),
    ...breakGlassProblems(file, directory, names),
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
  return SCOPES.flatMap((scope) => mentions(file.value, [...scope, '*', 'rules', '*']))
    .filter(({ text }) => !rules.includes(text))
    .map(({ text, path }) =>
      file.problemAt(path, `there is no rule "${text}"`, nameHint(text, rules, 'rules')),
    );
}

function unknownOus(file: YamlFile, directory: YamlFile): PolicyProblem[] {
  const ous = [...new Set(mentions(directory.value, ['accounts', '*', 'ou']).map(({ text }) => text))];
  return SCOPES.flatMap((scope) => mentions(file.value, [...scope, '*', 'ous', '*']))
    .filter(({ text }) => !ous.includes(text))
    .map(({ text, path }) =>
      file.problemAt(
        path,
        `no account of directory.yaml lies in "${text}"`,
        nameHint(text, ous, 'ous of accounts'),
      ),
    );
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
