import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Timers whose time has been acted upon. */
export async function useTimers(tx: Tx, timers: readonly string[]): Promise<void> {
  if (timers.length === 0) return;
  await sql`delete from millrace.timer where id = any(${timers}::uuid[])`.execute(tx);
}
