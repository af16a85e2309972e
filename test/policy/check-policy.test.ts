import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { checkPolicy, checkPolicyTexts, loadPolicy, type PolicyProblem } from '../../lib/policy/index.ts';
import { checked, directoryData, janitorData, ruleData } from './policy-fixture.ts';

const data = z.record(z.string(), z.unknown());
const mistakesSchema = z.array(
  z.strictObject({
    name: z.string(),
    rule: data.optional(),
    janitor: data.optional(),
    directory: data.optional(),
    at: z.string(),
    says: z.string(),
    write: z.string(),
  }),
);

const folder = path.join(import.meta.dirname, 'mistakes');
const [inRules, inJanitor, inDirectory] = await Promise.all(
  ['rules', 'janitor', 'directory'].map(async (name) =>
    mistakesSchema.parse(parse(await readFile(path.join(folder, `${name}.yaml`), 'utf8'))),
  ),
);

function problems(
  janitor: z.infer<typeof data> = {},
  directory: z.infer<typeof data> = {},
): readonly PolicyProblem[] {
  const result = checked(janitorData(janitor), directoryData(directory));
  return result.ok ? [] : result.problems;
}

function ofRule(overrides: z.infer<typeof data>): readonly PolicyProblem[] {
  return problems({ rules: [ruleData(overrides)] });
}

const disable = { disable: { wait: '14d' } };

describe('janitor policy check says where, what and what to write instead', () => {
  it('the fixture itself is valid', () => {
    expect(problems()).toEqual([]);
  });

  it.each(inRules ?? [])('in a rule: $name', ({ rule = {}, at, says, write }) => {
    const [problem, ...others] = ofRule(rule);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ file: 'janitor.yaml', path: at });
    expect(problem?.message).toContain(says);
    expect(problem?.hint).toContain(write);
  });

  it.each([
    ['a list', '[1]'],
    ['a number', '7'],
    ['people that are no list', 'version: 1\npeople: {}\nowners: { default: ana }\n'],
  ])('a directory that is %s is one problem, not one for every name in it', (_name, text) => {
    const result = checkPolicyTexts(JSON.stringify(janitorData({})), text);
    expect(result.ok ? [] : result.problems.map(({ file }) => file)).toEqual(['directory.yaml']);
  });

  it.each([
    ...(inJanitor ?? []).map((one) => ({ ...one, file: 'janitor.yaml' })),
    ...(inDirectory ?? []).map((one) => ({ ...one, file: 'directory.yaml' })),
  ])('in $file: $name', ({ file, janitor, directory, at, says, write }) => {
    const problem = problems(janitor, directory).find((one) => one.file === file && one.path === at);
    expect(problem?.message).toContain(says);
    expect(problem?.hint).toContain(write);
  });

  it('the same rule id twice, even in other letters', () => {
    const twice = problems({ rules: [ruleData(), ruleData()] });
    expect(twice).toEqual([
      expect.objectContaining({ path: 'rules[1].id', message: 'the rule "unused" occurs twice' }),
    ]);
  });

  it.each(['console-password', 'root-access-key', 'signing-certificate', 'service-specific-credential'])(
    '%s is reported and warned about, never tagged, disabled or deleted',
    (credential) => {
      for (const step of ['tag', disable, { delete: { wait: '30d' } }]) {
        const [problem] = ofRule({ credential, match: { status: 'active' }, steps: ['notify', step] });
        expect(problem).toMatchObject({
          path: 'rules[0].steps[1]',
          message: expect.stringContaining(`not offered for ${credential}`),
        });
      }
      expect(ofRule({ credential, match: { status: 'active' }, steps: ['notify'] })).toEqual([]);
    },
  );

  it('all problems of both files at once, in reading order, each at its line and column', () => {
    const janitor = [
      'version: 1',
      'mode: observe',
      'riskOwner: nobody', // 3:12
      'approvals:',
      '  guarded: { group: security, quorum: 1 }',
      '  critical: { group: security, quorum: 1 }', // 6:40
      '  policy: { group: security, quorum: 2 }',
      'rules:',
      '  - id: unused',
      '    why: A key nobody uses is one nobody misses.',
      '    owner: ana',
      '    reviewedOn: 2026-10-01',
      '    reviewEvery: 180d',
      '    credential: access-key',
      '    match: { status: active, unusedfor: 45d }', // 15:30
      '    steps: [notify]',
      '    stepps: [notify]', // 17:5
    ].join('\n');
    const directory = [
      'version: 1',
      'people:',
      '  - { id: ana, mail: ana@example.com }',
      '  - { id: ben, mail: ben }', // 4:22
      'groups: { security: { members: [ana, bea] } }', // 5:38
      'owners: { default: ana }',
    ].join('\n');
    const result = checkPolicyTexts(janitor, directory);
    expect(result.ok ? [] : result.problems.map((p) => `${p.file}:${p.line}:${p.column} ${p.path}`)).toEqual([
      'directory.yaml:4:22 people[1].mail',
      'directory.yaml:5:38 groups.security.members[1]',
      'janitor.yaml:3:12 riskOwner',
      'janitor.yaml:6:40 approvals.critical.quorum',
      'janitor.yaml:15:30 rules[0].match.unusedfor',
      'janitor.yaml:17:5 rules[0].stepps',
    ]);
  });
});

