import { isAnnounced } from '../domain/step.ts';
import type { Finding, Judgement } from '../domain/verdict.ts';
import { credentialOfCase, historyOfCase, instantOf } from './case-input.ts';
import type { PolicyCase } from './case-schema.ts';
import { problemsOfTables, readTables, ruleIdsOf, writtenRuleIds } from './case-tables.ts';
import { compilePolicy } from './judge.ts';
import { checkPolicy, loadPolicy } from './load.ts';
import type { Policy } from './policy.ts';
import { inOrder, type PolicyProblem, policyInvalid } from './problem.ts';

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

/** A policy folder with its cases: every problem of all files at once, or the policy and how many cases there are. */
export type FolderCheck =
  | { readonly ok: true; readonly policy: Policy; readonly cases: number }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Checks policy and case files of a folder together. Throws nothing whatever the files hold (I20). */
export async function checkPolicyFolder(dir: string): Promise<FolderCheck> {
  const [checked, tables] = await Promise.all([checkPolicy(dir), readTables(dir)]);
  const rules = checked.ok ? ruleIdsOf(checked.policy) : await writtenRuleIds(dir);
  const problems = [...(checked.ok ? [] : checked.problems), ...problemsOfTables(tables, rules)];
  if (!checked.ok || problems.length > 0) return { ok: false, problems: inOrder(problems) };
  const cases = tables.reduce(
    (sum, table) => sum + (table.parsed?.ok ? table.parsed.value.cases.length : 0),
    0,
  );
  return { ok: true, policy: checked.policy, cases };
}

/**
 * Runs every case in the folder `cases` of a policy folder against that policy. Throws `policy-invalid` when the
 * policy or a file of cases is; a folder without cases has none.
 */
export async function runPolicyCases(dir: string): Promise<{ readonly cases: readonly CaseResult[] }> {
  const policy = await loadPolicy(dir);
  const tables = await readTables(dir);
  const problems = problemsOfTables(tables, ruleIdsOf(policy));
  if (problems.length > 0) throw policyInvalid(inOrder(problems));
  const cases = tables.flatMap(({ file, parsed }) =>
    parsed?.ok === true ? parsed.value.cases.map((one) => run(policy, file.file, one)) : [],
  );
  return { cases };
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
    announces: announced !== undefined && isAnnounced(announced) ? announced : undefined,
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
