import { expect, it } from 'vitest';
import { ESBUILD_OPTIONS } from '../../bench/cold-start-bundle.ts';
import { bundling, SDK_ALIASES } from '../../lib/infrastructure/functions/bundle.ts';

it('the benchmark of cold starts bundles as the stack does', () => {
  const { format, target, minify, mainFields, banner, externalModules, esbuildArgs } = bundling(undefined);
  const { platform, banner: benchBanner, alias, ...bench } = ESBUILD_OPTIONS;
  expect(bench).toEqual({ format, target, minify, mainFields });
  expect(benchBanner.js).toBe(banner);
  expect(alias).toEqual(SDK_ALIASES);
  expect(esbuildArgs).toEqual(
    Object.fromEntries(Object.entries(alias).map(([name, file]) => [`--alias:${name}`, file])),
  );
  expect([platform, externalModules]).toEqual(['node', []]);
});
