import { createHmac, randomUUID } from 'node:crypto';
import type { Sandbox } from '@millrace/contract';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { linkInMail, type Orders, place, registerOffers, request, startMail, startOrders } from './orders.fixture.ts';

// Many requests at once on a busy machine take their time.
vi.setConfig({ testTimeout: 180_000 });

let mail: Sandbox;
let orders: Orders;
beforeAll(async () => {
  mail = await startMail();
  orders = await startOrders(mail);
}, 120_000);
afterAll(async () => {
  await orders?.stop();
  await mail?.stop();
});

const numberIn = (text: string) => Number(/^WF-\d{4}-(\d{5})$/.exec(text)?.[1]);

/** One new order. */
async function ordered() {
  const { requests, order, supplier } = await registerOffers(orders, 1);
  const { body } = await place(orders, order(requests[0] as string));
  return { id: body.order_id as string, number: body.order_number as string, supplier };
}

test('R-O1 the same request fifty times at once gives one order', async () => {
  const { requests, order } = await registerOffers(orders, 1);
  const [id] = requests as [string];
  const answers = await Promise.all(Array.from({ length: 50 }, () => place(orders, order(id))));
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(49);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  const [{ body }] = answers as [(typeof answers)[number]];
  const orderId = body.order_id as string;
  expect((await orders.call('GET', `/orders/${orderId}`)).body).toMatchObject({ request_id: id, total_sek: 3832.78 });
  expect((await orders.call('GET', `/orders/${orderId}/timeline`)).body.timeline).toHaveLength(1);
});

test('R-O4 numbers have no gap, whatever is refused or ordered twice at once in between', async () => {
  const { requests, order } = await registerOffers(orders, 10);
  const refused = () => place(orders, order(randomUUID()));
  const wrong = (id: string) => place(orders, order(id, { selected_wine_ids: [randomUUID()] }));
  const first = await ordered();
  const answers = await Promise.all(
    requests.flatMap((id) => [wrong(id), place(orders, order(id)), refused(), place(orders, order(id))]),
  );
  const taken = answers.filter(({ status }) => status < 300).map(({ body }) => numberIn(body.order_number as string));
  expect(answers.filter(({ status }) => status === 422)).toHaveLength(20);
  expect(taken).toHaveLength(20);
  const start = numberIn(first.number) + 1;
  expect([...new Set(taken)].sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, n) => start + n));
  expect(numberIn((await ordered()).number)).toBe(start + 10);
});

test('R-O2 of two changes at the same moment one is made, and the other is told what is allowed', async () => {
  const { id } = await ordered();
  const change = (status: string) => orders.call('PATCH', `/orders/${id}/status`, { status });
  const answers = await Promise.all(['CONFIRMED', 'REJECTED'].map(change));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const made = answers.find(({ status }) => status === 200)?.body.status;
  const { timeline } = (await orders.call('GET', `/orders/${id}/timeline`)).body;
  expect(timeline).toMatchObject([{ new_status: 'PENDING' }, { previous_status: 'PENDING', new_status: made }]);
});

test('R-O4 internal notes are kept, and no answer holds them', async () => {
  const { id } = await ordered();
  const changed = await orders.call('PATCH', `/orders/${id}/status`, { status: 'CONFIRMED', internal_notes: 'canary' });
  const read = await Promise.all(['', '/timeline'].map((path) => orders.call('GET', `/orders/${id}${path}`)));
  for (const { status, text } of [changed, ...read]) {
    expect(status).toBe(200);
    expect(text).not.toContain('canary');
  }
});

test('R-O4 a supplier’s webhook counts only with its signature', async () => {
  const { id } = await ordered();
  const body = JSON.stringify({ status: 'CONFIRMED' });
  const signed = (secret: string) => {
    const [messageId, timestamp] = ['msg_1', String(Math.floor(Date.now() / 1000))];
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const signature = createHmac('sha256', key).update(`${messageId}.${timestamp}.${body}`).digest('base64');
    return { 'webhook-id': messageId, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  };
  const path = `/supplier/orders/${id}/status`;
  expect(await orders.call('PATCH', path, body, signed('whsec_b3RoZXI='))).toMatchObject({ status: 401 });
  expect(await orders.call('PATCH', path, body, signed(orders.supplierSecret))).toMatchObject({ status: 200 });
  expect(await orders.call('GET', `/orders/${id}`, undefined, {})).toMatchObject({ status: 401 });
});

test('R-O1 a supplier confirms by the link in the mail: opening it asks, sending its form confirms, once', async () => {
  const { id, number } = await ordered();
  const link = await vi.waitFor(() => linkInMail(mail, number), 20_000);
  const status = async () => (await orders.call('GET', `/orders/${id}`)).body.status;

  const page = await request(link, 'GET');
  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Nothing is confirmed yet') });
  expect(await status()).toBe('PENDING');
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(
    await request(link.replace('/confirmation/', '/confirmation/x'), 'POST', 'confirmed=true', form),
  ).toMatchObject({
    status: 401,
  });
  const sent = 'confirmed_price_sek=2400%2C00&confirmed_quantity=&supplier_message=&confirmed=true';
  const both = await Promise.all([request(link, 'POST', sent, form), request(link, 'POST', sent, form)]);
  expect(both.map(({ status: code }) => code).sort()).toEqual([200, 410]);
  expect(await status()).toBe('CONFIRMED');
  expect(await request(link, 'GET')).toMatchObject({ status: 410 });
});
