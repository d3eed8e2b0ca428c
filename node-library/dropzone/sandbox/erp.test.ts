import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderPlace, type Place } from '@millrace/file-exchange/places.fixture';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readAck } from '../ack/read-ack.ts';
import { startSandboxErp } from './erp.ts';

let place: Place;
beforeEach(async () => {
  place = await folderPlace();
});
afterEach(() => place.stop());

/** Lets the ERP answer the orders that lie there, and gives its acks. */
async function answersTo(orders: Record<string, unknown>) {
  for (const [name, order] of Object.entries(orders)) await writeFile(join(place.root, name), JSON.stringify(order));
  await new Promise<void>((resolve) => {
    let left = Object.keys(orders).length;
    const erp = startSandboxErp({ folder: place.root, answerAfterMs: 0, log: () => --left || resolve(erp.stop()) });
  });
  const names = await readdir(join(place.root, 'ack'));
  return Promise.all(names.map(async (name) => readAck(name, await readFile(join(place.root, 'ack', name)), false)));
}

test('R-D4 the demonstration ERP acks an order under its stamp and moves it to archive/', async () => {
  const name = 'sales_order_4711_20251227T100000Z.json';
  const acks = await answersTo({ [name]: { draft_order_id: '4711', customer: { erp_customer_number: 'CUST-4711' } } });
  const erp_order_id = expect.stringMatching(/^SO-\d{4}-000001$/);
  expect(acks).toEqual([
    { key: '4711', payload: expect.objectContaining({ status: 'ACKED', erp_order_id, stamp: '20251227T100000Z' }) },
  ]);
  expect(await readdir(join(place.root, 'archive'))).toEqual([name]);
});

test('R-D4 the demonstration ERP numbers on, and books an order delivered twice once', async () => {
  const customer = { erp_customer_number: 'CUST-1' };
  const acks = await answersTo({
    'sales_order_a_1.json': { draft_order_id: 'a', customer },
    'sales_order_a_2.json': { draft_order_id: 'a', customer },
    'sales_order_b_1.json': { draft_order_id: 'b', customer },
  });
  const numbers = acks.map(({ key, payload }) => [key, String(payload.erp_order_id).slice(-1)]);
  expect(numbers.sort()).toEqual([
    ['a', '1'],
    ['a', '1'],
    ['b', '2'],
  ]);
});

test.each([
  [
    'an unknown customer',
    { draft_order_id: '4711', customer: { erp_customer_number: 'CUST-0000' } },
    'INVALID_CUSTOMER',
  ],
  ['no customer', { draft_order_id: '4711' }, 'INVALID_CUSTOMER'],
  ['another order’s name', { draft_order_id: '4712' }, 'INVALID_DOCUMENT'],
  ['no object', 'order', 'INVALID_DOCUMENT'],
])('R-D4 the demonstration ERP refuses an order with %s', async (_case, order, error_code) => {
  const acks = await answersTo({ 'sales_order_4711_1.json': order });
  expect(acks).toEqual([{ key: '4711', payload: expect.objectContaining({ status: 'FAILED', error_code }) }]);
});
