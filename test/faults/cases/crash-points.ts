import { type CrashPoint, crashPoints } from '../../../runtime/engine/crash-points.ts';
import type { Fault, FaultContext, Finding } from '../fault.ts';
import { type Acknowledging, startAcknowledging } from '../parts/acknowledge.ts';
import { audit, untilAtRest } from '../parts/books.ts';
import type { Installation } from '../parts/installation.ts';
import { type SentOrder, sendOrders } from '../parts/orders.ts';
import type { Server } from '../parts/server.ts';
import { until } from '../parts/until.ts';
import { withInstallation } from '../parts/with-installation.ts';

/** Passes at which it is killed at most; an order passes no point so often. */
const mostPasses = 12;
/** The flows that have a way of their own through the engine, with the points at which that way differs. */
const ways: readonly { readonly flow: string; readonly points: readonly CrashPoint[] }[] = [
  { flow: 'order', points: crashPoints },
  { flow: 'relay', points: ['effect.after', 'commit.before', 'commit.after'] },
];
const longWays: typeof ways = [
  ...ways,
  { flow: 'lines', points: crashPoints.filter((point) => isPassed('lines', point)) },
];

/**
 * T0: a server is killed at each pass of each named point of an order's way. Another, which stands still until then,
 * brings the order to its end.
 */
export const crashPointsFault: Fault = {
  id: 'T0',
  title: 'killed at every crash point',
  run: (context) =>
    withInstallation(context, { servers: 1, env: { MILLRACE_LEASE: '1s' } }, (installation) =>
      killAtEveryPoint(context, installation),
    ),
};

async function killAtEveryPoint(context: FaultContext, installation: Installation): Promise<Finding> {
  const orders: SentOrder[] = [];
  const problems: string[] = [];
  let kills = 0;
  for (const { flow, points } of context.long ? longWays : ways)
    for (const point of points) {
      const before = kills;
      while (kills - before < mostPasses) {
        const { killed, order, repeats } = await oneLife(context, installation, {
          flow,
          point,
          pass: kills - before + 1,
        });
        orders.push(order);
        if (repeats > 1)
          problems.push(`killed at ${point}, pass ${kills - before + 1}, ${flow} repeated ${repeats} effects`);
        if (!killed) break;
        kills++;
      }
      if (kills === before) problems.push(`${flow} never passed ${point}`);
    }
  const books = await audit(installation, orders, { success: 1 });
  return {
    problems: [...problems, ...books.problems],
    facts: `${kills} kills, ${orders.length} orders, ${books.repeats} raw repeats`,
  };
}

/** Only an order that waits hears signals and timers. */
function isPassed(flow: string, point: CrashPoint): boolean {
  return flow === 'order' || (point !== 'signal.stored' && point !== 'timer.fired');
}

interface Death {
  readonly flow: string;
  readonly point: CrashPoint;
  readonly pass: number;
}

/** One order, begun by a server that dies on the way, where the order comes by there. */
async function oneLife({ random }: FaultContext, installation: Installation, { flow, point, pass }: Death) {
  const standby = installation.servers[0] as Server;
  const acks = acknowledging(installation, random, point);
  const before = installation.receiver.effects().length;
  standby.signal('SIGSTOP');
  const mortal = await installation.add({ MILLRACE_CRASH_AT: `${point}:${pass}` }).catch(() => undefined);
  if (!mortal) throw new Error(`A server that was to die at ${point} did not start.`);
  installation.forget(standby);
  const sending = sendOrders(installation, random, { flow, count: 1 });
  const ended = sending.then(([order]) => untilEnded(installation, (order as SentOrder).run)).catch(() => undefined);
  await Promise.race([mortal.ended, ended]);
  const killed = mortal.hasEnded();
  installation.forget(mortal);
  installation.remember(standby);
  standby.signal('SIGCONT');
  const [order] = (await sending) as [SentOrder];
  await untilAtRest(installation, 30_000);
  await Promise.all([acks.stop(), mortal.end()]);
  return { killed, order, repeats: repeatsSince(installation, before) };
}

/** For the timers' sake the acknowledgement is overdue before it comes. */
function acknowledging(installation: Installation, random: FaultContext['random'], point: CrashPoint): Acknowledging {
  return startAcknowledging(installation, random, {
    stage: 'send',
    delayMs: () => (point === 'timer.fired' ? 1500 : 0),
  });
}

async function untilEnded({ query }: Installation, run: string): Promise<void> {
  await until(
    'the run ended',
    30_000,
    async () => (await query('select from faults.ending where run = $1', [run])).length > 0,
  );
}

function repeatsSince({ receiver }: Installation, before: number): number {
  const effects = receiver.effects().slice(before);
  return effects.length - new Set(effects.map(({ key }) => key)).size;
}
