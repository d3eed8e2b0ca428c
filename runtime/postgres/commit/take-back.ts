import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { BurstWrites } from './burst-writes.ts';

/** Runs that were parked by this commit and for which it turned out that something is there already: they go on. */
export async function takeBack(tx: Tx, parked: readonly BurstWrites[]): Promise<void> {
  const [first] = parked;
  if (!first) return;
  const { holder, ms } = first.lease;
  await sql`
    update millrace.run set status = 'running', lease_holder = ${holder},
      lease_until = millrace.now() + ${ms} * interval '1 ms'
    where id = any(${parked.map(({ run }) => run)}::uuid[])`.execute(tx);
}
