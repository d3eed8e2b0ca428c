/** What putting a record leaves behind, on a real database. */
import type { JsonObject } from '@millrace/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeRecords } from '../postgres/commit/write-records.ts';
import { environment, startRecords } from './records.fixture.ts';

let setup: Awaited<ReturnType<typeof startRecords>>;
beforeAll(async () => {
  setup = await startRecords();
});
afterAll(() => setup?.stop());

/** Puts as a step does, and commits. */
async function put(id: string, data: JsonObject, why?: string) {
  const { burst, database, tenant } = setup;
  const buffer = burst();
  const owner = { run: crypto.randomUUID(), tenant, environment, flowId: 'catalogue' };
  const record = await buffer.as('keep').put('article', id, data, why);
  const owned = buffer.pending().map((write) => ({ ...write, ...owner }));
  await database.asTenants([tenant], (tx) => writeRecords(tx, owned));
  return record;
}

test('R-C2 a record that has the very data already makes no new version', async () => {
  expect(await put('A', { sku: 'A', price: 10 })).toMatchObject({ version: 1 });
  expect(await put('A', { price: 10, sku: 'A' })).toMatchObject({ version: 1, data: { state: 'ACTIVE' } });
  expect(await put('A', { sku: 'A', price: 11 }, 'It costs more.')).toMatchObject({ version: 2 });
  expect(await setup.rows("select version, why from millrace.record_history where id = 'A' order by version")).toEqual([
    { version: 1, why: null },
    { version: 2, why: 'It costs more.' },
  ]);
});

test('what was put twice in one burst is compared with what the burst itself has written', async () => {
  const records = setup.burst().as('keep');
  await records.put('article', 'B', { sku: 'B', price: 1 });
  await records.put('article', 'B', { sku: 'B', price: 2 });
  expect(await records.put('article', 'B', { sku: 'B', price: 2 })).toMatchObject({ version: 2 });
  expect(await records.put('article', 'B', { sku: 'B', price: 1 })).toMatchObject({ version: 3 });
});
