import { MillraceError } from '@millrace/contract';
import pg from 'pg';

/**
 * Does work that only one process may do at a time; one that dies gives it up.
 * @param name of the work, as it stands in a sentence
 * @throws {MillraceError} `UNDER_WAY` where another process does it
 */
export async function withAdvisoryLock<T>(url: string, name: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: `millrace ${name}` });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ locked: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 4031964)) as locked',
      [name],
    );
    if (rows[0]?.locked) return await work();
    throw new MillraceError('UNDER_WAY', `Another process is ${name} just now.`, { category: 'transient' });
  } finally {
    await client.end();
  }
}
