import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface Publication {
  readonly flowId: string;
  readonly hash: string;
  /** For people. */
  readonly by: string;
  readonly note?: string | undefined;
}

/**
 * Gives a kept version the next number of its flow; one that has a number keeps that, with who published it and why. The
 * flow's row is locked until the transaction ends, so that no two get the same. Answers the number.
 */
export async function numberVersion(tx: Tx, { flowId, hash, by, note }: Publication): Promise<number> {
  await sql`select from millrace.flow where id = ${flowId} for update`.execute(tx);
  await sql`
    update millrace.flow_version set
      number = 1 + (select coalesce(max(number), 0) from millrace.flow_version where flow_id = ${flowId}),
      published_at = millrace.now(), published_by = ${by}, note = ${note ?? null}
    where hash = ${hash} and number is null`.execute(tx);
  const { rows } = await sql<{ number: number }>`
    select number from millrace.flow_version where hash = ${hash}`.execute(tx);
  return (rows[0] as { number: number }).number;
}
