import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultContext, Finding } from '../fault.ts';
import { startAcknowledging } from '../parts/acknowledge.ts';
import { audit, untilAtRest } from '../parts/books.ts';
import type { Installation } from '../parts/installation.ts';
import { sendOrders } from '../parts/orders.ts';
import { withInstallation } from '../parts/with-installation.ts';

/** T2: PostgreSQL is killed again and again, also while it recovers. What was accepted survives, and nothing is stranded. */
export const databaseKilled: Fault = {
  id: 'T2',
  title: 'PostgreSQL killed under load',
  run: (context) =>
    withInstallation(context, { env: { MILLRACE_LEASE: '4s' } }, (installation) => kill(context, installation)),
};

async function kill({ random, long, database }: FaultContext, installation: Installation): Promise<Finding> {
  const kills = long ? 15 : 3;
  for (const stage of ['send', 'confirm', 'line']) await installation.receiver.behave(stage, { delayMs: 200 });
  const acks = startAcknowledging(installation, random, { stage: 'send', delayMs: () => random.between(0, 1000) });
  const each = { count: long ? 300 : 45, atOnce: 3, pauseMs: 600 };
  const sending = Promise.all([
    sendOrders(installation, random, { flow: 'order', ...each }),
    sendOrders(installation, random, { flow: 'relay', ...each }),
    sendOrders(installation, random, { flow: 'lines', ...each, count: each.count / 3 }),
  ]);
  for (let round = 0; round < kills; round++) {
    await sleep(random.between(1500, 3500));
    await database.kill();
    if (round % 2 === 1) await database.startAndKill();
    await sleep(random.between(0, 2000));
    await database.start();
  }
  const orders = (await sending).flat();
  await untilAtRest(installation, 60_000);
  await acks.stop();
  const { problems, succeeded, repeats } = await audit(installation, orders);
  return {
    problems,
    facts: `${kills} kills, ${Math.floor(kills / 2)} in recovery, ${orders.length} orders, ${succeeded} succeeded, ${repeats} raw repeats`,
  };
}
