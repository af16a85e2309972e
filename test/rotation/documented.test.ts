import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..', '..');
const SOURCES = [
  'lib/rotation/*.ts',
  'lib/actions/secret-rotation.ts',
  'lib/actions/delivery-*.ts',
  'lib/sweep/rotation/*.ts',
  'lib/sweep/ordered-rotation/*.ts',
];
const SAYS_A_CODE = /\b(?:trouble|refused|failed)\(\s*'([a-z]+(?:-[a-z]+)+)'|\bcode: '([a-z]+(?:-[a-z]+)+)'/g;
/** Codes that are no trouble of a rotation. */
const ELSEWHERE = new Set(['ledger-contended', 'nothing-to-do', 'kind-not-actionable', 'scope-mismatch']);

function codesOf(file: string): string[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  return [...text.matchAll(SAYS_A_CODE)].map((found) => found[1] ?? found[2] ?? '');
}

describe('what people read about rotation', () => {
  const guide = readFileSync(path.join(ROOT, 'docs/rotation.md'), 'utf8');
  const codes = [
    ...new Set(SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).flatMap(codesOf)),
  ].filter((code) => !ELSEWHERE.has(code));

  it('knows codes at all', () => {
    expect(codes.length).toBeGreaterThan(40);
  });

  it.each(codes)('docs/rotation.md says what %s means and the way out', (code) => {
    expect(guide).toMatch(new RegExp(`^\\| [^|]*\`${code}\`[^|]*\\|`, 'm'));
  });
});
