import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `npm run test:pack`: packs the command line, installs the tarball in an empty folder as a user would, and runs it
 * there. Exits 1 with the output of what failed.
 */
const folder = mkdtempSync(join(tmpdir(), 'janitor-pack-'));

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function expectOutput(args: readonly string[], expected: RegExp): void {
  const output = run(process.execPath, [join(folder, 'node_modules', '.bin', 'janitor'), ...args], folder);
  if (!expected.test(output)) throw new Error(`janitor ${args.join(' ')} printed:\n${output}`);
}

try {
  const tarball = run('npm', ['pack', '--silent', '--pack-destination', folder], process.cwd())
    .trim()
    .split('\n')
    .at(-1);
  if (tarball === undefined) throw new Error('npm pack named no tarball');
  run('npm', ['init', '--yes', '--silent'], folder);
  run('npm', ['install', '--silent', '--no-audit', '--no-fund', join(folder, tarball)], folder);
  expectOutput(['--version'], /^\d+\.\d+\.\d+/);
  expectOutput(['policy', 'check'], /The policy is valid/);
  expectOutput(['policy', 'test'], / 0 failed/);
  expectOutput(['demo'], /The ledger verifies/);
  console.log('packed, installed elsewhere, and run: --version, policy check, policy test, demo');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
