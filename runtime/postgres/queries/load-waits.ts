import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface StoredWait {
  readonly id: string;
  readonly step: string;
  readonly channel: string;
  readonly key: string;
  readonly state: 'open' | 'matched' | 'expired' | 'cancelled';
  readonly openedAt: Date;
  readonly dueAt: Date | null;
  readonly expiresAt: Date | null;
  readonly overdueSince: Date | null;
  readonly closedAt: Date | null;
}

/** The run's waits, oldest first. */
export async function loadWaits(tx: Tx, run: string): Promise<StoredWait[]> {
  const { rows } = await sql<StoredWait>`
    select id, step, channel, key, state, opened_at as "openedAt", due_at as "dueAt", expires_at as "expiresAt",
      overdue_since as "overdueSince", closed_at as "closedAt"
    from millrace.all_waits where run_id = ${run} order by id`.execute(tx);
  return rows;
}
