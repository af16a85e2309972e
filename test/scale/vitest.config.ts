import { defineConfig } from 'vitest/config';

/** Large accounts and many of them: `npm run test:scale`. */
// biome-ignore lint/style/noDefaultExport: Vitest reads its configuration from the default export
export default defineConfig({
  test: { include: ['test/scale/**/*.test.ts'], testTimeout: 600_000, hookTimeout: 600_000, maxWorkers: 2 },
});
