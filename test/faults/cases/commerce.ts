import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultContext, Finding } from '../fault.ts';
import { type Erp, startErp } from '../parts/erp-process.ts';
import type { Installation } from '../parts/installation.ts';
import { openShop, type Shop, type ShopOrder } from '../parts/shop.ts';
import { type Answered, disagreements, isAtRest, shopBooks } from '../parts/shop-books.ts';
import { until } from '../parts/until.ts';
import { withInstallation } from '../parts/with-installation.ts';
import type { Random } from '../random.ts';

const skus = ['A', 'B', 'C', 'D', 'E', 'F'];
/** Of the last there is too little for all. */
const levels = { A: 500, B: 500, C: 500, D: 500, E: 500, F: 12 };
const senders = 3;
const restMs = 180_000;

/** T19: a shop and its ERP, built from the templates; servers and PostgreSQL are killed while orders and stock changes come. */
export const commerce: Fault = {
  id: 'T19',
  name: 'commerce',
  title: 'a shop and its ERP, with everything between them killed',
  async run(context) {
    const erp = await startErp();
    try {
      return await withInstallation(context, { env: { MILLRACE_LEASE: '3s' } }, (installation) =>
        trade(context, installation, erp),
      );
    } finally {
      await erp.stop();
    }
  },
};

async function trade(context: FaultContext, installation: Installation, erp: Erp): Promise<Finding> {
  const { random, long } = context;
  const shop = await openShop(installation, erp, random);
  const listening = shop.listen();
  await until('the ERP has somebody to tell', restMs, async () => (await erp.act({ act: 'deliver' })) !== undefined);
  await erp.act({ act: 'stock', levels });
  const isKnown = async () => (await shopBooks(installation)).stock.length === skus.length;
  await until('the shop knows what the ERP has', restMs, isKnown, 500);

  const counting = countStock(erp, random, long ? 120 : 20);
  const selling = sell(shop, random, long ? 300 : 36);
  const kills = await killAll(context, installation);
  const answered = await selling;
  await counting;
  const rests = async () => isAtRest(await shopBooks(installation), await erp.state());
  await until('every order and stock change has come to its end', restMs, rests, 1000).catch(() => undefined);
  await listening.stop();

  const [books, state] = [await shopBooks(installation), await erp.state()];
  const repeats = state.orders.reduce((sum, { asked }) => sum + asked - 1, 0);
  return {
    problems: disagreements(answered, books, state),
    facts: `${kills}, ${answered.taken.length} orders taken and ${answered.refused.length} refused, ${repeats} told twice, ${state.webhooks.length} stock changes`,
  };
}

/** The ERP counts its stock now and then; of what is scarce nothing comes in. */
async function countStock(erp: Erp, random: Random, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await sleep(random.between(300, 1500));
    await erp.act({ act: 'stock', levels: { [random.pick(skus.slice(0, -1))]: random.between(400, 600) } });
  }
}

async function sell(shop: Shop, random: Random, count: number): Promise<Answered> {
  const answered = { taken: [] as string[], refused: [] as string[] };
  let left = count;
  const sender = async (): Promise<void> => {
    while (left > 0) {
      const order = orderOf(`ORD-${left--}`, random);
      const isTaken = await shop.order(order);
      answered[isTaken ? 'taken' : 'refused'].push(order.order_id);
      await sleep(random.between(0, 1000));
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
  return answered;
}

function orderOf(order_id: string, random: Random): ShopOrder {
  const count = random.between(1, 2);
  const first = random.between(0, skus.length - 1);
  const line_items = Array.from({ length: count }, (_, index) => ({
    sku: skus[(first + index) % skus.length] as string,
    quantity: random.between(1, 4),
    unit_price: 79.5,
  }));
  return { order_id, order_date: '2026-03-02T10:15:00Z', customer_ref: 'CUST-555', line_items };
}

/** Servers in turn with the database. Answers what was killed. */
async function killAll({ random, long, database }: FaultContext, installation: Installation): Promise<string> {
  const rounds = long ? 12 : 3;
  for (let round = 0; round < rounds; round++) {
    await sleep(random.between(3000, 7000));
    const victim = random.pick(installation.servers);
    const replaced = installation.add();
    await installation.kill(victim);
    await replaced;
    if (round % 2 === 0) continue;
    await sleep(random.between(1000, 3000));
    await database.kill();
    await sleep(random.between(0, 2000));
    await database.start();
  }
  return `${rounds} servers killed, PostgreSQL ${Math.floor(rounds / 2)} ×`;
}
