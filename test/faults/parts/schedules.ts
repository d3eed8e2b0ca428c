import type { SimulatedClock } from '../../../runtime/postgres/simulated-clock.ts';
import { untilAtRest } from './books.ts';
import type { Installation } from './installation.ts';
import type { SentOrder } from './orders.ts';
import { until } from './until.ts';

/** As the node `core/schedule` has it. */
export interface ScheduleConfig {
  readonly rule: string;
  readonly timeZone: string;
  readonly missed: 'skip' | 'once' | 'all';
  readonly overlap: 'skip' | 'start';
}

/** The times, as ISO instants, for which a flow must have one run each, in their order. */
export interface Expected {
  readonly flow: string;
  readonly times: readonly string[];
}

const patienceMs = 30_000;

/** Deploys a flow that sends one order to the receiver for each of its times. */
export async function deploySchedule({ api, receiver }: Installation, id: string, config: ScheduleConfig) {
  const body = `{% { "order": "${id} " & $trigger.scheduledFor } %}`;
  const flow = {
    format: 1,
    id,
    name: `Faults: ${id}`,
    nodes: {
      due: { type: 'core/schedule', version: 1, config },
      send: {
        type: 'core/http-request',
        version: 1,
        config: { method: 'POST', url: `${receiver.url}/due`, body },
        retry: { schedule: ['PT0.3S', 'PT1S', 'PT2S', 'PT5S', 'PT5S'] },
      },
    },
    edges: [{ from: 'due', to: 'send' }],
  };
  await api('POST', '/flows', { flow });
  await api('POST', `/flows/${id}/deploy`, {});
}

/** Turns the clock to an instant, and waits until all that is due then has had its run, and every run has ended. */
export async function turnTo(installation: Installation, clock: SimulatedClock, instant: string): Promise<void> {
  await clock.advanceTo(new Date(instant));
  await untilFired(installation);
}

/** Makes a schedule due now, once what was due before has been followed. @returns the time, as an ISO instant */
export async function makeDue(installation: Installation, flow: string): Promise<string> {
  await untilFollowed(installation);
  const [due] = await installation.query<{ at: Date }>(
    "update millrace.schedule set next_at = date_trunc('milliseconds', millrace.now()) where flow_id = $1 returning next_at as at",
    [flow],
  );
  return (due as { at: Date }).at.toISOString();
}

/** Waits until no schedule is due, and every run has ended. */
export async function untilFired(installation: Installation): Promise<void> {
  await untilFollowed(installation);
  await untilAtRest(installation, patienceMs);
}

async function untilFollowed({ count }: Installation): Promise<void> {
  const due = `select count(*)::int as count from millrace.schedule join millrace.deployment using (tenant_id, environment, flow_id)
    where next_at <= millrace.now() and paused_at is null`;
  await until('every schedule was followed', patienceMs, async () => (await count(due)) === 0);
}

/** What is wrong with the times that flows were started for, and the runs as orders that the books can be held against. */
export async function startedTimes({ query }: Installation, expected: readonly Expected[]) {
  const rows = await query<{ run: string; flow: string; time: string }>(`
    select id as run, flow_id as flow, trigger->'meta'->>'scheduledFor' as time from millrace.run
    where trigger->'meta'->'scheduledFor' is not null order by time`);
  const wrong = expected.flatMap(({ flow, times }) => {
    const started = rows.filter((row) => row.flow === flow).map(({ time }) => time);
    return started.join() === times.join() ? [] : [`${flow} came at ${started.join()} in place of ${times.join()}`];
  });
  const orders: SentOrder[] = rows.map(({ run, flow, time }) => ({ id: `${flow} ${time}`, flow, run, effects: 1 }));
  return { wrong, orders };
}
