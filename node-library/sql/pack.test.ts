import { runExamples } from '@millrace/testing/run-node';
import sql from './pack.ts';
import { startDatabase } from './postgres/database.fixture.ts';

/** The examples run against a real database: there is no stand-in for one. */
async function sandbox() {
  const { config, stop } = await startDatabase();
  return { config, stop, act: async () => undefined, state: async () => null };
}

runExamples({ ...sql, connections: sql.connections.map((spec) => ({ ...spec, sandbox })) });
