import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../domain/error.ts';
import type * as z from '../domain/zod.ts';
import { casesSchema } from './case-schema.ts';
import { readYaml } from './load.ts';
import { nameHint } from './nearest.ts';
import type { Policy } from './policy.ts';
import type { Path, PolicyProblem } from './problem.ts';
import { parseWith, valueAt } from './schema-problems.ts';
import { unreadableFile, type YamlFile } from './yaml-document.ts';

/** One file of cases as far as it can be read. */
export interface CaseTable {
  readonly file: YamlFile;
  readonly parsed: ReturnType<typeof parseWith<z.infer<typeof casesSchema>>> | undefined;
}

export async function readTables(dir: string): Promise<CaseTable[]> {
  const files = await caseFiles(path.join(dir, 'cases'));
  return files.map((file) => ({
    file,
    parsed: file.value === undefined ? undefined : parseWith(file, casesSchema),
  }));
}

async function caseFiles(folder: string): Promise<YamlFile[]> {
  try {
    const names = await readdir(folder);
    const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
    return await Promise.all(files.map((name) => readYaml(path.join(folder, name))));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    return [unreadableFile(folder, messageOf(error), 'make it a folder of YAML files that can be read')];
  }
}

/** `rules` is undefined when nobody can tell which there are. */
export function problemsOfTables(
  tables: readonly CaseTable[],
  rules: readonly string[] | undefined,
): PolicyProblem[] {
  return tables.flatMap(({ file, parsed }) => [
    ...file.problems,
    ...(parsed?.ok === false ? parsed.problems : []),
    ...misnamed(file, rules),
  ]);
}

export function ruleIdsOf(policy: Policy): string[] {
  return policy.document.rules.map((rule) => rule.id);
}

/** The rules an invalid policy means to have, so that its cases can be checked all the same. */
export async function writtenRuleIds(dir: string): Promise<string[] | undefined> {
  const rules = valueAt((await readYaml(path.join(dir, 'janitor.yaml'))).value, ['rules']);
  if (!Array.isArray(rules)) return undefined;
  return rules.map((rule) => valueAt(rule, ['id'])).filter((id) => typeof id === 'string');
}

/** What the schema of a case cannot see. On the plain data: a wrong key elsewhere does not hide these problems. */
function misnamed(file: YamlFile, rules: readonly string[] | undefined): PolicyProblem[] {
  const cases = valueAt(file.value, ['cases']);
  if (!Array.isArray(cases)) return [];
  return cases.flatMap((one, index) => {
    const at = ['cases', index];
    const rule = valueAt(one, ['rule']);
    const isMap = typeof one === 'object' && one !== null && !Array.isArray(one);
    const kind = valueAt(one, ['credential']);
    const own: PolicyProblem[] = [];
    if (isMap && rule === undefined && kind === undefined)
      own.push(file.problemAt([...at, 'rule'], 'names neither rule nor credential', 'add rule: with its id'));
    if (rule !== undefined && kind !== undefined)
      own.push(
        file.problemAt(
          [...at, 'credential'],
          'says the kind twice',
          'the rule says it already; remove credential',
        ),
      );
    const unknown = [['rule'], ['expect', 'rule']].flatMap((key) => noRule(file, [...at, ...key], rules));
    return [...own, ...unknown];
  });
}

function noRule(file: YamlFile, at: Path, rules: readonly string[] | undefined): PolicyProblem[] {
  const written = valueAt(file.value, at);
  if (rules === undefined || typeof written !== 'string' || rules.includes(written)) return [];
  return [file.problemAt(at, `there is no rule "${written}"`, nameHint(written, rules, 'the rules are'))];
}
