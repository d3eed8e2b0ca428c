/**
 * `npm run acceptance:kill`: 2,000 orders go to a running instance, each checked, mapped, sent and acknowledged, while
 * everything is killed ten times: the server with what it has started and every process of its PostgreSQL. Some of the
 * times it is killed again while it comes back. At the end the books must agree.
 */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAcknowledgingReceiver } from './parts/acknowledging.ts';
import { deploy } from './parts/api.ts';
import { compareBooks, untilAtRest } from './parts/books.ts';
import { type Instance, openInstance } from './parts/instance.ts';
import { sendOrders } from './parts/orders.ts';
import { tellOutcomes } from './parts/verdict.ts';

const [orders, kills] = [2_000, 10];

const instance = await openInstance();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  process.exitCode = await run(instance);
} finally {
  await instance.remove();
}
process.exit();

async function run(api: Instance): Promise<0 | 1> {
  await api.start();
  const receiver = await startAcknowledgingReceiver(api, {
    file: join(api.home, 'arrivals.jsonl'),
    answerAfterMs: () => randomInt(150),
    acknowledgeAfterMs: () => randomInt(1_000),
  });
  await deploy(api, 'acknowledged-order', { parameters: { receiver: receiver.url } });
  const killing = createKilling(api);
  const began = performance.now();
  const { accepted, retries } = await sendOrders({
    hook: `${api.url}/hooks/acceptance/orders`,
    count: orders,
    atOnce: 16,
    pauseMs: 600,
    onAccepted: killing.onAccepted,
  });
  await killing.done();
  await untilAtRest(api);
  const states = await receiver.acknowledgements();
  console.log(`${orders} orders in ${Math.round((performance.now() - began) / 1000)} s, ${retries} sent again`);
  const outcomes = await compareBooks(api, { flow: 'acknowledged-order', accepted, arrivals: receiver.arrivals() });
  await receiver.close();
  return tellOutcomes([
    { what: 'everything was killed', seen: killing.told(), holds: killing.times() >= kills },
    ...outcomes,
    {
      what: 'each order was acknowledged',
      seen: [...Map.groupBy(states, (state) => state)].map(([state, those]) => `${those.length} ${state}`).join(', '),
      holds: states.length === orders,
    },
  ]);
}

/** Kills whenever another tenth of the orders was accepted, one after the other. */
function createKilling(instance: Instance) {
  let [times, strikes, processes] = [0, 0, 0];
  let work = Promise.resolve();
  const every = orders / kills;

  async function kill(): Promise<void> {
    await sleep(randomInt(500));
    processes += await instance.killAll();
    times++;
    console.log(`killed everything, ${times} of ${kills}`);
    if (times % 3 === 0) for (const longestMs of [500, 2_500]) await strikeAgain(longestMs);
    await instance.start();
  }

  /** While it starts, or PostgreSQL recovers. */
  async function strikeAgain(longestMs: number): Promise<void> {
    instance.begin();
    await sleep(randomInt(100, longestMs));
    processes += await instance.killAll();
    strikes++;
  }

  return {
    onAccepted(accepted: number): void {
      if (accepted % every === Math.floor(every / 2)) work = work.then(kill);
    },
    done: () => work,
    times: () => times,
    told: () => `${times} times, and ${strikes} times while it started; ${processes} processes`,
  };
}
