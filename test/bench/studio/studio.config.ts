import { defineConfig } from 'vitest/config';

/** `npm run bench:studio`: measures the studio instead of testing it. */
export default defineConfig({
  root: new URL('../../..', import.meta.url).pathname,
  test: {
    include: ['test/bench/studio/{panning,previewing}.ts'],
    globalSetup: ['packages/testing/src/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    pool: 'forks',
    // Each wants the machine for itself.
    fileParallelism: false,
  },
});
