import { expect, it } from 'vitest';
import { ESBUILD_OPTIONS } from '../../bench/cold-start-bundle.ts';
import { BUNDLING } from '../../lib/infrastructure/functions/bundle.ts';

it('the benchmark of cold starts bundles as the stack does', () => {
  expect(ESBUILD_OPTIONS).toEqual(BUNDLING);
});
