import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultContext, Finding } from '../fault.ts';
import { sendSignal } from '../parts/acknowledge.ts';
import { audit, untilAtRest, untilWaiting } from '../parts/books.ts';
import { type Installation, runFile } from '../parts/installation.ts';
import { type SentOrder, sendOrders } from '../parts/orders.ts';
import { withInstallation } from '../parts/with-installation.ts';

/** T10: the acknowledgement comes at the instant at which the wait expires; exactly one of them decides. */
export const deadlines: Fault = {
  id: 'T10',
  title: 'ack and expiry at the same instant',
  run: (context) => withInstallation(context, {}, (installation) => race(context, installation)),
};

async function race({ random, long, database }: FaultContext, installation: Installation): Promise<Finding> {
  await database.asSuperuser(installation.name, (client) => runFile(client, 'slow-commits.sql'));
  const fields = { expiresAfter: 'PT1H' };
  const orders = await sendOrders(installation, random, {
    flow: 'deadline',
    count: long ? 600 : 100,
    atOnce: 16,
    fields,
  });
  await untilWaiting(installation, 'deadline', orders.length);
  // Every wait expires within the next two seconds, and its acknowledgement comes about then.
  await installation.query(`
    update millrace.timer set due_at = clock_timestamp() + interval '0.5 s' + random() * interval '2 s' where kind = 'expire'`);
  const due = await installation.query<{ order: string; ms: number }>(`
    select trigger->'payload'->>'id' as "order", extract(epoch from timer.due_at - clock_timestamp())::float8 * 1000 as ms
    from millrace.timer join millrace.run on run.id = timer.run_id`);
  await Promise.all(
    due.map(async ({ order, ms }) => {
      await sleep(Math.max(0, ms + random.between(-400, 400)));
      await sendSignal(installation, random, { key: order, payload: { erp_order_id: `SO-${order}` } });
    }),
  );
  await untilAtRest(installation, 30_000);
  const { problems, succeeded } = await audit(installation, orders);
  const [acked, expired] = ['acked', 'expired'].map((stage) => ordersAt(installation, stage)) as [number, number];
  return {
    problems: [...problems, ...(await twoWinners(installation, orders))],
    facts: `${orders.length} orders, ${succeeded} succeeded: ${acked} acknowledged, ${expired} expired`,
  };
}

function ordersAt({ receiver }: Installation, stage: string): number {
  return new Set(receiver.effects().flatMap((effect) => (effect.stage === stage ? [effect.order] : []))).size;
}

/** The signal says the same as the wait. */
async function twoWinners({ query }: Installation, orders: readonly SentOrder[]): Promise<string[]> {
  const rows = await query<{ key: string; wait: string; signal: string }>(`
    select wait.key, wait.state as wait, signal.state as signal
    from millrace.wait join millrace.signal using (tenant_id, environment, channel, key)`);
  const missing = orders.length - rows.length;
  const wrong = rows.filter(({ wait, signal }) => (wait === 'matched') !== (signal === 'accepted'));
  return [
    ...(missing > 0 ? [`${missing} signals cannot be seen`] : []),
    ...wrong.map(({ key, wait, signal }) => `the wait for ${key} is ${wait} and its signal ${signal}`),
  ];
}
