/** What reading records costs, on a real database. */
import type { Records } from '@millrace/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluationFor } from '../engine/evaluation.ts';
import { openRecordReads } from '../engine/record-reads.ts';
import { bufferRecords } from '../engine/records.ts';
import { startEvaluator } from '../evaluator/evaluator.ts';
import type { Database, Transactions } from '../postgres/database.ts';
import { environment, type RecordsFixture, startRecords } from './records.fixture.ts';

let fixture: RecordsFixture;
const evaluator = startEvaluator({ processes: 1 });
const ids = Array.from({ length: 40 }, (_, number) => `P${number}`);
beforeAll(async () => {
  fixture = await startRecords();
  await fixture.sync(ids.slice(0, 20).map((sku) => ({ sku, price: 1 })));
});
afterAll(async () => {
  await evaluator.close();
  await fixture?.stop();
});

/** Bursts' records, and how many transactions they have begun. */
function counted() {
  const { database, tenant } = fixture;
  let transactions = 0;
  const counting = <T extends Transactions>(way: T): T => ({
    ...way,
    asTenants: (tenants: readonly string[], work: Parameters<T['asTenants']>[1]) => {
      transactions++;
      return way.asTenants(tenants, work);
    },
  });
  const ways = <T extends Transactions & { atOnce: Transactions }>(way: T): T => ({
    ...counting(way),
    atOnce: counting(way.atOnce),
  });
  const counter: Database = { ...ways(database), byIndex: ways(database.byIndex) };
  const at = { id: crypto.randomUUID(), tenant, environment, flowId: 'catalogue' };
  const reads = openRecordReads(counter);
  const flow = {};
  const another = () => bufferRecords(at, counter, evaluationFor(evaluator, tenant), reads.of(at, flow));
  return { records: another(), another, transactions: () => transactions };
}

test('R-O4 records that are asked for in one go are read in one transaction, with their types', async () => {
  const { records, transactions } = counted();
  const step = records.as('keep', new Date());
  const found = await Promise.all(
    ids.flatMap((id) => [step.get('product', id), step.get('article', id), step.get('product', id)]),
  );
  expect(found.filter((record) => record !== undefined)).toHaveLength(40);
  for (const sku of ids) await step.put('product', sku, { sku, price: 2 });
  expect(transactions()).toBe(1);
  expect(records.pending()).toHaveLength(40);
});

test('what runs ask for while another is answered is read in one transaction', async () => {
  const { another, transactions } = counted();
  const found = await Promise.all(ids.slice(0, 20).map((id) => another().readonly.get('product', id)));
  expect(found.map((record) => record?.id)).toEqual(ids.slice(0, 20));
  expect(transactions()).toBe(2);
});

test('a type that a run of the flow has asked for is read with the first record of the next one', async () => {
  const { records, another, transactions } = counted();
  const keep = async (step: Records, price: number) => {
    await step.get('product', 'P1');
    await step.put('product', 'P1', { sku: 'P1', price });
  };
  await keep({ ...records.as('keep', new Date()), get: records.readonly.get }, 5);
  expect(transactions()).toBe(2);
  const next = another();
  await keep({ ...next.as('keep', new Date()), get: next.readonly.get }, 6);
  expect(transactions()).toBe(3);
});

test('what two branches read at the same moment is one record to both', async () => {
  const { records } = counted();
  const [one, other] = [records.as('one', new Date()), records.as('other', new Date())];
  await Promise.all([
    one.put('product', 'P0', { sku: 'P0', price: 3 }),
    other.put('product', 'P0', { sku: 'P0', price: 4 }),
  ]);
  expect(records.pending()).toMatchObject([
    { id: 'P0', expected: 1, changes: [{ data: { price: 3 } }, { data: { price: 4 } }] },
  ]);
});

test('a type that there is not is refused, and the others are not', async () => {
  const { records } = counted();
  const step = records.as('keep', new Date());
  const results = await Promise.allSettled([step.get('nonsense', 'P1'), step.get('product', 'P1')]);
  expect(results).toMatchObject([
    { status: 'rejected', reason: { code: 'RECORD_TYPE_UNKNOWN' } },
    { status: 'fulfilled', value: { id: 'P1' } },
  ]);
});
