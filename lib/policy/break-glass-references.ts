import { duplicates, mentions, type Names, unknown } from './mentions.ts';
import type { PolicyProblem } from './problem.ts';
import { valueAt } from './schema-problems.ts';
import type { YamlFile } from './yaml-document.ts';

const ROLES = ['breakGlass', 'roles'] as const;
const IDENTITIES = ['breakGlass', 'emergencyIdentities'] as const;

/** Persons and groups of the section `breakGlass` that do not exist, names that two of them bear, and reviews by nobody else. */
export function breakGlassProblems(file: YamlFile, directory: YamlFile, names: Names): PolicyProblem[] {
  const groups = [
    ...mentions(file.value, ['breakGlass', 'emergencyGroup']),
    ...['approvers', 'reviewers'].flatMap((key) => mentions(file.value, [...ROLES, '*', key])),
    ...mentions(file.value, [...ROLES, '*', 'eligible', '*']),
    ...['custodians', 'reviewers'].flatMap((key) => mentions(file.value, [...IDENTITIES, '*', key])),
  ];
  const people = [
    ...mentions(file.value, [...ROLES, '*', 'onCall', 'people', '*']),
    ...mentions(file.value, [...ROLES, '*', 'onCall', 'schedule', '*', 'person']),
  ];
  return [
    ...duplicates(file, mentions(file.value, [...ROLES, '*', 'name']), 'break-glass role'),
    ...unknown(file, groups, names.groups, 'group', names),
    ...unknown(file, people, names.people, 'person', names),
    ...loneReviewers(file, directory),
    ...duplicates(file, mentions(file.value, [...IDENTITIES, '*', 'arn']), 'emergency identity'),
    ...custodiansOnly(file, directory),
  ];
}

/** A custodian may be the one who used it. */
function custodiansOnly(file: YamlFile, directory: YamlFile): PolicyProblem[] {
  return mentions(file.value, [...IDENTITIES, '*', 'reviewers']).flatMap(({ text, path }) => {
    const custodians = valueAt(file.value, [...path.slice(0, -1), 'custodians']);
    const reviewing = membersIn(directory, text);
    const keeping = typeof custodians === 'string' ? membersIn(directory, custodians) : undefined;
    if (reviewing === undefined || keeping === undefined) return [];
    if (reviewing.some((member) => !keeping.includes(member))) return [];
    const message = `everybody of the group "${text}" is a custodian, and nobody reviews what they may have used`;
    return [file.problemAt(path, message, 'name a group with somebody else in it')];
  });
}

function membersIn(directory: YamlFile, group: string): readonly unknown[] | undefined {
  const members = valueAt(directory.value, ['groups', group, 'members']);
  return Array.isArray(members) ? members : undefined;
}

/** Nobody reviews what they used themselves, and what was marked takes two: a group of fewer than three may get stuck. */
function loneReviewers(file: YamlFile, directory: YamlFile): PolicyProblem[] {
  return mentions(file.value, [...ROLES, '*', 'reviewers']).flatMap(({ text, path }) => {
    const members = membersIn(directory, text);
    if (members === undefined || new Set(members).size >= 3) return [];
    const message = `the group "${text}" has ${new Set(members).size} to review, and nobody reviews their own use`;
    return [file.problemAt(path, message, 'name a group of three or more')];
  });
}
