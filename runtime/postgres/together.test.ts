import { createDatabase, type TestDatabase } from '@millrace/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from './database.ts';
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

const numbers = Array.from({ length: 20 }, (_, number) => number);
const tell = (tx: Parameters<Parameters<Database['asScanner']>[0]>[0], name: string) =>
  sql<{
    value: string;
  }>`select set_config('app.story', coalesce(current_setting('app.story', true), '') || ${name}, true) as value`.execute(
    tx,
  );

test('statements that are asked for together are done in their order, from the first use of a connection on', async () => {
  for (let time = 0; time < 3; time++) {
    const told = await database.asScanner((tx) => together(numbers.map((number) => tell(tx, `${number} `))));
    expect(told.at(-1)?.rows).toEqual([{ value: numbers.map((number) => `${number} `).join('') }]);
  }
});

test('the first statement that fails is told of, when the others have come to their end; nothing of all is kept', async () => {
  const broken = database.asScanner((tx) =>
    together([
      sql`insert into millrace.tenant (slug, name) values ('gone', 'Gone')`.execute(tx),
      sql`select 1 / 0`.execute(tx),
      sql`select nonsense`.execute(tx),
    ]),
  );
  await expect(broken).rejects.toMatchObject({ code: '22012' });
  const { rows } = await database.asScanner((tx) => sql`select from millrace.tenant where slug = 'gone'`.execute(tx));
  expect(rows).toEqual([]);
});

test('a transaction whose error nobody wanted to hear is not taken for committed', async () => {
  const deaf = database.asScanner(async (tx) => {
    await sql`select 1 / 0`.execute(tx).catch(() => undefined);
    return 'done';
  });
  await expect(deaf).rejects.toThrow('was not committed');
});
