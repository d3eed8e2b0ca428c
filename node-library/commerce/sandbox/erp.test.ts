import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Json } from '@millrace/contract';
import { expect, onTestFinished, test } from 'vitest';
import { login, SandboxErp } from './erp.ts';
import { erpSandbox } from './sandbox.ts';

const order = {
  order_id: 'ORD-1',
  order_date: '2026-03-02T09:00:00Z',
  customer_ref: 'CUST-1',
  line_items: [{ sku: 'A', quantity: 2, unit_price: 79900.0 }],
};
const bearer = { Authorization: `Bearer ${login.token}` };

async function setup() {
  let now = new Date('2026-03-02T09:00:00Z');
  const erp = await SandboxErp.start({ now: () => now });
  onTestFinished(() => erp.down());
  const call = async (path: string, body?: unknown, headers: Record<string, string> = bearer) => {
    const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${erp.url}/api/v1/${path}`, init);
    return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
  };
  const turn = (time: string) => {
    now = new Date(time);
  };
  return { erp, call, turn };
}

test('R-C4 an order lowers the stock once, however often it comes', async () => {
  const { erp, call } = await setup();
  erp.books.setStock('A', '10', 'GOODS_RECEIPT');
  expect(await call('orders/import', order)).toMatchObject({ status: 201, body: { erp_order_id: 'SO-000001' } });
  expect(await call('orders/import', order)).toMatchObject({ status: 200, body: { erp_order_id: 'SO-000001' } });
  erp.repeats = 'conflict';
  expect(await call('orders/import', order)).toMatchObject({ status: 409, body: { code: 'ALREADY_KNOWN' } });
  expect(erp.books.state()).toMatchObject({ stock: { A: 8 }, orders: [{ order_id: 'ORD-1', asked: 3 }] });
});

test('R-C4 an adjustment lowers the stock once, and exactly', async () => {
  const { erp, call } = await setup();
  erp.books.setStock('A', '0.3', 'GOODS_RECEIPT');
  const adjustment = { reference_id: 'ORD-1', adjustments: [{ sku: 'A', quantity_change: -0.1, warehouse_id: 'W' }] };
  await call('inventory/adjust', adjustment);
  expect(await call('inventory/adjust', adjustment)).toMatchObject({ status: 200 });
  expect(erp.books.state()).toMatchObject({ stock: { A: 0.2 } });
});

test('R-C4 it is asked with a bearer token or an API key, and with nothing else', async () => {
  const { call } = await setup();
  expect(await call('inventory/snapshot', undefined, { 'X-Api-Key': login.key })).toMatchObject({ status: 200 });
  expect(await call('inventory/snapshot', undefined, { Authorization: 'Bearer other' })).toMatchObject({ status: 401 });
});

test('a data error names every place', async () => {
  const { erp, call } = await setup();
  erp.books.setStock('A', '1', 'GOODS_RECEIPT');
  const unknown = { ...order, line_items: [...order.line_items, { sku: 'Z', quantity: 1, unit_price: 1 }] };
  expect(await call('orders/import', unknown)).toMatchObject({
    status: 400,
    body: { problems: [{ code: 'UNKNOWN_SKU', pointer: '/line_items/1/sku' }] },
  });
  expect(await call('orders/import', { ...order, line_items: [] })).toMatchObject({
    status: 400,
    body: { problems: [{ pointer: '/line_items' }] },
  });
  expect(erp.books.state()).toMatchObject({ stock: { A: 1 }, orders: [] });
});

test('R-C6 the stock is given as a JSON stream, or as CSV behind an address', async () => {
  const { erp, call } = await setup();
  for (let index = 0; index < 2500; index++) erp.books.setStock(`S"${index}`, String(index), 'STOCK_TAKING');
  const { body } = await call('inventory/snapshot');
  expect(body).toHaveLength(2500);
  expect(body).toMatchObject({ 1: { sku: 'S"1', qty: 1 }, 2499: { qty: 2499 } });
  erp.snapshot = 'csv';
  const { url } = (await call('inventory/snapshot')).body as { url: string };
  expect((await (await fetch(url)).text()).split('\r\n').slice(0, 2)).toEqual(['sku,qty', '"S""0",0']);
});

test('faults befall as many requests as was asked for', async () => {
  const { erp, call } = await setup();
  erp.faults.add({ act: 'fail', status: 429, retryAfter: 7 });
  erp.faults.add({ act: 'lose-answer' });
  const told = await call('orders/import', order);
  expect([told.status, told.headers.get('retry-after')]).toEqual([429, '7']);
  await expect(call('orders/import', order)).rejects.toThrow('fetch failed');
  expect(await call('orders/import', order)).toMatchObject({ status: 200, body: { erp_order_id: 'SO-000001' } });
});

test('an ERP that is down answers nobody, and comes back at its address with its books', async () => {
  const { erp, call } = await setup();
  await call('orders/import', order);
  await erp.down();
  await expect(call('orders/import', order)).rejects.toThrow('fetch failed');
  await erp.up();
  expect(await call('orders/import', order)).toMatchObject({ status: 200 });
});

test('R-C3 R-C7 every change of a stock level is told by a signed webhook, and again by the ladder', async () => {
  const { erp, turn } = await setup();
  const received: { headers: Record<string, unknown>; body: string }[] = [];
  const statuses = [503, 200];
  const shop = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(statuses.shift() ?? 500).end();
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void shop.close());
  erp.webhooks.listen({ url: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`, secret: 'known' });
  erp.books.setStock('A', '49', 'POS_SALE');
  await erp.webhooks.deliverDue();
  await erp.webhooks.deliverDue();
  expect(received).toHaveLength(1);
  expect(erp.webhooks.nextDue).toEqual(new Date('2026-03-02T09:01:00Z'));
  turn('2026-03-02T09:01:00Z');
  await erp.webhooks.deliverDue();
  expect(erp.webhooks.state()).toMatchObject([
    { data: { sku: 'A', new_quantity: 49, reason: 'POS_SALE' }, state: 'delivered', attempts: 2, status: 200 },
  ]);
  expect(received[0]?.body).toBe(received[1]?.body);
  expect(received[0]?.headers['x-erp-signature']).toMatch(/^[0-9a-f]{64}$/);
});

test('what waits for another attempt is sent before it is due where somebody wants it', async () => {
  const { erp } = await setup();
  const statuses = [503, 200];
  const shop = createServer((_request, response) => void response.writeHead(statuses.shift() ?? 500).end());
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void shop.close());
  erp.webhooks.listen({ url: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`, secret: 'known' });
  erp.books.setStock('A', '49', 'POS_SALE');
  await erp.webhooks.deliverDue();
  await erp.webhooks.deliverWaiting();
  expect(erp.webhooks.state()).toMatchObject([{ state: 'delivered', attempts: 2 }]);
});

test('the sandbox does what a flow test’s script says, and refuses what it does not know', async () => {
  const options = { folder: '', now: () => new Date(), database: () => Promise.reject(new Error('not needed')) };
  const sandbox = await erpSandbox(options, 'api-key');
  onTestFinished(() => sandbox.stop());
  await sandbox.act({ act: 'stock', levels: { A: 5 } });
  expect(await sandbox.state()).toMatchObject({ stock: { A: 5 }, orders: [], requests: {} });
  expect(sandbox.config).toMatchObject({ auth: 'header', name: 'X-Api-Key' });
  await expect(sandbox.act({ act: 'explode' })).rejects.toMatchObject({ code: 'SANDBOX_ACT_UNKNOWN' });
});
