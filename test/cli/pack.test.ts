import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder } from '../builders/command-line.ts';

const root = path.join(import.meta.dirname, '..', '..');
const node = process.execPath;

function run(file: string, ...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(node, [file, ...argv], {
    encoding: 'utf8',
    cwd: emptyFolder(),
  });
  return { status, stdout, stderr };
}

test('in a clone the shim runs the sources', () => {
  expect(run(path.join(root, 'bin', 'janitor.js'), '--version')).toMatchObject({ status: 0, stderr: '' });
  expect(run(path.join(root, 'bin', 'janitor.js'), 'scan', '--nonsense').status).toBe(2);
});

test('installed elsewhere the shim runs the bundle, which finds its own files', () => {
  const installed = emptyFolder();
  execFileSync(node, [path.join(root, 'scripts', 'pack.ts'), path.join(installed, 'dist')], {
    stdio: 'ignore',
  });
  mkdirSync(path.join(installed, 'bin'));
  // dynalite stays outside the bundle: npm installs it beside the package.
  mkdirSync(path.join(installed, 'node_modules'));
  symlinkSync(path.join(root, 'node_modules', 'dynalite'), path.join(installed, 'node_modules', 'dynalite'));
  for (const file of ['bin/janitor.js', 'package.json', 'policy'])
    cpSync(path.join(root, file), path.join(installed, file), { recursive: true });
  const shim = path.join(installed, 'bin', 'janitor.js');
  expect(run(shim, '--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const check = run(shim, 'policy', 'check', '--format', 'json');
  expect(check.status).toBe(0);
  expect(JSON.parse(check.stdout)).toMatchObject({ ok: true, dir: path.join(installed, 'policy') });
});
