import type { Installation } from './installation.ts';
import type { Server } from './server.ts';

/** SIGKILL; the books note which runs it held. */
export async function killNoting(installation: Installation, server: Server): Promise<void> {
  const [{ id } = { id: '' }] = await installation.query<{ id: string }>(
    'select id::text from millrace.process where pid = $1 order by seen_at desc',
    [server.pid],
  );
  await installation.kill(server);
  await installation.query(
    `insert into faults.orphaned (run)
     select id from millrace.run where status = 'running' and lease_until is not null and lease_holder = $1`,
    [id],
  );
}

/** How long the runs of killed servers stayed with them, in milliseconds each: until another took them. */
export async function takeOverTimes({ query }: Installation): Promise<number[]> {
  const rows = await query<{ ms: number }>(`
    select extract(epoch from min(taken.at) - orphaned.at)::float8 * 1000 as ms
    from faults.orphaned join faults.taken on taken.run = orphaned.run and taken.at > orphaned.at
    group by orphaned.run, orphaned.at`);
  return rows.map(({ ms }) => ms);
}

/** The value that so much (0 to 1) of the numbers do not exceed; 0 where there are none. */
export function percentile(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
