import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyRun } from './copy-runs.ts';
import { type DatabaseServer, startDatabaseServer } from './server.ts';

let server: DatabaseServer;
beforeAll(async () => {
  server = await startDatabaseServer();
});
afterAll(() => server?.stop());

/** Tables like the engine's, as far as copying is concerned. */
const tables = `
  create schema millrace;
  create table millrace.run (id uuid primary key default uuidv7(), status text, bytes integer generated always as (1) stored);
  create table millrace.step (run_id uuid references millrace.run, key text, seq bigint generated always as identity, output json, primary key (run_id, key));
  create table millrace.wait (id uuid primary key default uuidv7(), run_id uuid references millrace.run, channel text);
  create table millrace.trigger_event (event_id text primary key, run_id uuid references millrace.run);
  insert into millrace.run (status) values ('succeeded'), ('failed');
  insert into millrace.step (run_id, key, output) select run.id, key, '{"a":1}' from millrace.run, unnest(array['order', 'map']) key;
  insert into millrace.wait (run_id, channel) select id, 'acks' from millrace.run;
  insert into millrace.trigger_event select 'event', id from millrace.run limit 1`;

test('one run is stored again and again with everything that was written of it', async () => {
  await server.createDatabase('copies');
  const client = await server.connect('copies');
  await client.query(tables);
  const { rows } = await client.query("select id from millrace.run where status = 'succeeded'");
  await copyRun(client, rows[0].id, 100);
  const counts = await client.query(`
    select (select count(*)::integer from millrace.run where status = 'succeeded') as runs,
           (select count(distinct (run_id, key, seq))::integer from millrace.step join millrace.run on run.id = run_id) as steps,
           (select count(distinct run_id)::integer from millrace.wait) as waits`);
  await client.end();
  expect(counts.rows).toEqual([{ runs: 101, steps: 204, waits: 102 }]);
});
