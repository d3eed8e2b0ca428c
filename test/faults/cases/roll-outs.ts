import type { Fault, FaultContext, Finding } from '../fault.ts';
import { startAcknowledging } from '../parts/acknowledge.ts';
import { audit, untilAtRest } from '../parts/books.ts';
import type { Installation } from '../parts/installation.ts';
import { sendOrders } from '../parts/orders.ts';
import { deploySchedule, makeDue, startedTimes } from '../parts/schedules.ts';
import { serveVersion, versionsOf } from '../parts/versions.ts';
import { withInstallation } from '../parts/with-installation.ts';

const nightly = 'rolled-out';

/**
 * T13: again and again a new version serves and one server after the other is replaced, while orders come in, wait for
 * acknowledgements that come versions later, and a schedule is due. Each run ends on the version that it began on.
 */
export const rollOuts: Fault = {
  id: 'T13',
  title: 'new versions and rolling restarts',
  run: (context) => withInstallation(context, {}, (installation) => rollOut(context, installation)),
};

async function rollOut({ random, long }: FaultContext, installation: Installation): Promise<Finding> {
  const rounds = long ? 12 : 3;
  const count = 24;
  const acks = startAcknowledging(installation, random, { stage: 'send', delayMs: () => random.between(0, 20_000) });
  const yearly = { rule: '0 0 1 1 *', timeZone: 'UTC', missed: 'all', overlap: 'start' } as const;
  await deploySchedule(installation, nightly, yearly);
  await serveVersion(installation, 0);
  const orders = [];
  const times = [];
  for (let round = 1; round <= rounds; round++) {
    const sending = sendOrders(installation, random, { flow: 'order', count, atOnce: 4, pauseMs: 800 });
    times.push(await makeDue(installation, nightly));
    await serveVersion(installation, round);
    await replaceAll(installation);
    orders.push(...(await sending));
  }
  await acks.stop();
  await untilAtRest(installation, 60_000);
  const { wrong, orders: due } = await startedTimes(installation, [{ flow: nightly, times }]);
  const { problems, succeeded, repeats } = await audit(installation, [...orders, ...due], { success: 1 });
  const { mixed, outlived } = versionsOf(installation.receiver.effects());
  const noneOutlived = outlived === 0 ? ['no run went on after another version served, so that nothing was tried'] : [];
  return {
    problems: [...problems, ...wrong, ...mixed, ...noneOutlived],
    facts: `${rounds} versions, ${orders.length} orders, ${outlived} of them ended on an earlier version, ${succeeded} runs succeeded, ${repeats} raw repeats`,
  };
}

/** As an operator does it: the next one serves before the last one is asked to end. */
async function replaceAll(installation: Installation): Promise<void> {
  const former = installation.servers.slice();
  for (const server of former) {
    await installation.add();
    installation.forget(server);
    await server.stop();
  }
}
