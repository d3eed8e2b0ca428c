import { startDatabaseServer } from './database/server.ts';
import { runLoad } from './load/run-load.ts';
import { freePort } from './processes/program.ts';
import { startMillrace } from './systems/millrace.ts';

const server = await startDatabaseServer(['pg_stat_statements']);
const sinkPort = await freePort();
const databaseUrl = await server.createDatabase('w');
const millrace = await startMillrace({ databaseUrl, sinkPort });
const db = await server.connect('w');
await db.query('create extension pg_walinspect');
let lsn = '';
const figures = await runLoad(
  { target: millrace.target('ack'), inFlight: 64, lines: 10, warmUpSeconds: 4, seconds: 5, sinkPort },
  {
    async begun() {
      lsn = (await db.query('select pg_current_wal_insert_lsn() as l')).rows[0].l;
    },
    async ended() {
      const end = (await db.query('select pg_current_wal_insert_lsn() as l')).rows[0].l;
      const { rows } = await db.query(
        `select "resource_manager/record_type" as t, count, round(combined_size) as size, round(fpi_size) as fpi from pg_get_wal_stats($1,$2,true) where count > 0 order by combined_size desc limit 25`,
        [lsn, end],
      );
      console.table(rows);
      const r2 = await db.query(
        `select c.relname, b.record_type, count(*) n, sum(b.block_data_length) d, sum(block_fpi_length) f from pg_get_wal_block_info($1,$2) b left join pg_class c on c.relfilenode = b.relfilenode group by 1,2 order by coalesce(sum(b.block_data_length),0) + coalesce(sum(block_fpi_length),0) desc limit 40`,
        [lsn, end],
      );
      console.table(r2.rows);
    },
  },
);
console.log(figures.perSecond ?? figures);
for (const t of ['run', 'step', 'signal', 'wait']) {
  const cols = (
    await db.query(
      `select column_name c from information_schema.columns where table_schema='millrace' and table_name=$1`,
      [t],
    )
  ).rows.map((r) => r.c);
  const q = cols.map((c) => `round(avg(pg_column_size(${c})))::int as "${c}"`).join(',');
  console.log(
    t,
    (await db.query(`select count(*)::int n, ${q}, round(avg(pg_column_size(t.*)))::int whole from millrace.${t} t`))
      .rows[0],
  );
}
console.log(
  (
    await db.query(
      `select relname, n_tup_ins, n_tup_upd, n_tup_hot_upd, n_tup_del from pg_stat_user_tables where n_tup_ins > 0 order by 2 desc limit 12`,
    )
  ).rows,
);
console.log(
  (await db.query(`show default_toast_compression`)).rows,
  (
    await db.query(
      `select indexrelname, relname, pg_relation_size(indexrelid) s from pg_stat_user_indexes where schemaname='millrace' order by 3 desc limit 30`,
    )
  ).rows,
);
await millrace.stop();
await server.stop();
process.exit(0);
