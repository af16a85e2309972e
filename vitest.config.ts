import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/deploy/**', 'test/scale/**', 'test/soak/**'],
    testTimeout: 30_000,
    maxWorkers: 2,
  },
});
