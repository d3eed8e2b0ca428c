import type { JsonObject } from '@millrace/contract';
import { login, SandboxErp } from '@millrace/pack-commerce/sandbox';
import { expect, onTestFinished, test } from 'vitest';
import { startMailServer } from '../../runtime/alerts/alerts.fixture.ts';
import { orderOf, shopSecret, startInstance } from './shop.fixture.ts';

// Hundreds of runs with all that they call; a busy machine takes its time over them.
const patienceMs = 300_000;

async function shop(stock: Readonly<Record<string, number>>) {
  const instance = await startInstance();
  const erp = await SandboxErp.start();
  onTestFinished(() => erp.down());
  const tenant = await instance.tenant('shop');
  await instance.deploy(tenant, 'flows/commerce-orders', {
    shop: { current: shopSecret },
    erp: { baseUrl: erp.url, auth: 'bearer', token: login.token },
  });
  await instance.keepStock(tenant, stock);
  const orders = () => instance.records(tenant, 'shop-order');
  return { ...instance, erp, shop: tenant, orders, stock: () => instance.records(tenant, 'stock') };
}

/** Ids of the orders that the ERP has of an article, in the order in which it got them. */
function toldOf(erp: SandboxErp, sku: string): string[] {
  const { orders } = erp.books.state() as { orders: { order_id: string; line_items: { sku: string }[] }[] };
  return orders.filter(({ line_items }) => line_items.some((line) => line.sku === sku)).map(({ order_id }) => order_id);
}

function idsIn(records: readonly JsonObject[], sku: string): string[] {
  return records.filter(({ stock_ids }) => (stock_ids as string[]).includes(sku)).map(({ order_id }) => `${order_id}`);
}

test('R-C4 of a hundred orders at once for the last ten pieces ten are taken, and the others told what is left', {
  timeout: patienceMs,
}, async () => {
  const { order, engine, erp, orders, stock } = await shop({ A: 10 });
  const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => order(orderOf(`ORD-${index}`, 'A'))));
  await engine.settle();
  const taken = answers.filter(({ status }) => status === 201);
  expect(taken).toHaveLength(10);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(90);
  for (const { body } of answers.filter(({ status }) => status === 409))
    expect(body).toMatchObject({ code: 'STOCK_UNAVAILABLE', unavailable: [{ sku: 'A', wanted: 1 }] });
  expect(await stock()).toMatchObject([{ quantity: 0, reserved: 0 }]);
  const records = await orders();
  const synced = records.filter(({ status }) => status === 'SYNCED');
  expect(synced.map(({ order_id }) => order_id).sort()).toEqual(taken.map(({ body }) => body.order_id).sort());
  expect(toldOf(erp, 'A')).toEqual(idsIn(synced, 'A'));
});

test('R-C4 what the shop is answered', async () => {
  const { order, engine, url } = await shop({ A: 1 });
  expect(await order(orderOf('ORD-1', 'A'))).toEqual({ status: 201, body: { order_id: 'ORD-1', status: 'RESERVED' } });
  await engine.settle();
  expect(await order(orderOf('ORD-1', 'A'))).toEqual({ status: 200, body: { order_id: 'ORD-1', status: 'SYNCED' } });
  expect(await order(orderOf('ORD-1', 'B'))).toMatchObject({ status: 409, body: { code: 'ORDER_ID_TAKEN' } });
  const unavailable = { status: 409, body: { code: 'STOCK_UNAVAILABLE', unavailable: [{ sku: 'A', available: 0 }] } };
  expect(await order(orderOf('ORD-2', 'A'))).toMatchObject(unavailable);
  expect(await order(orderOf('ORD-2', 'A'))).toMatchObject(unavailable);
  expect(await order({ ...orderOf('ORD-3', 'A'), order_date: 'yesterday' })).toMatchObject({
    status: 400,
    body: { code: 'ORDER_INVALID', problems: [{ pointer: '/order_date' }] },
  });
  expect(await order('{"order_id":')).toMatchObject({ status: 400 });
  expect(await order(orderOf('ORD-4', 'A'), 'another secret')).toMatchObject({ status: 401 });
  expect((await fetch(`${url}/hooks/shop/orders`, { method: 'POST', body: '{}' })).status).toBe(401);
});

