import { openNetwork } from '@millrace/testing/run-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import postgres from './connection.ts';
import { startDatabase } from './database.fixture.ts';

let database: Awaited<ReturnType<typeof startDatabase>>;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database?.stop());

const signal = new AbortController().signal;

test('a test tells what was reached', async () => {
  expect(await postgres.probe(database.config, signal, openNetwork)).toEqual({
    ok: true,
    message: expect.stringMatching(/PostgreSQL \d+/),
  });
});

test('or why not', async () => {
  expect(await postgres.probe({ ...database.config, database: 'nowhere' }, signal, openNetwork)).toMatchObject({
    ok: false,
    message: 'There is no such database on the server.',
  });
});

test.each([
  ['postgres://anna:p%23ss@db.example.com/erp', { username: 'anna', password: 'p#ss', encryption: 'verified' }],
  ['postgresql://anna@127.0.0.1:5433/erp?sslmode=disable', { port: 5433, encryption: 'none' }],
])('%s', (text, expected) => {
  expect(postgres.fromText(text)).toMatchObject({ database: 'erp', ...expected });
});

test.each([
  ['db.example.com', ''],
  ['postgres://anna:canary@db.example.com', '/database'],
  ['postgres://anna:canary@db.example.com/erp?sslmode=prefer', '/encryption'],
])('%s is refused without being repeated', (text, pointer) => {
  expect(() => postgres.fromText(text)).toThrow(expect.objectContaining({ options: { pointer } }));
  expect(() => postgres.fromText(text)).not.toThrow(/canary/);
});
