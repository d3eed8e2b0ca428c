import { randomInt } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const root = new URL('..', import.meta.url).pathname;
const files = globSync('{packages,node-library,runtime,studio,test}/**/*.test.ts', {
  cwd: root,
  exclude: ['**/node_modules/**', 'test/{browser,e2e}/**'],
});

/** `npm run properties`: what property tests prove, with values that nobody has tried yet. A failure tells its seed. */
export default defineConfig({
  root,
  test: {
    include: files.filter((file) => readFileSync(`${root}/${file}`, 'utf8').includes("from 'fast-check'")),
    env: { MILLRACE_PROPERTY_SEED: process.env.MILLRACE_PROPERTY_SEED ?? String(randomInt(2 ** 31)) },
    setupFiles: ['packages/testing/src/property-seed.ts'],
    globalSetup: ['packages/testing/src/global-setup.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
  },
});
