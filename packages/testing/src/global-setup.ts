import { createScratchCluster } from '@millrace/postgres-server';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the run's PostgreSQL, for a role that may make databases. */
    postgresUrl: string;
  }
}

/** One PostgreSQL for the whole test run; test files take databases of their own from it by `createDatabase`. */
export default async function startPostgres(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await createScratchCluster();
  project.provide('postgresUrl', cluster.url);
  return () => cluster.stop();
}
