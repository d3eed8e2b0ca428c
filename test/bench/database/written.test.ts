import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DatabaseServer, startDatabaseServer } from './server.ts';
import { readWritten, writtenBetween } from './written.ts';

let server: DatabaseServer;
beforeAll(async () => {
  server = await startDatabaseServer();
  await server.createDatabase('counted');
  // Nothing else writes meanwhile.
  await server.observer.query("alter system set autovacuum = 'off'");
  await server.observer.query('select pg_reload_conf()');
});
afterAll(() => server?.stop());

test('transactions that write are counted, by the log and by their ids; those that read or roll back are not commits', async () => {
  const client = await server.connect('counted');
  await client.query('create table entry (id integer)');
  const before = await readWritten(server.observer);
  for (let id = 0; id < 20; id++) await client.query('insert into entry values ($1)', [id]);
  for (let id = 0; id < 30; id++) await client.query('select * from entry');
  for (let id = 0; id < 5; id++) {
    await client.query('begin');
    await client.query('insert into entry values ($1)', [id]);
    await client.query('rollback');
  }
  const after = await readWritten(server.observer);
  await client.end();
  const written = await writtenBetween(server.observer, before, after);
  expect(written).toMatchObject({ commits: 20, transactions: 25 });
  expect(written.walBytes).toBeGreaterThan(0);
});

test('where nothing happened nothing is counted', async () => {
  const now = await readWritten(server.observer);
  expect(await writtenBetween(server.observer, now, now)).toMatchObject({ commits: 0, transactions: 0, walBytes: 0 });
});
