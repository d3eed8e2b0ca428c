import { defineConfig } from 'vitest/config';

/** `npm run screens`: takes pictures of the studio instead of testing it. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/browser/screens.ts'],
    globalSetup: ['packages/testing/src/global-setup.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    pool: 'forks',
  },
});
