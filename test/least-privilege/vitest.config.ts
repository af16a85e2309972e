import { defineConfig } from 'vitest/config';

/** The stories of all functions over loopback services, and the synthesised policies: a minute of its own. */
// biome-ignore lint/style/noDefaultExport: Vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: ['test/least-privilege/least-privilege.test.ts', 'test/infrastructure/synth.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
  },
});
