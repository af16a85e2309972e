import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { pythonOf } from './emulator-process.ts';
import { COMPLETED, OPEN } from './ministack-differences.ts';
import { startMiniStack } from './ministack-server.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PROBES = join(import.meta.dirname, 'ministack_probes.py');
const findings = z.record(z.string(), z.union([z.boolean(), z.string()]));

describe('the known differences of MiniStack', () => {
  let found: z.infer<typeof findings>;
  beforeAll(async () => {
    const ministack = await startMiniStack({ asItIs: true });
    try {
      const probes = [PROBES, ministack.url, ministack.certificate];
      const { stdout } = await promisify(execFile)(pythonOf('ministack'), probes, {
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      });
      found = findings.parse(JSON.parse(stdout));
    } finally {
      await ministack.stop();
    }
  }, 120_000);

  it('each has a probe, and each probe a difference', () => {
    expect(Object.keys(found).toSorted()).toEqual(
      [...Object.keys(COMPLETED), ...Object.keys(OPEN)].toSorted(),
    );
  });

  it.each([...Object.keys(COMPLETED), ...Object.keys(OPEN)])('%s: not here, still', (name) => {
    expect(found[name]).toBe(true);
  });

  it.each(Object.entries(OPEN))('%s: other tests answer for it', (_name, files) => {
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    expect(files).not.toEqual([]);
  });

  it('docs/testing.md shows them all', async () => {
    const text = await readFile(join(ROOT, 'docs', 'testing.md'), 'utf8');
    const rows = [
      ...Object.entries(COMPLETED).map(([name, why]) => `| ${name} | completed in the emulator: ${why} |`),
      ...Object.entries(OPEN).map(([name, files]) => `| ${name} | ${files.map(code).join(', ')} |`),
    ];
    expect(rows.filter((row) => !text.includes(row))).toEqual([]);
  });
});

function code(file: string): string {
  return `\`${file}\``;
}