test('R-C5 through three hours without the ERP in mid-day every order comes to it once, in order for every article', {
  timeout: patienceMs,
}, async () => {
  const { order, pass, engine, erp, orders, stock, alerts, shop: tenant } = await shop({ A: 50, B: 50, C: 50 });
  const bought = [['A'], ['A', 'B'], ['B'], ['C'], ['B', 'C'], ['A'], ['C', 'A']];
  let number = 0;
  const buy = async () => {
    for (const skus of bought) expect(await order(orderOf(`ORD-${++number}`, ...skus))).toMatchObject({ status: 201 });
    await engine.settle();
  };
  await buy();
  await erp.down();
  for (let half = 0; half < 6; half++) {
    await buy();
    await pass(30, 5);
  }
  const away = await orders();
  expect(away.filter(({ status }) => status === 'RESERVED_LOCALLY').map(({ order_id }) => order_id)).toEqual([
    'ORD-8',
    'ORD-11',
  ]);
  expect(away.filter(({ status }) => status === 'QUEUED')).toHaveLength(40);
  expect(await alerts(tenant)).toEqual([{ code: 'ERP_AWAY', open: true }]);
  await buy();

  await erp.up();
  erp.faults.add({ act: 'lose-answer', times: 2 });
  await pass(3, 1);
  await pass(30, 15);

  const records = await orders();
  expect(new Set(records.map(({ status }) => status))).toEqual(new Set(['SYNCED']));
  expect(records).toHaveLength(number);
  for (const sku of ['A', 'B', 'C']) expect(toldOf(erp, sku)).toEqual(idsIn(records, sku));
  expect(erp.books.state().orders).toHaveLength(number);
  expect(await stock()).toMatchObject([
    { sku: 'A', quantity: 50 - 4 * 8, reserved: 0 },
    { sku: 'B', quantity: 50 - 3 * 8, reserved: 0 },
    { sku: 'C', quantity: 50 - 3 * 8, reserved: 0 },
  ]);
  expect((await alerts(tenant)).filter(({ open }) => open)).toEqual([]);
});

test('R-C4 R-C5 stock that the ERP has told after an order whose answer was lost is not lowered once more', async () => {
  const { order, erp, shop: tenant, pass, engine, stock, orders, erpTellsStock } = await shop({ A: 5, B: 5 });
  erp.faults.add({ act: 'lose-answer' });
  await order(orderOf('ORD-1', 'A'));
  await engine.settle();
  await pass(5);
  await erpTellsStock(tenant, 'A', 4);
  erp.faults.add({ act: 'fail', status: 503 });
  await order(orderOf('ORD-2', 'B'));
  await engine.settle();
  await pass(5);
  await erpTellsStock(tenant, 'B', 5);
  await pass(30, 5);
  expect(await orders()).toMatchObject([
    { status: 'SYNCED', attempts: 2 },
    { status: 'SYNCED', attempts: 2 },
  ]);
  expect(await stock()).toMatchObject([
    { sku: 'A', quantity: 4, reserved: 0 },
    { sku: 'B', quantity: 4, reserved: 0 },
  ]);
});

test('R-C7 an order that the ERP has not been told of for 24 hours leads to an e-mail', {
  timeout: patienceMs,
}, async () => {
  const { order, erp, shop: tenant, pass, mailAlerts, orders } = await shop({ A: 1 });
  const mail = await startMailServer();
  onTestFinished(() => mail.stop());
  const alerts = await mailAlerts(tenant, mail.server(), 'admin@shop.example');
  const subjects = async () => {
    await alerts.now();
    return mail.received.map(({ source }) => /^Subject: (.*(?:\r\n .*)*)/m.exec(source)?.[1]?.replaceAll('\r\n', ''));
  };
  await erp.down();
  await order(orderOf('ORD-1', 'A'));
  await pass(135, 15);
  const away = 'Millrace, high: The ERP cannot be told of orders; their stock is reserved here alone until it is back.';
  expect(await subjects()).toEqual([away]);
  await pass(21 * 60);
  expect(await subjects()).toEqual([away]);
  await pass(60);
  await pass(2, 1);
  const late = 'Millrace, high: The ERP has not been told of order ORD-1 for more than 24 hours.';
  expect(await subjects()).toEqual([away, late]);
  expect(mail.received.at(-1)?.to).toEqual(['admin@shop.example']);
  await pass(2, 1);
  expect(await subjects()).toEqual([away, late]);
  await erp.up();
  await pass(2, 1);
  expect(await orders()).toMatchObject([{ status: 'SYNCED' }]);
});
