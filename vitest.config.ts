import { defineConfig } from 'vitest/config';

const files = '**/*.test.{ts,mjs}';

export default defineConfig({
  test: {
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Real servers and browsers are started in tests; nothing is timed.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Tests that run side by side start servers, each of which wants a processor.
    maxConcurrency: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: [`{packages,node-library,runtime,studio,setup,flows}/${files}`],
          globalSetup: ['packages/testing/src/global-setup.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      // Each of these wants the machine for itself: it kills servers, or drives a browser.
      {
        extends: true,
        test: {
          name: 'whole',
          include: [`test/${files}`],
          globalSetup: ['packages/testing/src/global-setup.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
