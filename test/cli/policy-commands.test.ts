import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { demoPolicyDirectory } from '../../lib/wiring/index.ts';
import { emptyFolder, janitor } from '../builders/command-line.ts';

const POLICY = path.join(import.meta.dirname, 'policy');
const SHIPPED = path.join(import.meta.dirname, '..', '..', 'policy');

describe('policy check', () => {
  test.each([
    ['the shipped policy', SHIPPED],
    ['the demo policy', demoPolicyDirectory()],
    ['the policy of these tests', POLICY],
  ])('%s is valid', async (_name, dir) => {
    const { exit, out } = await janitor(['policy', 'check', '--policy', dir, '--format', 'json']);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toEqual({
      schemaVersion: 1,
      ok: true,
      dir,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      cases: expect.any(Number),
      problems: [],
    });
  });

  test('every error at once, with line, column and what to write instead; exit 2', async () => {
    const dir = emptyFolder();
    const text = readFileSync(path.join(POLICY, 'janitor.yaml'), 'utf8');
    const broken = text
      .replace('unusedFor: 45d', 'unusedfor: 45d')
      .replace('accounts: ["111122223333"]', 'accounts: [111122223333]');
    writeFileSync(path.join(dir, 'janitor.yaml'), broken);
    writeFileSync(path.join(dir, 'directory.yaml'), readFileSync(path.join(POLICY, 'directory.yaml')));
    const people = await janitor(['policy', 'check', '--policy', dir]);
    expect(people.exit).toBe(2);
    expect(people.out).toMatch(/has 2 problems/);
    expect(people.out).toContain(`${path.join(dir, 'janitor.yaml')}:6:16`);
    expect(people.out).toContain('unusedFor');
    const programs = await janitor(['policy', 'check', '--policy', dir, '--format', 'json']);
    expect(programs.exit).toBe(2);
    expect(JSON.parse(programs.out)).toMatchObject({
      ok: false,
      problems: [
        { line: 6, column: 16, hint: expect.any(String) },
        { line: 26, hint: expect.stringContaining('unusedFor') },
      ],
    });
  });

  test('a folder without a policy is named', async () => {
    const dir = emptyFolder();
    const { exit, out } = await janitor(['policy', 'check', '--policy', dir]);
    expect(exit).toBe(2);
    expect(out).toContain(path.join(dir, 'janitor.yaml'));
  });
});

describe('policy test', () => {
  test('the cases of the shipped policy pass', async () => {
    const { exit, out } = await janitor(['policy', 'test', '--policy', SHIPPED, '--format', 'json']);
    const document = JSON.parse(out);
    expect({ exit, failed: document.failed }).toEqual({ exit: 0, failed: 0 });
    expect(document.passed).toBeGreaterThan(10);
  });

  test('nothing tested does not look like nothing failed: exit 2, and where cases belong', async () => {
    const { exit, out, err } = await janitor(['policy', 'test', '--policy', POLICY]);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err.replaceAll('\n', ' ')).toContain(`there are no cases in ${path.join(POLICY, 'cases')}`);
  });

  test('a case that expects otherwise fails with what was got and why; exit 1', async () => {
    const dir = emptyFolder();
    for (const file of ['janitor.yaml', 'directory.yaml'])
      writeFileSync(path.join(dir, file), readFileSync(path.join(SHIPPED, file)));
    const [file = ''] = readdirSync(path.join(SHIPPED, 'cases')).filter((name) =>
      name.includes('access-key'),
    );
    const text = readFileSync(path.join(SHIPPED, 'cases', file), 'utf8');
    mkdirSync(path.join(dir, 'cases'));
    writeFileSync(path.join(dir, 'cases', file), text.replaceAll('outcome: act', 'outcome: keep'));
    const { exit, out } = await janitor(['policy', 'test', '--policy', dir]);
    expect(exit).toBe(1);
    expect(out).toMatch(/failed {2}.+\n +expected .+keep.+\n +got +.+act/);
  });
});

describe('policy schema', () => {
  test('one document, or one file for each', async () => {
    const { exit, out } = await janitor(['policy', 'schema']);
    expect(exit).toBe(0);
    expect(Object.keys(JSON.parse(out).schemas).sort()).toEqual(['cases', 'directory', 'janitor']);
    const dir = path.join(emptyFolder(), 'schemas');
    await janitor(['policy', 'schema', '--out', dir]);
    expect(readdirSync(dir).sort()).toEqual([
      'cases.schema.json',
      'directory.schema.json',
      'janitor.schema.json',
    ]);
    const janitorSchema = JSON.parse(readFileSync(path.join(dir, 'janitor.schema.json'), 'utf8'));
    expect(janitorSchema).toEqual(JSON.parse(out).schemas.janitor);
  });

  test('a folder that cannot be written: exit 2', async () => {
    const file = path.join(emptyFolder(), 'file');
    writeFileSync(file, '');
    const { exit, err } = await janitor(['policy', 'schema', '--out', path.join(file, 'below')]);
    expect(exit).toBe(2);
    expect(err).toContain('cannot be written');
  });
});
