import type { DatabaseServer } from '../database/server.ts';
import { cpuOf } from '../processes/cpu.ts';
import { median } from '../report/median.ts';
import type { RunningMillrace } from '../systems/millrace.ts';
import type { TenantsFigures } from './figures.ts';
import { untilNone } from './until-none.ts';

/** Their time comes at once, again and again. */
const together = 10;

/** Lets the time of ten schedules come, of whatever tenants, and waits until their runs have ended; so many times. */
export async function activateSchedules(
  { pid, connect }: DatabaseServer,
  { pids }: RunningMillrace,
  { database, times }: { readonly database: string; readonly times: number },
): Promise<Pick<TenantsFigures, 'scheduleCpu' | 'scheduleMs'>> {
  const client = await connect(database);
  const used = () => cpuOf([...pids, pid]);
  const before = used();
  const took: number[] = [];
  try {
    while (took.length < times) {
      const begun = performance.now();
      await client.query(
        `update millrace.schedule set next_at = now()
         where ctid = any (array(select ctid from millrace.schedule order by random() limit ${together}))`,
      );
      await untilNone(client, 'select from millrace.schedule where next_at <= now() limit 1');
      took.push(performance.now() - begun);
      await untilNone(client, `select from millrace.run where status in ('running', 'waiting') limit 1`);
    }
    return { scheduleCpu: (used() - before) / (times * together), scheduleMs: median(took) };
  } finally {
    await client.end();
  }
}
