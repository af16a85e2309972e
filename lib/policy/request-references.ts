import { mentions, type Names, unknown } from './mentions.ts';
import type { Path, PolicyProblem } from './problem.ts';
import { valueAt } from './schema-problems.ts';
import type { YamlFile } from './yaml-document.ts';

/** Groups of the section `requests` that do not exist, or are too small for what they are to decide. */
export function requestProblems(file: YamlFile, directory: YamlFile, names: Names): PolicyProblem[] {
  const groups = [
    ...mentions(file.value, ['requests', 'approvers', '*', 'group']),
    ...mentions(file.value, ['requests', 'eligible', '*', 'groups', '*']),
    ...mentions(file.value, ['requests', 'challenges', 'group']),
  ];
  const approvers = valueAt(file.value, ['requests', 'approvers']);
  const entries = Array.isArray(approvers) ? approvers.keys() : [];
  return [
    ...unknown(file, groups, names.groups, 'group', names),
    ...[...entries].flatMap((index) => quorumProblems(file, directory, ['requests', 'approvers', index])),
    ...emptyGroup(file, directory),
  ];
}

/** A group that has fewer members than it is to have approvers, at the map that names both. */
export function quorumProblems(file: YamlFile, directory: YamlFile, at: Path): PolicyProblem[] {
  const group = valueAt(file.value, [...at, 'group']);
  const quorum = valueAt(file.value, [...at, 'quorum']);
  if (typeof group !== 'string' || typeof quorum !== 'number') return [];
  const persons = sizeOf(directory, group);
  if (persons === undefined || persons >= quorum) return [];
  const message = `asks for ${quorum} approvers, but the group "${group}" has ${persons}`;
  return [file.problemAt([...at, 'quorum'], message, 'add members to the group, or lower the quorum')];
}

function emptyGroup(file: YamlFile, directory: YamlFile): PolicyProblem[] {
  const at = ['requests', 'challenges', 'group'];
  const group = valueAt(file.value, at);
  if (typeof group !== 'string' || sizeOf(directory, group) !== 0) return [];
  return [file.problemAt(at, `the group "${group}" has nobody to decide`, 'add members to the group')];
}

function sizeOf(directory: YamlFile, group: string): number | undefined {
  const members = valueAt(directory.value, ['groups', group, 'members']);
  return Array.isArray(members) ? new Set(members).size : undefined;
}
