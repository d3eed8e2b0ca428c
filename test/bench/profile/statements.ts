import type pg from 'pg';

export interface Statement {
  readonly text: string;
  readonly calls: number;
  /** Milliseconds inside the server, all calls together. */
  readonly totalMs: number;
}

/** Statements are counted by `pg_stat_statements`, which the server must have preloaded. */
export async function countStatements(observer: pg.Client): Promise<void> {
  await observer.query('create extension if not exists pg_stat_statements');
  await observer.query('select pg_stat_statements_reset()');
}

/** What was executed in a database since, most often first. */
export async function readStatements(observer: pg.Client, database: string): Promise<Statement[]> {
  const { rows } = await observer.query(
    `select regexp_replace(query, '\\s+', ' ', 'g') as text, sum(calls)::float8 as calls, sum(total_exec_time + total_plan_time)::float8 as "totalMs"
     from pg_stat_statements where dbid = (select oid from pg_database where datname = $1)
     group by 1 order by 3 desc`,
    [database],
  );
  return rows as Statement[];
}
