import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // With commands of their own: test:deploy, test:rights, test:scale, test:soak.
    exclude: [
      'test/deploy/**',
      'test/infrastructure/synth.test.ts',
      'test/least-privilege/least-privilege.test.ts',
      'test/scale/**',
      'test/soak/**',
    ],
    testTimeout: 30_000,
    maxWorkers: 2,
  },
});
