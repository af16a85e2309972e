import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder } from '../../lib/wiring/make-folder.ts';

function folder(): string {
  return mkdtempSync(path.join(os.tmpdir(), 'janitor-folder-'));
}

describe('folders are made as mkdir -p makes them', () => {
  test('with everything above, with the mode asked for, and twice', async () => {
    const dir = path.join(folder(), 'a', 'b', 'c');
    await makeFolder(dir, 0o700);
    await makeFolder(dir, 0o700);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(path.dirname(dir)).mode & 0o777).toBe(0o700);
  });

  test('at the same time by two', async () => {
    const dir = path.join(folder(), 'a', 'b');
    await Promise.all([makeFolder(dir), makeFolder(dir)]);
    expect(statSync(dir).isDirectory()).toBe(true);
  });

  test.each([
    ['a file in its place', (file: string) => file, 'EEXIST'],
    ['a file above it', (file: string) => path.join(file, 'below'), 'ENOTDIR'],
    ['a file far above it', (file: string) => path.join(file, 'far', 'below'), 'ENOTDIR'],
  ])('%s is an error', async (_name, where, code) => {
    const file = path.join(folder(), 'file');
    writeFileSync(file, '');
    await expect(makeFolder(where(file))).rejects.toMatchObject({ code });
  });

  test.runIf(existsSync('/proc/self')).each([['/proc/janitor'], ['/proc/janitor/below']])(
    '%s cannot be made, and that is an error instead of an endless wait',
    async (dir) => {
      await expect(makeFolder(dir)).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );
});
