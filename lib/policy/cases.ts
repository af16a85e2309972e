import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../domain/error.ts';
import type { Finding, Judgement } from '../domain/verdict.ts';
import { credentialOfCase, historyOfCase, instantOf } from './case-input.ts';
import { casesSchema, type PolicyCase } from './case-schema.ts';
import { compilePolicy } from './judge.ts';
import { loadPolicy, readYaml } from './load.ts';
import { nameHint } from './nearest.ts';
import type { Policy } from './policy.ts';
import { type PolicyProblem, policyInvalid } from './problem.ts';
import { parseWith } from './schema-problems.ts';
import type { YamlFile } from './yaml-document.ts';

type Expected = PolicyCase['expect'];

/** One case, what it expected and what the policy says, as far as the case asks. */
export interface CaseResult {
  readonly file: string;
  readonly name: string;
  readonly ok: boolean;
  readonly expected: Expected;
  readonly got: { readonly [K in keyof Expected]?: Expected[K] | undefined };
  readonly reasons: readonly string[];
}

/**
 * Runs every case in the folder `cases` of a policy folder against that policy. Throws `policy-invalid` when the
 * policy or a file of cases is; a folder without cases has none.
 */
export async function runPolicyCases(dir: string): Promise<{ readonly cases: readonly CaseResult[] }> {
  const policy = await loadPolicy(dir);
  const files = await Promise.all((await caseFiles(path.join(dir, 'cases'))).map(readYaml));
  const problems: PolicyProblem[] = [];
  const results: CaseResult[] = [];
  for (const file of files) {
    const parsed = file.value === undefined ? undefined : parseWith(file, casesSchema);
    const wrong =
      parsed === undefined
        ? file.problems
        : parsed.ok
          ? misnamed(file, parsed.value.cases, policy)
          : parsed.problems;
    problems.push(...wrong);
    if (parsed?.ok === true && wrong.length === 0)
      results.push(...parsed.value.cases.map((one) => run(policy, file.file, one)));
  }
  if (problems.length > 0) throw policyInvalid(problems);
  return { cases: results };
}

async function caseFiles(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => path.join(folder, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    const hint = 'make it a folder of YAML files that can be read';
    throw policyInvalid([{ file: folder, line: 1, column: 1, path: '', message: messageOf(error), hint }]);
  }
}

function misnamed(file: YamlFile, cases: readonly PolicyCase[], policy: Policy): PolicyProblem[] {
  const rules = policy.document.rules.map((rule) => rule.id);
  return cases.flatMap((one, index) => {
    const at = (key: string, message: string, hint: string) => [
      file.problemAt(['cases', index, key], message, hint),
    ];
    if (one.rule === undefined && one.credential === undefined)
      return at('rule', 'names neither rule nor credential', 'add rule: with its id');
    if (one.rule !== undefined && one.credential !== undefined)
      return at('credential', 'says the kind twice', 'the rule says it already; remove credential');
    if (one.rule !== undefined && !rules.includes(one.rule))
      return at('rule', `there is no rule "${one.rule}"`, nameHint(one.rule, rules, 'rules'));
    return [];
  });
}

/** Judges one case. A case that names a rule is judged by that rule alone. */
function run(policy: Policy, file: string, one: PolicyCase): CaseResult {
  const rule = policy.document.rules.find((candidate) => candidate.id === one.rule);
  const judged = rule === undefined ? policy : { ...policy, document: { ...policy.document, rules: [rule] } };
  const now = instantOf(one.now, '1970-01-01T00:00:00.000Z');
  const kind = rule?.credential ?? one.credential ?? 'access-key';
  const input = { credential: credentialOfCase(kind, one.facts, now), history: historyOfCase(one, now), now };
  const judgement = compilePolicy(judged)(input);
  const wanted = {
    ...one.expect,
    ...(one.expect.due === undefined ? {} : { due: instantOf(one.expect.due, now) }),
  };
  const got = answered(judgement, wanted);
  return {
    file,
    name: one.name,
    ok: same(wanted, got),
    expected: wanted,
    got,
    reasons: judgement.verdict.reasons,
  };
}

function answered(judgement: Judgement, wanted: Expected): CaseResult['got'] {
  const { verdict } = judgement;
  const finding: Finding | undefined = judgement.findings.find(
    (candidate) => candidate.rule === verdict.rule,
  );
  const announced = finding?.announces?.step;
  const all: CaseResult['got'] = {
    outcome: verdict.outcome,
    step: verdict.step ?? 'none',
    due: verdict.due,
    tier: finding?.tier,
    announces: announced === 'disable' || announced === 'delete' ? announced : undefined,
    owner: judgement.owner.id,
    recipient: judgement.recipient,
    held: [...new Set(finding?.held.map((hold) => hold.code))].sort(),
    rule: verdict.rule,
  };
  return Object.fromEntries(Object.entries(all).filter(([key]) => Object.hasOwn(wanted, key)));
}

function same(wanted: Expected, got: CaseResult['got']): boolean {
  const sorted = { ...wanted, ...(wanted.held === undefined ? {} : { held: [...wanted.held].sort() }) };
  return Object.entries(sorted).every(
    ([key, value]) => text(value) === text(Object.entries(got).find(([k]) => k === key)?.[1]),
  );
}

function text(value: unknown): string {
  return JSON.stringify(value ?? null);
}
