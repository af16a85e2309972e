import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../domain/error.ts';
import { crossReferenceProblems } from './cross-references.ts';
import { directorySchema } from './directory-schema.ts';
import { janitorSchema } from './janitor-schema.ts';
import { type Policy, policyOf } from './policy.ts';
import { inOrder, type PolicyProblem, policyInvalid } from './problem.ts';
import { parseWith } from './schema-problems.ts';
import { parseYaml, unreadableFile, type YamlFile } from './yaml-document.ts';

export type PolicyCheck =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Every problem of both files of a policy folder at once, or the policy. Throws nothing whatever the files hold (I20). */
export async function checkPolicy(dir: string): Promise<PolicyCheck> {
  const [janitor, directory] = await Promise.all([
    readYaml(path.join(dir, 'janitor.yaml')),
    readYaml(path.join(dir, 'directory.yaml')),
  ]);
  return checkFiles(janitor, directory);
}

/** The policy of a folder; throws `policy-invalid` with `details.problems`. */
export async function loadPolicy(dir: string): Promise<Policy> {
  const checked = await checkPolicy(dir);
  if (checked.ok) return checked.policy;
  throw policyInvalid(checked.problems);
}

/** The same on texts in memory, for editors, tests and fuzzing. */
export function checkPolicyTexts(janitor: string, directory: string): PolicyCheck {
  return checkFiles(parseYaml('janitor.yaml', janitor), parseYaml('directory.yaml', directory));
}

function checkFiles(janitor: YamlFile, directory: YamlFile): PolicyCheck {
  const document = janitor.value === undefined ? undefined : parseWith(janitor, janitorSchema);
  const people = directory.value === undefined ? undefined : parseWith(directory, directorySchema);
  const problems = [
    ...janitor.problems,
    ...directory.problems,
    ...(document?.ok === false ? document.problems : []),
    ...(people?.ok === false ? people.problems : []),
    ...crossReferenceProblems(janitor, directory),
  ];
  if (problems.length === 0 && document?.ok === true && people?.ok === true) {
    return { ok: true, policy: policyOf(document.value, people.value) };
  }
  return { ok: false, problems: inOrder(problems) };
}

/** Reads and parses one file; that it cannot be read is a problem of the policy like any other. */
export async function readYaml(file: string): Promise<YamlFile> {
  try {
    return parseYaml(file, await readFile(file, 'utf8'));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const message = missing ? 'the file is missing' : `the file cannot be read: ${messageOf(error)}`;
    return unreadableFile(
      file,
      message,
      'name the folder that holds janitor.yaml and directory.yaml with --policy',
    );
  }
}
