import { expect, it } from 'vitest';
import { ESBUILD_OPTIONS } from '../../bench/cold-start-bundle.ts';
import { bundling } from '../../lib/infrastructure/functions/bundle.ts';

it('the benchmark of cold starts bundles as the stack does', () => {
  const { format, target, minify, mainFields, banner, externalModules } = bundling(undefined);
  const { platform, banner: benchBanner, ...bench } = ESBUILD_OPTIONS;
  expect(bench).toEqual({ format, target, minify, mainFields });
  expect(benchBanner.js).toBe(banner);
  expect([platform, externalModules]).toEqual(['node', []]);
});
