/** What statements that are sent as one message do, on a real database. */
import { createDatabase, type TestDatabase } from '@millrace/testing';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Line, openLine } from './line.ts';
import { patience } from './patience.ts';

let scratch: TestDatabase;
let client: pg.Client;
let line: Line;
let messages: number;
beforeAll(async () => {
  scratch = await createDatabase();
});
afterAll(() => scratch.drop());
beforeEach(async () => {
  client = new pg.Client({ connectionString: scratch.url, ...patience() });
  await client.connect();
  const { stream } = (client as unknown as { connection: pg.Connection }).connection;
  stream.on('data', () => messages++);
  line = openLine(client);
  messages = 0;
  return () => client.end();
});

const sum = (one: number, other: number) => line.ask('select $1::int + $2::int as sum', [one, other]);

test('statements that are asked for in one go are answered together, each with its own rows', async () => {
  await Promise.all([sum(1, 1), line.ask('select 1 as first, null as second')]);
  messages = 0;
  const answers = await Promise.all([
    sum(1, 2),
    line.ask("select * from (values ('a'), ('b')) as letters (letter)"),
    line.ask('create temp table kept as select 1 as number'),
    sum(3, 4),
    line.ask('delete from kept'),
    line.ask('select 1 as first, null as second'),
  ]);
  expect(messages).toBe(1);
  expect(answers.map(({ rows }) => rows)).toEqual([
    [{ sum: 3 }],
    [{ letter: 'a' }, { letter: 'b' }],
    [],
    [{ sum: 7 }],
    [],
    [{ first: 1, second: null }],
  ]);
  expect(answers[4]).toMatchObject({ command: 'DELETE', count: 1 });
});

test('those behind one that fails are not done; they fail with it, and so may be asked for again', async () => {
  for (let time = 0; time < 3; time++) {
    const answers = await Promise.allSettled([
      sum(time, 1),
      line.ask('select 1 / $1::int as part', [0]),
      line.ask(`create temp table never as select ${time} as number`),
      line.ask('select count(*)::int as tables from pg_class where relname = $1', ['never']),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect(answers.slice(1)).toMatchObject(answers.slice(1).map(() => ({ reason: { code: '22012' } })));
    expect((await line.ask('select count(*)::int as tables from pg_class where relname = $1', ['never'])).rows).toEqual(
      [{ tables: 0 }],
    );
  }
});

test('what fails at the end fails for all, for nothing of it is kept', async () => {
  await line.ask('create temp table one (number int primary key deferrable initially deferred)');
  const twice = () => line.ask('insert into one values (1)');
  const answers = await Promise.allSettled([twice(), twice()]);
  expect(answers).toMatchObject([{ reason: { code: '23505' } }, { reason: { code: '23505' } }]);
  expect((await line.ask('select from one')).rows).toEqual([]);
});

test('a value that cannot be written, and an answer that cannot be read, fail alone with their go', async () => {
  const endless: object[] = [];
  endless.push({ endless });
  await expect(line.ask('select $1::json as value', [endless[0]])).rejects.toThrow(TypeError);
  client.setTypeParser(pg.types.builtins.INT4, () => {
    throw new Error('unreadable');
  });
  await expect(line.ask('select 1::int as number')).rejects.toThrow('unreadable');
  expect((await line.ask("select 'x' as text")).rows).toEqual([{ text: 'x' }]);
});

test('what was dropped is never sent', async () => {
  const dropped = line.ask('create temp table dropped ()');
  line.drop();
  await expect(dropped).rejects.toThrow(TypeError);
  expect((await line.ask("select to_regclass('dropped') as found")).rows).toEqual([{ found: null }]);
});
