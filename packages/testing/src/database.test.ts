import pg from 'pg';
import { expect, test } from 'vitest';
import { createDatabase } from './database.ts';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(sql).finally(() => client.end());
  return rows;
}

test('a prepared state is made once and copied into every database', async () => {
  let prepared = 0;
  const prepare = async (url: string) => {
    prepared++;
    await query(url, 'create table greeting as select 1 as number');
  };
  const [one, two] = await Promise.all([
    createDatabase({ prepare, template: 'greeting' }),
    createDatabase({ prepare, template: 'greeting' }),
  ]);
  await query(one.url, 'update greeting set number = 2');
  expect(await query(two.url, 'select number from greeting')).toEqual([{ number: 1 }]);
  expect(prepared).toBe(1);
  await Promise.all([one.drop(), two.drop()]);
});

test('tests run as a role that row-level security holds for', async () => {
  const database = await createDatabase();
  const role = await query(database.url, 'select rolsuper, rolbypassrls from pg_roles where rolname = current_user');
  expect(role).toEqual([{ rolsuper: false, rolbypassrls: false }]);
  await database.drop();
});
