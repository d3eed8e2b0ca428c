import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@millrace/contract';
import { readWholeFlow } from '../../../runtime/flows/folder.ts';
import type { Random } from '../random.ts';
import type { Erp } from './erp-process.ts';
import type { Installation } from './installation.ts';
import { until } from './until.ts';

const secrets = { erp: 'the ERP signs with this', shop: 'the shop signs with this' };
/** Nobody waits for an answer, or for another attempt, longer than that. */
const patienceMs = 120_000;
/** What an ERP that is there is told again after a minute: the templates know no shorter pause. */
const soon = { retryMinutes: 1, retries: 60 };

/** The templates of a shop, deployed, between its orders and an ERP. */
export interface Shop {
  /** Sends it until it is decided; answers whether it was taken. */
  order(order: ShopOrder): Promise<boolean>;
  /** Has the ERP send what it has to tell, from now on until it is stopped. */
  listen(): { stop(): Promise<void> };
}

export interface ShopOrder {
  readonly order_id: string;
  readonly order_date: string;
  readonly customer_ref: string;
  readonly line_items: readonly { readonly sku: string; readonly quantity: number; readonly unit_price: number }[];
}

export async function openShop(installation: Installation, erp: Erp, random: Random): Promise<Shop> {
  await deployTemplates(installation, erp);
  const anyServer = () => installation.servers[random.between(0, installation.servers.length - 1)]?.url;

  return {
    async order(order) {
      const deadline = performance.now() + patienceMs;
      let last = 'nothing';
      while (performance.now() < deadline) {
        const { status, text } = await post(`${anyServer()}/hooks/faults/orders`, order);
        if (status === 200 || status === 201) return true;
        if (status === 409) return false;
        if (status >= 400 && status < 500 && status !== 429)
          throw new Error(`The order ${order.order_id} was refused with ${status}: ${text}`);
        last = `${status} ${text}`;
        await sleep(random.between(100, 400));
      }
      throw new Error(`The order ${order.order_id} was not decided in ${patienceMs / 1000} s: ${last}`);
    },
    listen() {
      let isOver = false;
      const sending = (async () => {
        while (!isOver) {
          const url = `${anyServer()}/hooks/faults/erp/events`;
          await erp.act({ act: 'listen', url, secret: secrets.erp });
          await erp.act({ act: 'deliver', early: true });
          await sleep(200);
        }
      })();
      return {
        stop: () => {
          isOver = true;
          return sending;
        },
      };
    },
  };
}

async function deployTemplates({ api }: Installation, erp: Erp): Promise<void> {
  const { config } = await erp.state();
  const connect = async (name: string, type: string, settings: JsonObject) =>
    ((await api('POST', '/connections', { name, type, config: settings })) as { id: string }).id;
  const ids = {
    erp: await connect('erp', 'core/http', config),
    erpEvents: await connect('erp-events', 'core/webhook-secret', { current: secrets.erp }),
    shop: await connect('shop', 'core/webhook-secret', { current: secrets.shop }),
  };
  const deploy = async (name: string, deployment: object) => {
    await api('POST', '/flows', template(name));
    await api('POST', `/flows/${name}/deploy`, deployment);
  };
  // Kills make everything late: that is no news.
  const parameters = { lagAlert: 3600, driftAlert: 1_000_000 };
  await deploy('commerce-readiness', { connections: { erp: ids.erp } });
  await deploy('commerce-inbound', { connections: { erp: ids.erpEvents }, parameters });
  await deploy('commerce-orders', { connections: { erp: ids.erp, shop: ids.shop }, parameters: soon });
  await deploy('commerce-sweeper', { connections: { erp: ids.erp } });
  const answers = { connection: 'erp', webhooks: 'yes', public_images: 'yes', sku_stability: 'yes' };
  await api('POST', '/flows/commerce-readiness/run', { node: 'asked', payload: answers });
  await until('it is known what the ERP takes', patienceMs, async () => (await optionOf(api)) === 'A', 500);
}

async function optionOf(api: Installation['api']): Promise<string | undefined> {
  const { records } = (await api('GET', '/records/erp-readiness')) as { records: { data: { option?: string } }[] };
  return records[0]?.data.option;
}

function template(name: string) {
  return readWholeFlow(fileURLToPath(new URL(`../../../flows/${name}`, import.meta.url)));
}

/** With status 0 where there was no answer. */
async function post(url: string, order: ShopOrder): Promise<{ readonly status: number; readonly text: string }> {
  const body = JSON.stringify(order);
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': order.order_id,
    'x-shop-signature': createHmac('sha256', secrets.shop).update(body).digest('hex'),
  };
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(15_000) });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    return { status: 0, text: (error as Error).message };
  }
}
