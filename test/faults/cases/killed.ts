import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultContext, Finding } from '../fault.ts';
import { startAcknowledging } from '../parts/acknowledge.ts';
import { audit, untilAtRest } from '../parts/books.ts';
import type { Installation } from '../parts/installation.ts';
import { sendOrders } from '../parts/orders.ts';
import { killNoting, percentile, takeOverTimes } from '../parts/take-over.ts';
import { withInstallation } from '../parts/with-installation.ts';

const leaseMs = 3_000;
const patienceMs = 60_000;

/** T1: under load, a server is killed every few seconds and started again. */
export const killed: Fault = {
  id: 'T1',
  title: 'servers killed under load',
  run: (context) =>
    withInstallation(context, { env: { MILLRACE_LEASE: `${leaseMs}ms` } }, (installation) =>
      kill(context, installation),
    ),
};

async function kill({ random, long }: FaultContext, installation: Installation): Promise<Finding> {
  const kills = long ? 20 : 4;
  const stages = ['send', 'confirm', 'line', 'first', 'second'];
  for (const stage of stages) await installation.receiver.behave(stage, { refused: 0.1, delayMs: 400 });
  const acks = startAcknowledging(installation, random, { stage: 'send', delayMs: () => random.between(0, 1500) });
  const each = { count: long ? 600 : 60, atOnce: 4, pauseMs: long ? 500 : 800 };
  const sending = Promise.all([
    sendOrders(installation, random, { flow: 'order', ...each }),
    sendOrders(installation, random, { flow: 'relay', ...each }),
    sendOrders(installation, random, { flow: 'lines', ...each, count: each.count / 3 }),
  ]);
  for (let round = 0; round < kills; round++) {
    await sleep(random.between(3000, 8000));
    const victim = random.pick(installation.servers);
    const replaced = installation.add();
    await killNoting(installation, victim);
    await replaced;
  }
  const orders = (await sending).flat();
  await untilAtRest(installation, patienceMs);
  await acks.stop();
  const { problems, succeeded, repeats } = await audit(installation, orders);
  const takenOver = await takeOverTimes(installation);
  const p95 = percentile(takenOver, 0.95);
  const late = p95 > 30_000 ? [`the runs of a dead server were taken over after ${p95} ms (95 %)`] : [];
  const times = `${takenOver.length} runs taken over, 95 % within ${(p95 / 1000).toFixed(1)} s`;
  return {
    problems: [...problems, ...late],
    facts: `${kills} kills, ${orders.length} orders, ${succeeded} succeeded, ${repeats} raw repeats, ${times}`,
  };
}
