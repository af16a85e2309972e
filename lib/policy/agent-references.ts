import { isTheirs, withoutRolePath } from './callers.ts';
import { duplicates, type Mention, mentions, type Names, unknown } from './mentions.ts';
import type { PolicyProblem } from './problem.ts';
import { valueAt } from './schema-problems.ts';
import type { YamlFile } from './yaml-document.ts';

/** Agents that nobody answers for, and principals that are an agent and somebody else as well (G20). */
export function agentProblems(file: YamlFile, names: Names): PolicyProblem[] {
  const principals = mentions(file.value, ['agents', '*', 'principals', '*']);
  const sponsors = mentions(file.value, ['agents', '*', 'sponsor']);
  const sessions = principals.map(({ path, text }) => ({ path, text: withoutRolePath(text) }));
  return [
    ...unknown(file, sponsors, names.people, 'person', names),
    ...duplicates(file, sessions, 'principal of an agent'),
    ...principals.flatMap((principal) => sharedWith(file, principal)),
  ];
}

function sharedWith(file: YamlFile, { path, text }: Mention): PolicyProblem[] {
  const person = mentions(file.value, ['people', '*', 'principals', '*']).find(
    (own) => own.text.toLowerCase() === text.toLowerCase(),
  );
  if (person !== undefined) {
    const id = String(valueAt(file.value, [...person.path.slice(0, -2), 'id']));
    const message = `"${text}" is the person "${id}" already`;
    return [file.problemAt(path, message, 'give the agent a role of its own; it must never act as a person')];
  }
  const party = partyOf(file, text);
  if (party === undefined) return [];
  const message = `"${text}" belongs to the outside party "${party}" already`;
  return [file.problemAt(path, message, 'register agents of ours only; a party is known by its contract')];
}

function partyOf(file: YamlFile, arn: string): string | undefined {
  const accountId = arn.split(':')[4] ?? '';
  const parties = valueAt(file.value, ['externalParties']);
  const indexes = Array.isArray(parties) ? [...parties.keys()] : [];
  const found = indexes.find((index) => {
    const texts = (key: string): string[] =>
      mentions(file.value, ['externalParties', String(index), key, '*']).map(({ text }) => text);
    return isTheirs({ accounts: texts('accounts'), paths: texts('paths') }, accountId, arn);
  });
  return found === undefined ? undefined : String(valueAt(file.value, ['externalParties', found, 'id']));
}
