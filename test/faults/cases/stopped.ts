import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultContext, Finding } from '../fault.ts';
import { startAcknowledging } from '../parts/acknowledge.ts';
import { audit, untilAtRest } from '../parts/books.ts';
import type { Installation } from '../parts/installation.ts';
import { sendOrders } from '../parts/orders.ts';
import type { Server } from '../parts/server.ts';
import { until } from '../parts/until.ts';
import { withInstallation } from '../parts/with-installation.ts';

const leaseMs = 2_000;

/**
 * T3: a server stands still for two and a half leases in the middle of sending. Another has taken its runs when it goes
 * on: it is at their second write, so that whatever the first still writes would be seen.
 */
export const stopped: Fault = {
  id: 'T3',
  title: 'a server stands still while it sends',
  run: (context) =>
    withInstallation(context, { env: { MILLRACE_LEASE: `${leaseMs}ms` } }, (installation) =>
      stop(context, installation),
    ),
};

async function stop({ random, long }: FaultContext, installation: Installation): Promise<Finding> {
  const rounds = long ? 10 : 2;
  const count = 12;
  const acks = startAcknowledging(installation, random, { stage: 'send' });
  const orders = [];
  for (let round = 0; round < rounds; round++) {
    const [still, other] = installation.servers as [Server, Server];
    const arrived = installation.receiver.effects().length;
    for (const stage of ['send', 'first']) await installation.receiver.behave(stage, { hold: true });
    installation.forget(other);
    const plans = (['order', 'relay'] as const).map((flow) =>
      sendOrders(installation, random, { flow, count, atOnce: count }),
    );
    orders.push(...(await Promise.all(plans)).flat());
    await until('all is being sent', 20_000, () => installation.receiver.effects().length >= arrived + 2 * count);
    still.signal('SIGSTOP');
    installation.forget(still);
    installation.remember(other);
    for (const stage of ['confirm', 'second']) await installation.receiver.behave(stage, { hold: true });
    for (const stage of ['send', 'first']) await installation.receiver.behave(stage, {});
    await untilAt(installation, ['confirm', 'second'], (round + 1) * 2 * count);
    await sleep(Math.max(0, leaseMs / 2));
    still.signal('SIGCONT');
    installation.remember(still);
    // It finds its answers and writes what it may, while the other is still busy.
    await sleep(1500);
    for (const stage of ['confirm', 'second']) await installation.receiver.behave(stage, {});
    await untilAtRest(installation, 20_000);
  }
  await acks.stop();
  const { problems, succeeded, repeats, takeovers } = await audit(installation, orders, { repeats: orders.length });
  const noneTaken = takeovers === 0 ? ['nothing was taken over, so that nothing was tried'] : [];
  return {
    problems: [...problems, ...noneTaken],
    facts: `${rounds} times, ${orders.length} orders, ${succeeded} succeeded, ${repeats} raw repeats`,
  };
}

/** So many different effects have come to the stages. */
async function untilAt({ receiver }: Installation, stages: readonly string[], count: number): Promise<void> {
  const keys = () => new Set(receiver.effects().flatMap(({ stage, key }) => (stages.includes(stage) ? [key] : [])));
  await until(`${count} effects came to ${stages.join(' and ')}`, 40_000, () => keys().size >= count);
}
