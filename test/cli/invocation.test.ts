import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { invocationOf, typedAs } from '../../lib/cli/invocation.ts';
import { emptyFolder, janitor } from '../builders/command-line.ts';

const CLONE = 'file:///home/ana/credential-janitor/lib/cli/process-terminal.ts';
const INSTALLED = 'file:///usr/lib/node_modules/credential-janitor/dist/janitor.js';

describe('hints and examples name the program as it is typed where it runs', () => {
  test.each([
    ['a clone', {}, CLONE, 'npx janitor'],
    ['npx', { npm_command: 'exec' }, INSTALLED, 'npx janitor'],
    ['an npm script', { npm_command: 'run-script' }, CLONE, 'npx janitor'],
    ['an installed program', {}, INSTALLED, 'janitor'],
  ])('%s', (_name, env, source, invocation) => {
    expect(invocationOf(env, source)).toBe(invocation);
  });

  test.each([
    ['Run `janitor ledger verify`.', 'Run `npx janitor ledger verify`.'],
    ['Start it with "janitor embedded-aws".', 'Start it with "npx janitor embedded-aws".'],
    ['Usage: janitor [options]', 'Usage: npx janitor [options]'],
    ['Run "janitor request --help".', 'Run "npx janitor request --help".'],
    ['janitor break-glass review-incident x', 'npx janitor break-glass review-incident x'],
    ['Run "janitor break-glass --help".', 'Run "npx janitor break-glass --help".'],
    ['npx janitor scan', 'npx janitor scan'],
    ['the janitor has nothing to undo', 'the janitor has nothing to undo'],
    ['the janitor policy of ours', 'the janitor policy of ours'],
    ['a janitor scanner', 'a janitor scanner'],
    ['/home/janitor scan, credential-janitor scan', '/home/janitor scan, credential-janitor scan'],
  ])('%s', (written, typed) => {
    expect(typedAs('npx janitor', written)).toBe(typed);
    expect(typedAs('janitor', written)).toBe(written);
  });

  test.each([
    ['help', ['sweep', '--help'], 'npx janitor sweep --enforce'],
    ['usage errors', ['scan', '--ful'], 'Run "npx janitor scan --help" for examples'],
    ['errors', ['explain', 'x'], 'begin one with "npx janitor sweep"'],
    ['errors as JSON', ['explain', 'x', '--format', 'json'], 'begin one with \\"npx janitor sweep\\"'],
  ])('%s', async (_name, argv, text) => {
    const { out, err } = await janitor(argv, { invocation: 'npx janitor' });
    expect((out + err).replace(/\n +/g, ' ').replaceAll('\n', ' ')).toContain(text);
  });
});

test.runIf(existsSync('/dev/full'))('a full disk under the output is told as what it is: exit 1', () => {
  const full = openSync('/dev/full', 'w');
  try {
    const bin = path.join(import.meta.dirname, '..', '..', 'bin', 'janitor.js');
    const { status, stderr } = spawnSync(process.execPath, [bin, 'policy', 'schema'], {
      cwd: emptyFolder(),
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('the output could not be written: ENOSPC');
    expect(stderr).not.toContain('defect');
  } finally {
    closeSync(full);
  }
});
