import { createDatabase, type TestDatabase } from '@millrace/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase, type Tx } from './database.ts';
import { migrate } from './migrate.ts';
import { together } from './together.ts';

let scratch: TestDatabase;
let database: Database;
beforeAll(async () => {
  scratch = await createDatabase({ template: 'millrace', prepare: migrate });
  database = openDatabase(scratch.url, { size: 2 });
});
afterAll(async () => {
  await database.close();
  await scratch.drop();
});

const addTenant = (tx: Tx, slug: string) =>
  sql`insert into millrace.tenant (slug, name) values (${slug}, ${slug})`.execute(tx);
const tenants = async () =>
  (await database.asScanner((tx) => sql<{ slug: string }>`select slug from millrace.tenant order by slug`.execute(tx)))
    .rows;

test('statements that are asked for at once are done and committed, from the first use of a connection on', async () => {
  for (const slug of ['a', 'b', 'c'])
    await database.atOnce.asScanner((tx) => together([addTenant(tx, slug), addTenant(tx, `${slug}-2`)]));
  expect((await tenants()).map(({ slug }) => slug)).toEqual(['a', 'a-2', 'b', 'b-2', 'c', 'c-2']);
});

test('where one fails nothing is kept, and the connection goes on to serve', async () => {
  const broken = () =>
    database.atOnce.asScanner((tx) => together([addTenant(tx, 'gone'), sql`select 1 / 0`.execute(tx)]));
  for (let time = 0; time < 3; time++) await expect(broken()).rejects.toMatchObject({ code: '22012' });
  expect(await tenants()).not.toContainEqual({ slug: 'gone' });
});

test('a statement that needs an answer first is refused: the transaction that it would belong to is over', async () => {
  const late = database.atOnce.asScanner(async (tx) => {
    await sql`select 1`.execute(tx);
    await addTenant(tx, 'late');
  });
  await expect(late).rejects.toThrow(TypeError);
  expect(await tenants()).not.toContainEqual({ slug: 'late' });
});

test('work that breaks off before it asks leaves nothing behind', async () => {
  await expect(database.atOnce.asScanner(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await database.atOnce.asScanner((tx) => sql`select 1 as one`.execute(tx))).toMatchObject({
    rows: [{ one: 1 }],
  });
});
