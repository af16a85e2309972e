import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

it('without Python the command says what is missing and fails', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'janitor-no-python-'));
  const files = ['scripts/emulator-env.ts', 'test/deploy/moto-requirements.txt'];
  await mkdir(join(elsewhere, 'scripts'));
  await mkdir(join(elsewhere, 'test', 'deploy'), { recursive: true });
  for (const file of files) await copyFile(join(ROOT, file), join(elsewhere, file));
  const { status, stderr } = spawnSync(process.execPath, [join(elsewhere, 'scripts', 'emulator-env.ts')], {
    encoding: 'utf8',
    env: { PATH: elsewhere },
  });
  await rm(elsewhere, { recursive: true });
  expect(status).toBe(1);
  expect(stderr).toContain('need Python 3.11 or later, and there is no such python3 on the PATH');
  expect(stderr).toContain('Install Python 3.11 or later and run npm run test:deploy again');
});
