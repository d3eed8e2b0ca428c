import { openLoop } from '../load/open-loop.ts';
import type { LoadFigures } from '../load/protocol.ts';
import type { Watch } from '../load/run-load.ts';
import type { RunningMillrace } from '../systems/millrace.ts';
import { withMillrace } from '../systems/with-millrace.ts';
import { deployOrderFlows } from '../workload/order-flows.ts';
import type { Bench } from './cell.ts';
import { measureWith } from './measure.ts';

/** Requests a second. */
const perSecond = 50;
const warmUpSeconds = { whole: 5, quick: 2 };

type OrderSeries = 'order-post' | 'order-get';
/** How long; in seconds. */
interface Times {
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** The order's flows answering in respond mode, alone. */
export async function measureOrders(bench: Bench): Promise<void> {
  const times = { warmUpSeconds: bench.quick ? warmUpSeconds.quick : warmUpSeconds.whole, seconds: bench.seconds };
  await withMillrace(bench, 'bench_orders', { flows: [] }, (millrace) =>
    withOrderLoads(millrace, times, async (series, load) => {
      const measured = await measureWith(load, millrace, bench.server);
      bench.onCell({ series, size: perSecond, inFlight: 0, system: millrace.name, measured });
    }),
  );
}

/** One load after the other: orders are created, then read, at a steady rate. */
export async function withOrderLoads(
  millrace: RunningMillrace,
  times: Times,
  use: (series: OrderSeries, load: (watch: Watch) => Promise<LoadFigures>) => Promise<void>,
): Promise<void> {
  const orders = await deployOrderFlows(millrace, perSecond * (times.warmUpSeconds + times.seconds));
  const plan = { perSecond, ...times };
  await use('order-post', (watch) => openLoop({ ...plan, send: orders.create }, watch));
  await use('order-get', (watch) => openLoop({ ...plan, send: orders.read }, watch));
  await orders.close();
}
