import { defineConfig } from 'vitest/config';

/** The simulated world for longer: `npm run test:soak`. */
// biome-ignore lint/style/noDefaultExport: Vitest reads its configuration from the default export
export default defineConfig({
  test: { include: ['test/soak/**/*.test.ts'], testTimeout: 24 * 3_600_000, maxWorkers: 2 },
});