const VALID_DIRECTORY = JSON.stringify(directoryData());

describe('what is no single plain YAML document is refused with a place and a way out', () => {
  it.each([
    ['an empty file', '', /empty/, 1],
    ['only comments', '# nothing\n', /empty/, 1],
    ['null', '~\n', /is empty|has no value/, 1],
    ['a list', '- 1\n', /a list/, 1],
    ['tabs', 'version: 1\nlimits:\n\tatLeast: 1\n', /[Tt]ab/, 3],
    ['a duplicate key', 'version: 1\nmode: observe\nmode: enforce\n', /unique/, 3],
    ['two documents', 'version: 1\n---\nversion: 1\n', /second document/, 2],
    ['an alias', 'a: &x 1\nb: *x\n', /anchor/, 1],
    ['an unclosed bracket', 'version: 1\nenforce: [\n', /./, 3],
    ['a tag', 'version: !!binary aGk=\n', /./, 1],
    ['a directive', '%YAML 1.1\n---\nversion: 1\n', /directive/, 1],
    ['half a surrogate pair', 'version: 1\nriskOwner: "\\ud800"\n', /surrogate/, 2],
  ])('%s', (_name, text, message, line) => {
    const result = checkPolicyTexts(text, VALID_DIRECTORY);
    const [problem] = result.ok ? [] : result.problems;
    expect(problem?.message).toMatch(message);
    expect(problem?.line).toBe(line);
    expect(problem?.hint.length).toBeGreaterThan(0);
  });

  it('a bomb of aliases is refused without being unfolded', () => {
    const levels = Array.from(
      { length: 30 },
      (_, n) =>
        `a${n}: &a${n} [${Array(9)
          .fill(n === 0 ? '1' : `*a${n - 1}`)
          .join(', ')}]`,
    );
    const result = checkPolicyTexts(levels.join('\n'), VALID_DIRECTORY);
    expect(result.ok).toBe(false);
  });

  it.each([
    ['brackets', '['.repeat(100_000)],
    ['braces', '{a: '.repeat(50_000)],
    ['indentation', Array.from({ length: 3_000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
    ['dashes', '- '.repeat(20_000)],
  ])('nesting without end by %s is refused', (_name, text) => {
    const result = checkPolicyTexts(text, VALID_DIRECTORY);
    expect(result.ok).toBe(false);
  });
});

describe('a folder that cannot be read is a problem of the policy like any other', () => {
  it('both missing files are named', async () => {
    const result = await checkPolicy('/nowhere/at/all');
    expect(result.ok ? [] : result.problems.map((p) => `${path.basename(p.file)}: ${p.message}`)).toEqual([
      'directory.yaml: the file is missing',
      'janitor.yaml: the file is missing',
    ]);
  });

  it('a folder in place of a file', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'janitor-policy-'));
    await mkdir(path.join(dir, 'janitor.yaml'));
    await writeFile(path.join(dir, 'directory.yaml'), VALID_DIRECTORY);
    await chmod(dir, 0o700);
    const error: unknown = await loadPolicy(dir).catch((thrown: unknown) => thrown);
    await rm(dir, { recursive: true });
    expect(error).toMatchObject({ name: 'JanitorError', code: 'policy-invalid', source: 'user' });
    expect(error).toMatchObject({
      details: { problems: [expect.objectContaining({ message: expect.stringMatching(/cannot be read/) })] },
    });
  });

  it('problems of the other file are named all the same', async () => {
    const result = checkPolicyTexts('', JSON.stringify({ ...directoryData(), peeple: [] }));
    expect(result.ok ? [] : result.problems.map((p) => p.path)).toContain('peeple');
  });
});
