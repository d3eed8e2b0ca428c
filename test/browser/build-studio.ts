import pg from 'pg';
import { inject } from 'vitest';

/** The set-up's own builder: plain JavaScript, which runs before anything is installed. */
const builder = new URL('../../setup/studio.mjs', import.meta.url).href;

/** Builds the studio where its sources changed; test files run in processes of their own, and one of them does it. */
export async function buildStudio(): Promise<void> {
  const { ensureStudio } = (await import(builder)) as { ensureStudio(node: string): Promise<void> };
  const client = new pg.Client(inject('postgresUrl'));
  await client.connect();
  await client.query("select pg_advisory_lock(hashtext('build the studio'))");
  try {
    await ensureStudio(process.execPath);
  } finally {
    await client.end();
  }
}
