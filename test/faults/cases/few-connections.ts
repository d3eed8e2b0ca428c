import type { Fault, FaultContext, Finding } from '../fault.ts';
import { audit, untilAtRest } from '../parts/books.ts';
import type { Installation } from '../parts/installation.ts';
import { sendOrders } from '../parts/orders.ts';
import { withInstallation } from '../parts/with-installation.ts';

const env = { MILLRACE_LEASE: '2s', MILLRACE_RUNS_AT_ONCE: '400' };

/** T5: with five connections to PostgreSQL and very many slow writes at once, no lease is lost. */
export const fewConnections: Fault = {
  id: 'T5',
  title: 'five connections, many slow writes',
  run: (context) =>
    withInstallation(context, { servers: 1, planted: 'five-connections', env }, (installation) =>
      crowd(context, installation),
    ),
};

async function crowd({ random, long }: FaultContext, installation: Installation): Promise<Finding> {
  const count = long ? 300 : 200;
  await installation.receiver.behave('first', { delayMs: 7_000 });
  const orders = await sendOrders(installation, random, { flow: 'relay', count, atOnce: 50 });
  await untilAtRest(installation, 120_000);
  const { problems, succeeded, repeats, takeovers } = await audit(installation, orders, { repeats: 0 });
  return {
    problems: [...problems, ...(takeovers > 0 ? [`${takeovers} runs were taken over from a server that lives`] : [])],
    facts: `${orders.length} orders, ${succeeded} succeeded, ${takeovers} leases lost, ${repeats} raw repeats`,
  };
}
