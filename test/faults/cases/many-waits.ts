import { readFileSync } from 'node:fs';
import type { Fault, FaultContext, Finding } from '../fault.ts';
import { audit, untilWaiting } from '../parts/books.ts';
import type { Installation } from '../parts/installation.ts';
import { type SentOrder, sendOrders } from '../parts/orders.ts';
import { percentile } from '../parts/take-over.ts';
import { until } from '../parts/until.ts';
import { withInstallation } from '../parts/with-installation.ts';

/**
 * T11: very many runs wait while the server is started again; a part of them comes due within a minute, and none is
 * missed, though a paused flow has more due timers than fire at once.
 */
export const manyWaits: Fault = {
  id: 'T11',
  title: 'many waits over a restart, many due at once',
  run: (context) => withInstallation(context, { servers: 1 }, (installation) => wait(context, installation)),
};

async function wait({ random, long }: FaultContext, installation: Installation): Promise<Finding> {
  const { count, due, withinSeconds } = long
    ? { count: 100_000, due: 10_000, withinSeconds: 60 }
    : { count: 3_000, due: 500, withinSeconds: 10 };
  const held = await pausedAndDue(installation, random);
  const fields = { expiresAfter: 'P30D' };
  const orders = await sendOrders(installation, random, {
    flow: 'deadline',
    count,
    atOnce: 32,
    fields,
    patienceMs: 600_000,
  });
  await untilWaiting(installation, 'deadline', count);
  await installation.kill(installation.servers[0] as (typeof installation.servers)[0]);
  await dueSoon(installation, due, withinSeconds);
  const began = performance.now();
  const server = await installation.add();
  const startMs = performance.now() - began;
  const before = residentMegabytes(server.pid);
  await until(
    `${due} waits expired`,
    (withinSeconds + 75) * 1000,
    async () => (await lateness(installation)).length >= due,
  );
  const late = percentile(await lateness(installation), 0.99);
  const grown = residentMegabytes(server.pid) - before;
  const { problems } = await audit(installation, [...orders, ...held], { success: 0 });
  return {
    problems: [
      ...problems,
      ...(late > 10_000 ? [`99 % of the waits expired within ${late} ms of their time`] : []),
      ...(startMs > 10_000 ? [`the server needed ${startMs} ms to start`] : []),
      ...(grown > 150 ? [`the server grew by ${grown} MB`] : []),
    ],
    facts: `${count} waits, start ${(startMs / 1000).toFixed(1)} s at ${before} MB (+${grown}), ${due} due, 99 % late by ${Math.round(late)} ms at most`,
  };
}

/** Orders of a paused flow whose timers are due all the time. */
async function pausedAndDue(installation: Installation, random: FaultContext['random']): Promise<SentOrder[]> {
  const orders = await sendOrders(installation, random, { flow: 'order', count: 250, atOnce: 32 });
  await untilWaiting(installation, 'order', orders.length);
  await installation.api('POST', '/flows/faults-order/pause', {});
  await installation.query(
    "update millrace.timer set due_at = clock_timestamp() - interval '1 h', fired = false where kind = 'due'",
  );
  return orders;
}

async function dueSoon({ query }: Installation, count: number, seconds: number): Promise<void> {
  await query(
    `create table faults.due as
       select run_id, clock_timestamp() + interval '15 s' + random() * $2 * interval '1 s' as at
       from millrace.timer where kind = 'expire' limit $1`,
    [count, seconds],
  );
  await query('update millrace.timer set due_at = due.at from faults.due where due.run_id = timer.run_id');
}

/** Milliseconds from when a wait was due to when it was over, of those that are. */
async function lateness({ query }: Installation): Promise<number[]> {
  const rows = await query<{ ms: number }>(`
    select extract(epoch from closed_at - due.at)::float8 * 1000 as ms
    from faults.due join millrace.wait using (run_id) where wait.state = 'expired'`);
  return rows.map(({ ms }) => ms);
}

function residentMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
