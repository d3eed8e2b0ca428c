import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Instance, startInstance } from '../../runtime/http/test-instance.fixture.ts';
import { type ErpEvent, type Shop, shopAt, startShop } from './commerce.fixture.ts';
import { apply, emptyModel, eventOf, type Model, type Plan, plan } from './commerce-model.fixture.ts';
import { insist } from './parts/insist.ts';

/** Servers are started, and hundreds of events are sent one after the other. */
const patience = 300_000;

let instance: Instance;
let shop: Shop;
beforeAll(async () => {
  instance = await startInstance();
  shop = await shopAt({ url: instance.url, key: instance.keys.acme }, 'acme');
});
afterAll(() => instance?.stop());

const now = () => new Date().toISOString();

/** A catalogue update of a product with one variant. */
function product(id: string, changes: { group?: string; sku?: string; url?: string; price?: number } = {}): ErpEvent {
  const { group = 'LAMP', sku = `${group}-1`, url = 'http://127.0.0.1:1/none.png', price = 10.5 } = changes;
  const variant = { display_name: 'Lamp', price, stock_quantity: 5, attributes: { Color: group }, media: [{ url }] };
  const data = {
    product_group_id: group,
    group_name: 'Lamp',
    description: '<p onclick="steal()">A lamp</p>',
    category_hierarchy: ['Home'],
    tax_hsn: '94052000',
    is_active: true,
    variants: [{ sku, ...variant }],
  };
  return { event_id: id, event_type: 'catalog.update', timestamp: now(), data };
}

const change = (id: string, data: object): ErpEvent => ({
  event_id: id,
  event_type: 'inventory.change',
  timestamp: now(),
  data,
});

