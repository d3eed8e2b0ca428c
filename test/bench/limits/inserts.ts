import pg from 'pg';
import { rateOf } from './rate.ts';

const clients = 16;
/** About what a line of a run's history takes. */
const payload = 'x'.repeat(200);

/** One row, one commit, from 16 clients at once. */
export async function countInserts(url: string, seconds: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: clients });
  try {
    await pool.query('create table entry (id bigint generated always as identity primary key, payload text not null)');
    const insert = { name: 'insert', text: 'insert into entry (payload) values ($1)', values: [payload] };
    return await rateOf(clients, seconds, () => pool.query(insert));
  } finally {
    await pool.end();
  }
}
