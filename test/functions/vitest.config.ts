import { defineConfig } from 'vitest/config';

/** The functions as they are deployed: whole runs, crashes at any point of them and other trouble, half a year of rotation, rights both ways, synthesised stacks with real bundles. */
// biome-ignore lint/style/noDefaultExport: Vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: [
      'test/functions/enforced-life.test.ts',
      'test/functions/lending.test.ts',
      'test/functions/resumed-run.test.ts',
      'test/functions/sweep-run.test.ts',
      'test/functions/trouble.test.ts',
      'test/world/crash-runs.test.ts',
      'test/rotation/crashes.test.ts',
      'test/rotation/half-a-year.test.ts',
      'test/least-privilege/least-privilege.test.ts',
      'test/infrastructure/synth.test.ts',
    ],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
  },
});
