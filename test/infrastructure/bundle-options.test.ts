import { expect, it } from 'vitest';
import { ESBUILD_OPTIONS } from '../../bench/cold-start-bundle.ts';
import { BUNDLING, neverRead } from '../../lib/infrastructure/functions/bundle.ts';

it('what no code that was left asks for is no part of a bundle', () => {
  const output = (imports: readonly string[]) => ({
    bytes: 1,
    inputs: {},
    exports: [],
    imports: imports.map((file) => ({ path: file, kind: 'dynamic-import' as const })),
  });
  const outputs = {
    'out/index.mjs': output(['out/a.mjs', 'node:fs']),
    'out/a.mjs': output(['out/b.mjs', 'out/index.mjs']),
    'out/b.mjs': output([]),
    'out/stray.mjs': output(['out/b.mjs', 'out/lost.mjs']),
    'out/lost.mjs': output([]),
  };
  expect(neverRead(outputs)).toEqual(['out/stray.mjs', 'out/lost.mjs']);
});

it('the benchmark of cold starts bundles as the stack does', () => {
  expect(ESBUILD_OPTIONS).toEqual(BUNDLING);
});
