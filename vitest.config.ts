import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'janitor',
          // One module graph per worker: loading the SDKs for each file takes a quarter of the time otherwise.
          isolate: false,
          include: ['test/**/*.test.ts'],
          // With commands of their own: test:deploy, test:functions, test:scale, test:soak.
          exclude: [
            'test/deploy/**',
            'test/functions/**',
            'test/infrastructure/synth.test.ts',
            'test/least-privilege/least-privilege.test.ts',
            'test/rotation/crashes.test.ts',
            'test/rotation/half-a-year.test.ts',
            'test/scale/**',
            'test/soak/**',
            'test/world/crash-runs.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          // They read their environment when they are loaded, and take the clock as their waiting moves it.
          name: 'functions',
          include: ['test/functions/**/*.test.ts'],
          // Whole runs have a minute of their own: test:functions.
          exclude: [
            'test/functions/enforced-life.test.ts',
            'test/functions/lending.test.ts',
            'test/functions/resumed-run.test.ts',
            'test/functions/sweep-run.test.ts',
            'test/functions/trouble.test.ts',
          ],
        },
      },
    ],
  },
});
