import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultContext, Finding } from '../fault.ts';
import { startAcknowledging } from '../parts/acknowledge.ts';
import { audit, untilAtRest } from '../parts/books.ts';
import type { Installation } from '../parts/installation.ts';
import { type SentOrder, sendOrders } from '../parts/orders.ts';
import { type DatabaseProxy, startProxy } from '../parts/proxy.ts';
import { withInstallation } from '../parts/with-installation.ts';

/**
 * T4: the network between the servers and PostgreSQL is cut, falls silent, becomes slow, and loses the answers to commits.
 * A commit of a run's progress is looked up and the work goes on at once, not when the lease has run out.
 */
export const network: Fault = {
  id: 'T4',
  title: 'the network to PostgreSQL',
  async run(context) {
    const proxy = await startProxy(context.database.port, () => context.random.next());
    const reachedAt = (url: string): string => Object.assign(new URL(url), { port: String(proxy.port) }).href;
    const under = (lease: string, disturb: typeof loseProgress): Promise<Finding> =>
      withInstallation(context, { env: { MILLRACE_LEASE: lease }, reachedAt }, (installation) =>
        disturb(context, installation, proxy),
      );
    try {
      const [lost, rest] = [await under('120s', loseProgress), await under('4s', disturbAll)];
      return { problems: [...lost.problems, ...rest.problems], facts: `${lost.facts}; ${rest.facts}` };
    } finally {
      await proxy.close();
    }
  },
};

type Disturbance = () => Promise<void>;

/** On a busy machine it takes its time until an answer to lose has come. */
const patienceMs = 60_000;

/** The lease is longer than all of it takes: nothing may have to wait until it has run out. */
async function loseProgress(context: FaultContext, installation: Installation, proxy: DatabaseProxy): Promise<Finding> {
  const disturbance = async (): Promise<void> => {
    proxy.passing = 'losing-progress';
    const least = context.long ? 30_000 : 5_000;
    await sleep(least);
    for (let waited = least; proxy.lost === 0 && waited < patienceMs; waited += 1_000) await sleep(1_000);
  };
  const finding = await during(context, installation, proxy, [disturbance]);
  const untried = proxy.lost === 0 ? ['no answer to a commit was lost, so that nothing was tried'] : [];
  return {
    problems: [...finding.problems, ...untried],
    facts: `${proxy.lost} answers to commits lost, ${finding.facts}`,
  };
}

async function disturbAll(context: FaultContext, installation: Installation, proxy: DatabaseProxy): Promise<Finding> {
  const { random, long } = context;
  const passing = (how: DatabaseProxy['passing'], ms: number) => async (): Promise<void> => {
    proxy.passing = how;
    await sleep(ms);
    if (how === 'silent') proxy.cut();
  };
  const cuts = async (): Promise<void> => {
    for (let times = 0; times < (long ? 20 : 5); times++) {
      await sleep(random.between(200, 900));
      proxy.cut();
    }
  };
  const some = long ? 20_000 : 3_000;
  const all = [passing('losing-commits', some), cuts, passing('silent', some), passing('slow', some * 2)];
  return during(context, installation, proxy, all);
}

/** Orders come in during each of the disturbances, and all is at rest behind each. */
async function during(
  { random, long }: FaultContext,
  installation: Installation,
  proxy: DatabaseProxy,
  disturbances: readonly Disturbance[],
): Promise<Finding> {
  const count = long ? 200 : 24;
  const acks = startAcknowledging(installation, random, { stage: 'send', delayMs: () => random.between(0, 500) });
  const orders: SentOrder[] = [];
  for (const disturb of disturbances) {
    const sending = (['order', 'relay', 'lines'] as const).map((flow) =>
      sendOrders(installation, random, { flow, count: flow === 'lines' ? count / 4 : count, atOnce: 4, pauseMs: 300 }),
    );
    await disturb();
    proxy.passing = 'open';
    orders.push(...(await Promise.all(sending)).flat());
    await untilAtRest(installation, 60_000);
  }
  await acks.stop();
  const { problems, succeeded, repeats } = await audit(installation, orders);
  return { problems, facts: `${orders.length} orders, ${succeeded} succeeded, ${repeats} raw repeats` };
}
