import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes the Python environment of `npm run test:deploy` in `.venv` (ignored by git) from
 * test/deploy/requirements.txt. Does nothing when it is there already; exits 1 and says what is missing when
 * it cannot be made.
 */
const ROOT = join(import.meta.dirname, '..');
const VENV = join(ROOT, '.venv');
const REQUIREMENTS = join(ROOT, 'test', 'deploy', 'requirements.txt');
/** Holds the hash of the requirements that were installed. */
const STAMP = join(VENV, 'requirements.sha256');

const LEAST_PYTHON = [3, 11] as const;

function fail(message: string, hint: string): never {
  console.error(`emulator-env: ${message}\n  ${hint}`);
  process.exit(1);
}

function output(command: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function isRecentEnough(python: string): boolean {
  const version = output(python, ['-c', 'import sys; print(*sys.version_info[:2])']);
  const [major = 0, minor = 0] = (version ?? '').split(' ').map(Number);
  return major > LEAST_PYTHON[0] || (major === LEAST_PYTHON[0] && minor >= LEAST_PYTHON[1]);
}

function findPython(): string {
  const wanted = LEAST_PYTHON.join('.');
  const python = ['python3', 'python'].find(isRecentEnough);
  if (python === undefined) {
    fail(
      `the tests against emulators need Python ${wanted} or later, and there is no such python3 on the PATH.`,
      `Install Python ${wanted} or later and run npm run test:deploy again. npm test needs no Python.`,
    );
  }
  return python;
}

function run(command: string, args: readonly string[], purpose: string): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) return;
  rmSync(VENV, { recursive: true, force: true });
  fail(
    `${purpose} failed${error === undefined ? '' : `: ${error.message}`}.`,
    'The lines above say why. On Debian and Ubuntu the package python3-venv may be missing; packages come from PyPI, so a connection or a mirror is needed.',
  );
}

const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
const isCurrent = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted;
if (isCurrent) {
  console.log('emulator-env: .venv is up to date');
} else {
  const python = findPython();
  rmSync(VENV, { recursive: true, force: true });
  console.log('emulator-env: making .venv from test/deploy/requirements.txt');
  run(python, ['-m', 'venv', VENV], 'Making a virtual environment');
  run(
    join(VENV, 'bin', 'python'),
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS],
    'Installing the pinned packages',
  );
  writeFileSync(STAMP, wanted);
  console.log('emulator-env: .venv is ready');
}
