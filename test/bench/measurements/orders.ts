import { loadAtRate } from '../load/at-rate.ts';
import { withMillrace } from '../systems/with-millrace.ts';
import { deployOrderFlows } from '../workload/order-flows.ts';
import type { Bench } from './cell.ts';
import { measureWith } from './measure.ts';

/** Requests a second. */
const perSecond = 50;
const warmUpSeconds = { whole: 5, quick: 2 };

/** The order's flows answering in respond mode: orders are created, then read, at a steady rate, alone. */
export async function measureOrders(bench: Bench): Promise<void> {
  const warmUp = bench.quick ? warmUpSeconds.quick : warmUpSeconds.whole;
  await withMillrace(bench, 'bench_orders', { flows: [] }, async (millrace) => {
    const orders = await deployOrderFlows(millrace, perSecond * (warmUp + bench.seconds));
    const plan = { perSecond, warmUpSeconds: warmUp, seconds: bench.seconds };
    for (const [series, send] of [
      ['order-post', orders.create],
      ['order-get', orders.read],
    ] as const) {
      const measured = await measureWith((watch) => loadAtRate({ ...plan, send }, watch), millrace, bench.server);
      bench.onCell({ series, size: perSecond, inFlight: 0, system: millrace.name, measured });
    }
    await orders.close();
  });
}
