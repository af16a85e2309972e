import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROBLEM_CODES } from '../../lib/api/problem-codes.ts';
import { emptyFolder, janitor } from '../builders/command-line.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');
const document = readFileSync(path.join(ROOT, 'docs', 'break-glass.md'), 'utf8');
const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(document) ?? [];

/** Checks the policy of this repository with a section more. */
function checkedWith(section: string) {
  const folder = emptyFolder();
  cpSync(path.join(ROOT, 'policy'), folder, { recursive: true });
  const file = path.join(folder, 'janitor.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n${section}`);
  return janitor(['policy', 'check', '--policy', folder, '--format', 'json']);
}

describe('the policy in docs/break-glass.md', () => {
  test('passes janitor policy check', async () => {
    expect(example).toContain('breakGlass:');
    expect(await checkedWith(example)).toMatchObject({ exit: 0, err: '' });
  });

  test('does not where only custodians would review an emergency identity', async () => {
    const lone = example.replace(/(custodians: platform\n +reviewers: )security/, '$1platform');
    const { exit, err, out } = await checkedWith(lone);
    expect({ exit, said: (err + out).includes('custodian') }).toEqual({ exit: 2, said: true });
  });
});

const refusals = document.split('| refused with')[1]?.split('\n\n')[0] ?? '';
const codes = [...refusals.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([a-z-]+)`/g)].map(([, code = '']) => code),
);

test.each(codes)('%s, which the guide explains, is what the broker answers', (code) => {
  expect(Object.keys(PROBLEM_CODES)).toContain(code);
});

test('the guide explains more than a few of them, and errors find its last resort', () => {
  expect(codes.length).toBeGreaterThan(8);
  expect(document).toContain('\n## The last resort\n');
});
