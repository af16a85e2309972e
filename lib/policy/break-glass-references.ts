import { duplicates, mentions, type Names, unknown } from './mentions.ts';
import type { PolicyProblem } from './problem.ts';
import { valueAt } from './schema-problems.ts';
import type { YamlFile } from './yaml-document.ts';

const ROLES = ['breakGlass', 'roles'] as const;

/** Persons and groups of the section `breakGlass` that do not exist, names that two roles bear, and reviews by nobody else. */
export function breakGlassProblems(file: YamlFile, directory: YamlFile, names: Names): PolicyProblem[] {
  const groups = [
    ...mentions(file.value, ['breakGlass', 'emergencyGroup']),
    ...['approvers', 'reviewers'].flatMap((key) => mentions(file.value, [...ROLES, '*', key])),
    ...mentions(file.value, [...ROLES, '*', 'eligible', '*']),
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
  ];
}

/** Nobody reviews what they used themselves, and what was marked takes two: a group of fewer than three may get stuck. */
function loneReviewers(file: YamlFile, directory: YamlFile): PolicyProblem[] {
  return mentions(file.value, [...ROLES, '*', 'reviewers']).flatMap(({ text, path }) => {
    const members = valueAt(directory.value, ['groups', text, 'members']);
    if (!Array.isArray(members) || new Set(members).size >= 3) return [];
    const message = `the group "${text}" has ${new Set(members).size} to review, and nobody reviews their own use`;
    return [file.problemAt(path, message, 'name a group of three or more')];
  });
}
