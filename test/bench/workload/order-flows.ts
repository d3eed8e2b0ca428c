import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { readWholeFlow } from '../../../runtime/flows/folder.ts';
import type { RunningMillrace } from '../systems/millrace.ts';

const secret = 'the platform knows this';
const template = (id: string) => readWholeFlow(fileURLToPath(new URL(`../../../flows/${id}`, import.meta.url)));
const templates = ['order-register', 'order-create', 'order-get'];
/** Lines of an order. */
const wines = 3;

/** The order's flows, deployed, with accepted offers that wait to be ordered. */
export interface OrderFlows {
  /** Orders the offer with this number; keeps the order's id. */
  create(number: number): Promise<void>;
  /** Reads one of the orders that were created. */
  read(number: number): Promise<void>;
  close(): Promise<void>;
}

/** @param offers how many */
export async function deployOrderFlows({ api, origin }: RunningMillrace, offers: number): Promise<OrderFlows> {
  const callers = await api('POST', '/connections', {
    name: 'callers',
    type: 'core/webhook-secret',
    config: { current: secret },
  });
  for (const id of templates) {
    await api('POST', '/flows', template(id));
    await api('POST', `/flows/${id}/deploy`, { connections: { callers: (callers as { id: string }).id } });
  }
  const pool = new Pool(origin, { connections: 64 });
  const call = async (method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => {
    const headers = { authorization: `Bearer ${secret}`, ...(body && { 'content-type': 'application/json' }) };
    const sent = { path: `/hooks/bench/api/${path}`, method, headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await pool.request(sent);
    const text = await answer.body.text();
    if (answer.statusCode !== 200 && answer.statusCode !== 201)
      throw new Error(`${answer.statusCode} ${text.slice(0, 300)}`);
    return JSON.parse(text) as { order_id: string };
  };
  const { requests, order } = await registerOffers(call, offers);
  const created: string[] = [];
  return {
    async create(number) {
      created.push((await call('POST', 'orders', order(requests[number] as string))).order_id);
    },
    read: async (number) => void (await call('GET', `orders/${created[number % created.length]}`)),
    close: () => pool.destroy(),
  };
}

type Call = (method: 'PUT', path: string, body: object) => Promise<unknown>;

async function registerOffers(call: Call, offers: number) {
  const [restaurant, supplier] = [randomUUID(), randomUUID()];
  const wineIds = Array.from({ length: wines }, () => randomUUID());
  await call('PUT', `restaurants/${restaurant}`, { name: 'Krogen' });
  await call('PUT', `suppliers/${supplier}`, { name: 'Vinhuset AB' });
  for (const id of wineIds)
    await call('PUT', `wines/${id}`, { name: 'Barolo', producer: 'Cascina Rossa', alcohol_percentage: 14.5 });
  const requests = Array.from({ length: offers }, () => randomUUID());
  const lines = wineIds.map((id) => ({ wine_id: id, quantity: 12, unit_price_sek: 199.5 }));
  const offer = { restaurant_id: restaurant, supplier_id: supplier, lines, shipping_cost_sek: 400 };
  for (const id of requests) await call('PUT', `requests/${id}`, offer);
  const delivery = { line1: 'Kungsgatan 1', postal_code: '111 43', city: 'Stockholm' };
  const order = (id: string) => ({ request_id: id, selected_wine_ids: wineIds, delivery_address: delivery });
  return { requests, order };
}
