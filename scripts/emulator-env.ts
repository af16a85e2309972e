import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes the Python environments of `npm run test:deploy`, one for each emulator because they pin different versions
 * of the same packages: `.venv/<emulator>` (ignored by git) from test/deploy/<emulator>-requirements.txt. Does
 * nothing for those that are there already; exits 1 and says what is missing when one cannot be made.
 */
const ROOT = join(import.meta.dirname, '..');
const EMULATORS = ['moto', 'ministack'] as const;

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

function run(folder: string, command: string, args: readonly string[], purpose: string): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) return;
  rmSync(folder, { recursive: true, force: true });
  fail(
    `${purpose} failed${error === undefined ? '' : `: ${error.message}`}.`,
    'The lines above say why. On Debian and Ubuntu the package python3-venv may be missing; packages come from PyPI, so a connection or a mirror is needed.',
  );
}

function ensure(emulator: string): void {
  const requirements = join(ROOT, 'test', 'deploy', `${emulator}-requirements.txt`);
  const folder = join(ROOT, '.venv', emulator);
  // Holds the hash of the requirements that were installed.
  const stamp = join(folder, 'requirements.sha256');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    console.log(`emulator-env: .venv/${emulator} is up to date`);
    return;
  }
  const python = findPython();
  rmSync(folder, { recursive: true, force: true });
  console.log(`emulator-env: making .venv/${emulator} from test/deploy/${emulator}-requirements.txt`);
  run(folder, python, ['-m', 'venv', folder], 'Making a virtual environment');
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--requirement',
    requirements,
  ];
  run(folder, join(folder, 'bin', 'python'), pip, `Installing the pinned packages of ${emulator}`);
  writeFileSync(stamp, wanted);
  console.log(`emulator-env: .venv/${emulator} is ready`);
}

for (const emulator of EMULATORS) ensure(emulator);
