import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPolicyFolder, loadPolicy, runPolicyCases } from '../../lib/policy/index.ts';

const shipped = path.join(import.meta.dirname, '..', '..', 'policy');
const run = await runPolicyCases(shipped);
const policy = await loadPolicy(shipped);

describe('the shipped policy passes its own cases', () => {
  it.each(run.cases.map((one) => [`${path.basename(one.file)}: ${one.name}`, one] as const))(
    '%s',
    (_name, one) => {
      expect(one.got, one.reasons.join('\n')).toEqual(one.expected);
      expect(one.ok).toBe(true);
    },
  );
});

describe('the shipped policy is safe to start with', () => {
  it('observes only: nothing is enforced anywhere', () => {
    expect(policy.document.mode).toBe('observe');
    expect(policy.document.enforce).toEqual([]);
  });

  it.each(policy.document.rules.map((rule) => [rule.id]))(
    '%s has a case in which it matches and one in which it does not',
    (id) => {
      const names = new Set(run.cases.map((one) => one.name));
      expect(names.size).toBe(run.cases.length);
      const reasons = run.cases.flatMap((one) => one.reasons.filter((reason) => reason.startsWith(`${id}:`)));
      expect(reasons.some((reason) => reason.includes('next:'))).toBe(true);
      expect(reasons.some((reason) => !reason.includes('next:') && !reason.includes('cannot be told'))).toBe(
        true,
      );
    },
  );

  it.each(policy.document.rules.map((rule) => [rule.id]))(
    '%s has a case in which a fact is missing, and then it is unknown (G22)',
    (id) => {
      const unknown = run.cases.filter((one) => one.got.outcome === 'unknown');
      expect(
        unknown.some((one) => one.reasons.some((reason) => reason.startsWith(`${id}: cannot be told`))),
      ).toBe(true);
    },
  );

  it('every rule names a control, an owner and a review that is not yet due', () => {
    for (const rule of policy.document.rules) {
      expect(rule.controls.length, rule.id).toBeGreaterThan(0);
      expect(rule.reviewedOn).toBe('2026-10-01');
    }
  });

  it('no rule disables or deletes what is not an access key or a secret', () => {
    const gentle = policy.document.rules.filter(
      (rule) => !['access-key', 'secret'].includes(rule.credential),
    );
    expect(gentle.length).toBeGreaterThan(0);
    for (const rule of gentle) expect(rule.steps).toEqual(['notify']);
  });
});

describe('cases of a reviewer', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'janitor-cases-'));
    await cp(shipped, dir, { recursive: true });
    await rm(path.join(dir, 'cases'), { recursive: true });
  });
  afterEach(async () => {
    await rm(dir, { recursive: true });
  });

  async function written(text: string) {
    await mkdir(path.join(dir, 'cases'));
    await writeFile(path.join(dir, 'cases', 'own.yaml'), text);
    return runPolicyCases(dir);
  }

  it('policy check reads them: every mistake of all files at once, each with its place', async () => {
    const text = await readFile(path.join(dir, 'janitor.yaml'), 'utf8');
    await writeFile(path.join(dir, 'janitor.yaml'), text.replace('mode: observe', 'mode: obsreve'));
    await written('cases: [').catch(() => {});
    await writeFile(
      path.join(dir, 'cases', 'two.yaml'),
      `cases:
  - name: A rule that is not there, expecting another that is not there, and a key that is not
    rule: access-key-unusd
    now: 2026-10-15T09:00:00Z
    facts: { stauts: active }
    expect: { outcome: keep, rule: secret-unusedd }
`,
    );
    const checked = await checkPolicyFolder(dir);
    const problems = checked.ok ? [] : checked.problems;
    expect(problems.map(({ file, line, path: at }) => [path.basename(file), line, at])).toEqual([
      ['own.yaml', 1, ''],
      ['two.yaml', 3, 'cases[0].rule'],
      ['two.yaml', 5, 'cases[0].facts.stauts'],
      ['two.yaml', 6, 'cases[0].expect.rule'],
      ['janitor.yaml', expect.any(Number), 'mode'],
    ]);
    for (const { hint } of problems.slice(1)) expect(hint).toContain('did you mean');
  });

  it('policy check counts them when nothing is wrong', async () => {
    expect(await checkPolicyFolder(shipped)).toMatchObject({ ok: true, cases: run.cases.length });
    expect(await checkPolicyFolder(dir)).toMatchObject({ ok: true, cases: 0 });
  });

  it('a file in place of the folder is a problem, not a crash', async () => {
    await writeFile(path.join(dir, 'cases'), '');
    expect(await checkPolicyFolder(dir)).toMatchObject({
      ok: false,
      problems: [{ file: path.join(dir, 'cases'), hint: expect.stringContaining('folder of YAML files') }],
    });
  });

  it('a folder without cases has none', async () => {
    expect(await runPolicyCases(dir)).toEqual({ cases: [] });
  });

  it('a wrong expectation fails and shows what the policy says instead', async () => {
    const { cases } = await written(`
cases:
  - name: I believe that an unused key is kept
    rule: access-key-unused
    now: 2026-10-15T09:00:00Z
    facts: { createdAt: 300d ago, lastUsedAt: 200d ago }
    expect: { outcome: keep, step: none, held: [protected] }
`);
    expect(cases[0]).toMatchObject({
      ok: false,
      expected: { outcome: 'keep', step: 'none', held: ['protected'] },
      got: { outcome: 'act', step: 'notify', held: [] },
    });
    expect(cases[0]?.reasons[0]).toContain('199 days before the evidence');
  });

  it.each([
    ['a rule that is not there', 'rule: access-key-unusd', 'access-key-unused'],
    ['neither rule nor kind', 'ticket: SEC-1', 'the keys here are'],
    [
      'a point in time that is none',
      'rule: access-key-unused\n    history: { opened: last week }',
      '45d ago',
    ],
    ['a fact that is not in the schema', 'rule: access-key-unused\n    history: { opend: 1d ago }', 'opened'],
  ])('%s is a problem with a place and a way out', async (_name, lines, way) => {
    const text = `cases:\n  - name: A case with a mistake in it\n    ${lines}\n    now: 2026-10-15T09:00:00Z\n    facts: {}\n    expect: { outcome: keep }\n`;
    const error: unknown = await written(text).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'policy-invalid', source: 'user' });
    expect(String(error)).toContain('own.yaml:');
    expect(String(error)).toContain(way);
  });
});