describe('the endpoint for the ERP', () => {
  test('R-C1 R-C7 answers as the ERP’s ladder expects', async () => {
    expect(await shop.send(product('evt-1'))).toMatchObject({
      status: 200,
      body: { event_id: 'evt-1', outcome: 'stored' },
    });
    expect(await shop.send({ ...product('evt-2'), data: {} })).toMatchObject({
      status: 400,
      body: {
        error: {
          code: 'DATA_ERROR',
          message: expect.stringContaining('sent again it will be refused again'),
          problems: expect.arrayContaining([expect.objectContaining({ pointer: '/data/product_group_id' })]),
        },
      },
    });
    expect(await shop.send(change('evt-3', { new_quantity: 1 }))).toMatchObject({
      status: 400,
      body: { error: { problems: [{ pointer: '/data/sku' }] } },
    });
    expect(await shop.send('{"event_id": ')).toMatchObject({ status: 400, body: { error: { code: 'BAD_JSON' } } });
    expect(await shop.send(product('evt-4'), { contentType: 'text/plain' })).toMatchObject({ status: 400 });
    expect(await shop.send(product('evt-5'), { signature: 'a'.repeat(64) })).toMatchObject({ status: 401 });
  });

  test('R-C1 R-C7 takes what the ERP repeats for a day, and nothing from the future', async () => {
    await shop.send(product('day-1', { group: 'DAY' }));
    const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const repeated = { ...product('day-2', { group: 'DAY', price: 1 }), timestamp: at(-23) };
    expect(await shop.send(repeated)).toMatchObject({ status: 200, body: { outcome: 'older' } });
    expect(await shop.send({ ...repeated, event_id: 'day-3', timestamp: at(-25) })).toMatchObject({ status: 401 });
    expect(await shop.send({ ...repeated, event_id: 'day-4', timestamp: at(1) })).toMatchObject({ status: 401 });
    expect(await shop.record('variant', 'DAY-1')).toMatchObject({ version: 1, data: { price: 10.5 } });
  });

  test('R-C1 processes an event once that comes fifty times at once, and answers every time alike', async () => {
    await shop.send(product('fifty-1', { group: 'FIFTY' }));
    const event = change('fifty-2', { sku: 'FIFTY-1', quantity_change: -1, reason: 'POS_SALE' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => shop.send(event)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toHaveProperty('size', 1);
    expect(answers[0]).toMatchObject({ status: 200, body: { outcome: 'stored', quantity: 4 } });
    const stock = await shop.record<{ quantity: number }>('stock', 'FIFTY-1');
    expect(stock).toMatchObject({ version: 2, data: { quantity: 4 } });
    expect(stock?.history?.at(-1)?.why).toBe('The ERP changes it by -1 (POS_SALE)');
  });

  test(
    'R-C3 adds fifty changes of one stock that come at once, none lost',
    async () => {
      await shop.send(product('many-0', { group: 'MANY' }));
      const sold = (index: number) => change(`many-${index + 1}`, { sku: 'MANY-1', quantity_change: -0.1 });
      const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => shop.send(sold(index))));
      expect(new Set(answers.map(({ status }) => (status === 202 ? 200 : status)))).toEqual(new Set([200]));
      await insist('all are stored', async () => {
        const stock = await shop.record<{ moved?: number }>('stock', 'MANY-1');
        return stock?.version === 51 ? stock : undefined;
      });
      expect(await shop.record('stock', 'MANY-1')).toMatchObject({ data: { quantity: 0, moved: -5 } });
    },
    patience,
  );

  test('R-C2 gives an SKU that four products claim at once to one of them, and refuses the others whole', async () => {
    const claims = ['A', 'B', 'C', 'D'].map((group) => product(`claim-${group}`, { group, sku: 'CLAIMED' }));
    const answers = await Promise.all(claims.map((claim) => shop.send(claim)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
    const products = await Promise.all(['A', 'B', 'C', 'D'].map((group) => shop.record('product', group)));
    expect(products.filter(Boolean)).toHaveLength(1);
  });

  test('R-C2 attributes of variants can be asked for', async () => {
    await shop.send(product('asked-1', { group: 'ASKED' }));
    expect(await shop.records('variant', '&attributes.Color=ASKED')).toMatchObject([{ id: 'ASKED-1' }]);
    expect(await shop.records('variant', '&attributes.Color=NONE')).toEqual([]);
  });
});

describe('events of many products, mixed, out of order and repeated', () => {
  test(
    'R-C2 R-C3 end in what a small model says',
    async () => {
      let tried = 0;
      const lanes = fc.array(fc.array(plan, { minLength: 20, maxLength: 20 }), { minLength: 10, maxLength: 10 });
      await fc.assert(
        fc.asyncProperty(lanes, async (plans) => {
          const prefix = `T${tried++}`;
          const models = await Promise.all(plans.map((lane, index) => sendAll(lane, `${prefix}G${index}`)));
          for (const [index, model] of models.entries()) await expectState(model, `${prefix}G${index}`);
        }),
        { numRuns: 2, endOnFailure: true },
      );
    },
    patience,
  );
});

/** One product's events, one after the other; every third is sent again later. */
async function sendAll(lane: readonly Plan[], group: string): Promise<Model> {
  const model = emptyModel();
  const start = Date.now();
  for (const [index, each] of lane.entries()) {
    const event = eventOf(each, group, `${group}-${index}`, start);
    expect(await shop.send(event)).toMatchObject({ status: 200 });
    apply(model, each, group, start);
    const before = lane[index - 3];
    if (before && index % 3 === 0)
      expect(await shop.send(eventOf(before, group, `${group}-${index - 3}`, start))).toMatchObject({ status: 200 });
  }
  return model;
}

async function expectState(model: Model, group: string): Promise<void> {
  const variants = await shop.records<{ price: number; is_active: boolean }>('variant', `&product_group_id=${group}`);
  const found = variants.map(({ id, data }) => [id, { price: data.price, is_active: data.is_active }]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(model.variants));
  for (const [id, { quantity, asOf }] of model.stocks)
    expect(await shop.record('stock', id)).toMatchObject({ data: { quantity, as_of: new Date(asOf).toISOString() } });
}

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

/** A server of pictures; `/missing.png` it does not have. */
async function startPictures() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(String(request.url));
    if (request.url === '/missing.png') response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'image/png' }).end(png);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { asked, at: (name: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}` };
}

interface Medium {
  readonly url: string;
  readonly status: string;
  readonly error?: { readonly code: string };
}

async function settled(at: Shop, count: number) {
  return insist('every medium is fetched or given up', async () => {
    const media = await at.records<Medium>('media');
    return media.length === count && media.every(({ data }) => data.status !== 'PENDING') ? media : undefined;
  });
}

describe('media', () => {
  test(
    'R-C2 are fetched once for each address, confirmed on their records, and told of where they are missing',
    async () => {
      const own = await startShop();
      const { asked, at } = await startPictures();
      await own.send(product('evt-1', { url: at('a.png') }));
      const [first] = await settled(own, 1);
      const sha256 = createHash('sha256').update(png).digest('hex');
      expect(first?.data).toMatchObject({
        status: 'FETCHED',
        content_type: 'image/png',
        bytes: png.length,
        sha256,
        storage_key: `media/${sha256}.png`,
      });
      await own.send(product('evt-2', { url: at('a.png'), price: 12 }));
      await own.send(product('evt-3', { url: at('missing.png') }));
      const media = await settled(own, 2);
      expect(asked).toEqual(['/a.png', '/missing.png']);
      expect(media.find(({ data }) => data.url === at('missing.png'))?.data.error?.code).toBe('HTTP_404');
      const { alerts } = await own.call<{ alerts: { code: string; message: string }[] }>('/alerts');
      expect(alerts).toEqual([expect.objectContaining({ code: 'MEDIUM_UNREACHABLE' })]);
    },
    patience,
  );

  test(
    'R-C2 at private addresses are not fetched where the instance calls none',
    async () => {
      const own = await startShop({ MILLRACE_ALLOW_PRIVATE_ADDRESSES: 'none' });
      const { asked, at } = await startPictures();
      await own.send(product('evt-1', { url: at('a.png') }));
      const [medium] = await settled(own, 1);
      expect(medium?.data).toMatchObject({ status: 'FAILED', error: { code: 'ADDRESS_REFUSED' } });
      expect(asked).toEqual([]);
    },
    patience,
  );
});
