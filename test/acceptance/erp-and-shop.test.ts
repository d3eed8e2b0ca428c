import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '@millrace/testing';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { orderOf, shopSecret, startInstance } from './shop.fixture.ts';

const schemaOf = (flow: string) =>
  readFileSync(fileURLToPath(new URL(`../../flows/${flow}/schema.sql`, import.meta.url)), 'utf8');
const erpToken = 'the token of the shop at the ERP';
const erpSecret = 'the secret of the webhooks';

/** An ERP of nothing but a database and flows, and a shop, as two tenants of one instance. */
async function setup(option: 'A' | 'B' = 'A') {
  // First, so that it goes last: until the instance has stopped, its flows ask it.
  const { url: erpDatabase, drop } = await createDatabase();
  onTestFinished(drop);
  const database = new pg.Client(erpDatabase);
  await database.connect();
  onTestFinished(() => database.end());
  const instance = await startInstance();
  const { url, tenant, deploy } = instance;
  await database.query(schemaOf('erp-webhooks'));
  await database.query(schemaOf('erp-api'));
  const { hostname: host, port, pathname, username, password } = new URL(erpDatabase);
  const sql = { host, port: Number(port), database: pathname.slice(1), username, password, encryption: 'none' };
  const [erp, shop] = [await tenant('erp'), await tenant('shop')];
  await deploy(shop, 'flows/commerce-inbound', { erp: { current: erpSecret } });
  await deploy(shop, 'flows/commerce-orders', {
    shop: { current: shopSecret },
    erp: { baseUrl: `${url}/hooks/erp`, auth: 'bearer', token: erpToken },
  });
  if (option === 'B') await instance.keepReadiness(shop, 'B');
  await deploy(erp, 'flows/erp-api', { erp: sql, shop: { current: erpToken } });
  const webhooks = { erp: sql, shop: { current: erpSecret } };
  await deploy(erp, 'flows/erp-webhooks', webhooks, { shopUrl: `${url}/hooks/shop/erp/events` });
  const stock = async () =>
    (await instance.records(shop, 'stock')).toSorted((a, b) => `${a.sku}`.localeCompare(`${b.sku}`));
  const inErp = async (query: string) => (await database.query(query)).rows;
  return { ...instance, shop, stock, inErp };
}

test('R-C10 R-C3 a sale in the ERP is known to the shop within five seconds', async () => {
  const { inErp, pass, stock } = await setup();
  await inErp(`insert into stock values ('A', null, 50, 'GOODS_RECEIPT'), ('B', null, 7.25, null)`);
  await inErp(`update stock set quantity = quantity - 1, reason = 'POS_SALE' where sku = 'A'`);
  await pass(5 / 60, 1 / 60);
  expect(await stock()).toMatchObject([
    { sku: 'A', quantity: 49, reserved: 0, reason: 'POS_SALE' },
    { sku: 'B', quantity: 7.25, reserved: 0, reason: null },
  ]);
});

test.each(['A', 'B'] as const)(
  'R-C10 R-C4 an order of the shop lowers the stock of the ERP, which tells the shop (option %s)',
  async (option) => {
    const { inErp, pass, stock, order, records, shop } = await setup(option);
    await inErp(`insert into stock values ('A', null, 3, null)`);
    await pass(5 / 60, 1 / 60);
    for (const id of ['ORD-1', 'ORD-2']) expect(await order(orderOf(id, 'A'))).toMatchObject({ status: 201 });
    await pass(5 / 60, 1 / 60);
    expect(await records(shop, 'shop-order')).toMatchObject([{ status: 'SYNCED' }, { status: 'SYNCED' }]);
    expect(await inErp('select quantity::int from stock')).toEqual([{ quantity: 1 }]);
    expect(await stock()).toMatchObject([{ quantity: 1, reserved: 0 }]);
    const table = option === 'A' ? 'web_order' : 'stock_adjustment';
    expect(await inErp(`select count(*)::int as count from ${table}`)).toEqual([{ count: 2 }]);
  },
);

test('R-C10 R-C6 the ERP gives all its stock levels, to whom it knows', async () => {
  const { inErp, url } = await setup();
  await inErp(`insert into stock values ('A', null, 3, null), ('B', null, 0.125, null)`);
  const ask = (token: string) =>
    fetch(`${url}/hooks/erp/api/v1/inventory/snapshot`, { headers: { Authorization: `Bearer ${token}` } });
  expect(await (await ask(erpToken)).json()).toEqual([
    { sku: 'A', qty: 3 },
    { sku: 'B', qty: 0.125 },
  ]);
  expect((await ask('another')).status).toBe(401);
});

test('R-C10 R-C6 the ERP gives a hundred thousand levels as one list', async () => {
  const { inErp, url } = await setup();
  await inErp(
    `insert into stock select 'SKU-' || lpad(n::text, 6, '0'), null, n / 4.0 from generate_series(1, 100000) n`,
  );
  const headers = { Authorization: `Bearer ${erpToken}` };
  const answer = await fetch(`${url}/hooks/erp/api/v1/inventory/snapshot`, { headers });
  expect(answer.headers.get('content-type')).toContain('application/json');
  const levels = (await answer.json()) as unknown[];
  expect([levels.length, levels[0], levels.at(-1)]).toEqual([
    100_000,
    { sku: 'SKU-000001', qty: 0.25 },
    { sku: 'SKU-100000', qty: 25000 },
  ]);
});

test('R-C10 R-C2 a product of the ERP becomes one of the shop, and what it changes is changed there', async () => {
  const { inErp, pass, records, shop } = await setup();
  const told = async (document: object) => {
    await inErp(`insert into product values ('PG-1', '${JSON.stringify(document)}')
      on conflict (product_group_id) do update set document = excluded.document`);
    await pass(5 / 60, 1 / 60);
    return [await records(shop, 'product'), await records(shop, 'variant')];
  };
  expect(await told(productOf('A'))).toMatchObject([
    [{ product_group_id: 'PG-1', is_active: true }],
    [{ sku: 'A', price: 79900.5, is_active: true }],
  ]);
  expect(await told({ ...productOf('A'), is_active: false })).toMatchObject([
    [{ is_active: false }],
    [{ is_active: false }],
  ]);
});

test('R-C10 R-C5 an order for what the ERP does not know is refused, and its stock given back', async () => {
  const { inErp, pass, stock, order, records, shop } = await setup();
  await inErp(`insert into stock values ('A', null, 3, null)`);
  await pass(5 / 60, 1 / 60);
  await inErp(`delete from stock`);
  await order(orderOf('ORD-1', 'A'));
  await pass(5 / 60, 1 / 60);
  expect(await records(shop, 'shop-order')).toMatchObject([{ status: 'REFUSED', error: { code: 'HTTP_400' } }]);
  expect(await stock()).toMatchObject([{ quantity: 3, reserved: 0 }]);
});

function productOf(sku: string) {
  const media = [{ url: 'https://erp-cdn.example/a.jpg' }];
  return {
    product_group_id: 'PG-1',
    group_name: 'iPhone 15',
    description: '',
    category_hierarchy: [],
    tax_hsn: '85171300',
    is_active: true,
    variants: [{ sku, display_name: 'Black', price: 79900.5, stock_quantity: 1, attributes: {}, media }],
  };
}
