import { createHmac, randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { requireSound } from '../load/figures.ts';
import { openLoop } from '../load/open-loop.ts';
import type { LoadFigures } from '../load/protocol.ts';
import type { Bench } from '../measurements/cell.ts';
import { type RunningMillrace, tenant } from '../systems/millrace.ts';
import { withMillrace } from '../systems/with-millrace.ts';
import { readTemplate } from './flows.ts';
import { skuOf, storeStock, storeVariants } from './stock.ts';

const perSecond = 200;
/** Times the bench's seconds: two minutes where those are ten. */
const longer = 12;
const skus = 10_000;
const secret = 'the secret of the bench';
const warmUpSeconds = 10;

/** Signed stock changes at 200 a second, each answered once it is stored: times from its sending to the answer. */
export async function measureArrivals(bench: Bench): Promise<LoadFigures> {
  let figures: LoadFigures | undefined;
  await withMillrace(bench, 'bench_arrivals', { flows: [] }, async (millrace) => {
    await receiveEvents(bench, millrace);
    const pool = new Pool(new URL(millrace.origin).origin, { connections: 128, pipelining: 1 });
    const times = bench.quick
      ? { warmUpSeconds: 1, seconds: bench.seconds }
      : { warmUpSeconds, seconds: bench.seconds * longer };
    figures = requireSound(await openLoop({ perSecond, ...times, send: () => sendEvent(pool) }));
    await pool.destroy();
  });
  return figures as LoadFigures;
}

async function receiveEvents({ server }: Bench, { api }: RunningMillrace): Promise<void> {
  const connection = { name: 'erp', type: 'core/webhook-secret', config: { current: secret } };
  const { id } = (await api('POST', '/connections', connection)) as { id: string };
  const bundle = readTemplate('commerce-inbound');
  await api('POST', '/flows', bundle);
  await api('POST', `/flows/${bundle.flow.id}/deploy`, { connections: { erp: id } });
  const client = await server.connect('bench_arrivals');
  await storeStock(client, skus);
  await storeVariants(client, skus);
  await client.end();
}

/** @throws where the event is not taken */
async function sendEvent(pool: Pool): Promise<void> {
  const sku = skuOf(Math.floor(Math.random() * skus));
  const data = { sku, new_quantity: Math.floor(Math.random() * 1000), reason: 'POS_SALE' };
  const event = { event_id: randomUUID(), event_type: 'inventory.change', timestamp: new Date().toISOString(), data };
  const body = JSON.stringify(event);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-erp-signature': signature };
  const answer = await pool.request({ method: 'POST', path: `/hooks/${tenant}/erp/events`, headers, body });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`An event was answered ${answer.statusCode}: ${text.slice(0, 300)}`);
}
