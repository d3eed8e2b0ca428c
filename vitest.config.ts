import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,node-library,runtime,studio,test,setup,flows}/**/*.test.{ts,mjs}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['packages/testing/src/global-setup.ts'],
    // Real servers and browsers are started in tests; nothing is timed.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Tests that run side by side start servers, each of which wants a processor.
    maxConcurrency: 2,
  },
});
