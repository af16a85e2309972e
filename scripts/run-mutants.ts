import { type SpawnSyncReturns, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant } from '../test/mutants/mutant.ts';
import { MUTANTS } from '../test/mutants/table.ts';

/**
 * `npm run test:mutants [-- TEXT]`: takes each safety clause away in a copy of the tree and runs the suites that must
 * notice. A mutant that survives, or whose text is not there exactly once, makes it exit 1. Without TEXT (which picks
 * mutants by name) the table in docs/testing.md is renewed.
 */
const ROOT = join(import.meta.dirname, '..');
const COPIED = [
  'lib',
  'test',
  'policy',
  'bin',
  'functions',
  'bench',
  'docs',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
const AT_ONCE = 2;
const LIMIT_MS = 240_000;

interface Result {
  readonly mutant: Mutant;
  readonly verdict: 'killed' | 'survived' | 'text not found once';
  readonly by: string;
}

const wanted = process.argv[2];
const mutants = MUTANTS.filter(({ name }) => wanted === undefined || name.includes(wanted));
const queue = [...mutants];
const suites = [...new Set(mutants.flatMap(({ tests }) => tests))];
const results: Result[] = [];
await Promise.all(Array.from({ length: AT_ONCE }, work));
if (wanted === undefined) renewTable(results);
const bad = results.filter(({ verdict }) => verdict !== 'killed');
console.log(`mutants: ${results.length - bad.length} of ${results.length} killed`);
if (bad.length > 0 || results.length === 0) process.exitCode = 1;

async function work(): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), 'janitor-mutants-'));
  try {
    for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    await failOnBrokenSuite(copy);
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const result = await tryOne(copy, mutant);
      results.push(result);
      console.log(`${result.verdict.padEnd(9)} ${mutant.name}${result.by === '' ? '' : `  (${result.by})`}`);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** A suite that fails without any mutant would kill them all: that is no proof. Each suite is tried by one worker. */
async function failOnBrokenSuite(copy: string): Promise<void> {
  for (let suite = suites.shift(); suite !== undefined; suite = suites.shift()) {
    const failure = await failingTest(copy, suite);
    if (failure !== undefined) throw new Error(`a suite fails without any mutant: ${failure}`);
  }
}

async function tryOne(copy: string, mutant: Mutant): Promise<Result> {
  const file = join(copy, mutant.file);
  const original = readFileSync(file, 'utf8');
  const parts = original.split(mutant.find);
  if (parts.length !== 2) return { mutant, verdict: 'text not found once', by: '' };
  writeFileSync(file, parts.join(mutant.replace));
  try {
    for (const suite of mutant.tests) {
      const by = await failingTest(copy, suite);
      if (by !== undefined) return { mutant, verdict: 'killed', by };
    }
    return { mutant, verdict: 'survived', by: '' };
  } finally {
    writeFileSync(file, original);
  }
}

/** The first test of a suite that fails, or undefined when all pass. */
function failingTest(copy: string, suite: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
    const args = [vitest, 'run', suite, '--bail', '1', '--maxWorkers', '1'];
    const child = spawn(process.execPath, args, {
      cwd: copy,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += String(chunk);
      });
    }
    child.on('error', reject);
    child.on('close', (status: SpawnSyncReturns<string>['status']) => {
      resolve(status === 0 ? undefined : `${suite}: ${firstFailure(output)}`);
    });
  });
}

function firstFailure(output: string): string {
  return /^\s*FAIL\s.*?\.test\.ts > (.+)$/m.exec(output)?.[1]?.trim() ?? 'the suite did not run through';
}

function renewTable(found: readonly Result[]): void {
  const file = join(ROOT, 'docs', 'testing.md');
  const page = readFileSync(file, 'utf8');
  const byName = new Map(found.map((result) => [result.mutant.name, result]));
  const rows = MUTANTS.map((mutant) => {
    const result = byName.get(mutant.name);
    return `| ${mutant.name} | ${mutant.file} | ${result?.verdict ?? 'not run'} | ${(result?.by ?? '').replaceAll('|', '/')} |`;
  });
  const table = ['| taken away | in | result | noticed by |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
  const marked = /(<!-- mutants -->\n)[\s\S]*?(<!-- \/mutants -->)/;
  writeFileSync(
    file,
    page.replace(marked, (_all, start: string, end: string) => `${start}${table}\n${end}`),
  );
}
