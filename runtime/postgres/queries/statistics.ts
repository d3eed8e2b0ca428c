import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { firstIdAt } from '../runs/ids.ts';

/** A period that is told in parts of the same length. */
export interface Period {
  readonly from: Date;
  readonly partMs: number;
  readonly environment: string;
}

/** Runs that began within a part of the period. */
export interface RunPart {
  /** Where it begins. */
  readonly at: Date;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Running or waiting. */
  readonly open: number;
  /** Milliseconds from beginning to end of half of those that succeeded, and of 95 of 100; null where none did. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/**
 * Runs by when they began; parts without any are left out. Only the newest are looked at where there are more than `most`,
 * and no archive from before the period: so it costs as much as `most` rows at most, by an index.
 */
export async function countRuns(
  tx: Tx,
  tenant: string,
  { from, partMs, environment }: Period,
  most: number,
): Promise<{ parts: RunPart[]; complete: boolean }> {
  const { rows } = await sql<RunPart & { seen: number }>`
    with seen as materialized (
      select status, environment, started_at, extract(epoch from finished_at - started_at) * 1000 as ms
      from millrace.all_runs
      where tenant_id = ${tenant} and id >= ${firstIdAt(from)} and (finished_at is null or finished_at >= ${from})
      order by id desc limit ${most}
    )
    select ${partOf(from, partMs, sql`started_at`)} as at,
      count(*) filter (where status = 'succeeded') as succeeded, count(*) filter (where status = 'failed') as failed,
      count(*) filter (where status = 'cancelled') as cancelled,
      count(*) filter (where status in ('running', 'waiting')) as open,
      percentile_cont(0.5) within group (order by ms) filter (where status = 'succeeded') as "p50Ms",
      percentile_cont(0.95) within group (order by ms) filter (where status = 'succeeded') as "p95Ms",
      (select count(*) from seen) as seen
    from seen where environment = ${environment} group by at order by at`.execute(tx);
  return { parts: rows.map(({ seen, ...part }) => part), complete: (rows[0]?.seen ?? 0) < most };
}

/** Waits that were opened within a part of the period, and are open still. */
export interface WaitPart {
  readonly at: Date;
  readonly open: number;
  readonly overdue: number;
}

/** Reads all that is open of the tenant. Those from before the period count where it begins. */
export async function countWaits(tx: Tx, tenant: string, { from, partMs, environment }: Period): Promise<WaitPart[]> {
  const { rows } = await sql<WaitPart>`
    select ${partOf(from, partMs, sql`greatest(opened_at, ${from}::timestamptz)`)} as at, count(*) as open,
      count(*) filter (where overdue_since is not null) as overdue
    from millrace.wait where tenant_id = ${tenant} and environment = ${environment} and state = 'open'
    group by at order by at`.execute(tx);
  return rows;
}

/** Signals that came within a part of the period. */
export interface SignalPart {
  readonly at: Date;
  readonly accepted: number;
  readonly rejected: number;
  /** Nobody has taken them: too early, too late or not understood. */
  readonly unmatched: number;
}

/** Of the newest `most` alone, as {@link countRuns}. */
export async function countSignals(
  tx: Tx,
  tenant: string,
  { from, partMs, environment }: Period,
  most: number,
): Promise<SignalPart[]> {
  const { rows } = await sql<SignalPart>`
    select ${partOf(from, partMs, sql`received_at`)} as at, count(*) filter (where state in ('matched', 'accepted')) as accepted,
      count(*) filter (where state = 'rejected') as rejected,
      count(*) filter (where state in ('kept', 'late', 'malformed')) as unmatched
    from (
      select state, environment, received_at from millrace.all_signals
      where tenant_id = ${tenant} and id >= ${firstIdAt(from)} order by id desc limit ${most}) as seen
    where environment = ${environment} and received_at >= ${from} group by at order by at`.execute(tx);
  return rows;
}

function partOf(from: Date, partMs: number, time: ReturnType<typeof sql>) {
  return sql`date_bin(${partMs} * interval '1 ms', ${time}, ${from}::timestamptz)`;
}
