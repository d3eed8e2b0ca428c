import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const files = '**/*.test.{ts,mjs}';
const inBrowsers = `test/{browser,e2e}/${files}`;

/** Whole programs under test take minutes: begun first, none of them is waited for alone in the end. */
class ProgramsFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(specifications);
    return sorted.toSorted((a, b) => Number(isProgram(b)) - Number(isProgram(a)));
  }
}

function isProgram({ moduleId, project }: TestSpecification): boolean {
  return project.name === 'parts' && moduleId.startsWith(`${project.config.root}/test/`);
}

export default defineConfig({
  test: {
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Real servers and browsers are started in tests; nothing is timed.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Tests that run side by side start servers, each of which wants a processor.
    maxConcurrency: 2,
    sequence: { sequencer: ProgramsFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: [`{packages,node-library,runtime,studio,setup,flows,test}/${files}`],
          exclude: ['**/node_modules/**', '**/dist/**', inBrowsers],
          setupFiles: ['packages/testing/src/property-seed.ts'],
          globalSetup: ['packages/testing/src/global-setup.ts'],
          maxWorkers: 2,
          // To load the runtime anew for every file would take a quarter of the time; no test leaves anything behind in it.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      // A browser wants the machine for itself.
      {
        extends: true,
        test: {
          name: 'browser',
          include: [inBrowsers],
          globalSetup: ['packages/testing/src/global-setup.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
