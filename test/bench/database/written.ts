import type pg from 'pg';

/** What the server has written so far. */
export interface Written {
  /** How far the write-ahead log is on disk. */
  readonly lsn: string;
  /** Transactions that were given an id, which is when they first write. */
  readonly transactions: number;
  readonly walBytes: number;
  /** Times that the write-ahead log was forced to disk; processes report theirs once a second. */
  readonly walSyncs: number;
}

export interface WrittenBetween {
  /** Records of commits in the write-ahead log: transactions that only read have none. NaN where the log is gone. */
  readonly commits: number;
  /** The same counted another way, which includes transactions that wrote and rolled back. */
  readonly transactions: number;
  readonly walBytes: number;
  readonly walSyncs: number;
}

export async function readWritten(observer: pg.Client): Promise<Written> {
  const { rows } = await observer.query(`
    select pg_current_wal_flush_lsn()::text as lsn,
           pg_snapshot_xmax(pg_current_snapshot())::text as transactions,
           pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as "walBytes",
           (select sum(fsyncs) from pg_stat_io where object = 'wal')::text as "walSyncs"`);
  const { lsn, transactions, walBytes, walSyncs } = rows[0] as Record<keyof Written, string>;
  return { lsn, transactions: Number(transactions), walBytes: Number(walBytes), walSyncs: Number(walSyncs) };
}

export async function writtenBetween(observer: pg.Client, before: Written, after: Written): Promise<WrittenBetween> {
  return {
    commits: await countCommits(observer, before.lsn, after.lsn),
    transactions: after.transactions - before.transactions,
    walBytes: after.walBytes - before.walBytes,
    walSyncs: after.walSyncs - before.walSyncs,
  };
}

/** Reads the log itself (pg_walinspect); the server keeps it until the checkpoint after the next. */
async function countCommits(observer: pg.Client, from: string, to: string): Promise<number> {
  if (from === to) return 0;
  await observer.query('create extension if not exists pg_walinspect');
  const counting = observer.query(
    `select coalesce(sum(count), 0)::text as commits from pg_get_wal_stats($1, $2, true)
     where "resource_manager/record_type" in ('Transaction/COMMIT', 'Transaction/COMMIT_PREPARED')`,
    [from, to],
  );
  return counting.then(
    ({ rows }) => Number(rows[0].commits),
    () => Number.NaN,
  );
}
