import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** Looks again and again until the query gives no row. */
export async function untilNone(client: pg.Client, query: string): Promise<void> {
  while ((await client.query(query)).rowCount !== 0) await sleep(20);
}
