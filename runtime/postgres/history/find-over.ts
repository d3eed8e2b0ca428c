import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { RetentionClass } from './retention.ts';

/** A run that is over, with the class under which it is kept: that of its flow's deployment, or `normal` without one. */
export interface OverRun {
  readonly run: string;
  readonly tenant: string;
  readonly retention: RetentionClass;
  /** As PostgreSQL writes it, to the microsecond. */
  readonly finishedAt: string;
}

const overRun = sql`
  run.id as run, run.tenant_id as tenant, coalesce(deployment.retention, 'normal') as retention,
  run.finished_at::text as "finishedAt"
  from millrace.run left join millrace.deployment using (tenant_id, environment, flow_id)`;

/** Before every other. */
const noId = '00000000-0000-0000-0000-000000000000';

/**
 * Runs that may leave the live tables, the longest over first: nobody has to deal with them or with what they called,
 * and whatever called them has left before, so that it cannot go on and ask for them again. Scanner's transaction; by index.
 * @param after the one that was found last: those before it, which may be many that have to stay, are not looked at again
 */
export async function findArchivable(
  tx: Tx,
  { olderThanMs, limit, after }: { olderThanMs: number; limit: number; after?: OverRun | undefined },
): Promise<OverRun[]> {
  // Limited, so that each is a look into an index for the run at hand, not a join of everything with everything.
  const { rows } = await sql<OverRun>`
    select ${overRun}
    where run.finished_at < millrace.now() - ${olderThanMs} * interval '1 ms'
      and (run.finished_at, run.id) > (${after?.finishedAt ?? '-infinity'}::timestamptz, ${after?.run ?? noId}::uuid)
      and (select 1 from millrace.dead_letter where run_id = run.id and state = 'open' limit 1) is null
      and (select 1 from millrace.run as parent where parent.id = run.parent limit 1) is null
      and (
        select 1 from millrace.run as child where child.parent = run.id and (child.finished_at is null or (
          select 1 from millrace.dead_letter where run_id = child.id and state = 'open' limit 1) = 1) limit 1) is null
    order by run.finished_at, run.id limit ${limit}`.execute(tx);
  return rows;
}

/**
 * Live runs whose time is up, whatever has kept them, unless what called them or what they called still runs. Scanner's
 * transaction; by index.
 */
export async function findOutdated(
  tx: Tx,
  keepMs: Readonly<Record<RetentionClass, number>>,
  limit: number,
): Promise<OverRun[]> {
  const { rows } = await sql<OverRun>`
    select ${overRun}
    where run.finished_at < millrace.now() - ${Math.min(...Object.values(keepMs))} * interval '1 ms'
      and run.finished_at < millrace.now() - interval '1 ms' * (
        case coalesce(deployment.retention, 'normal')
          when 'short' then ${keepMs.short}::bigint when 'normal' then ${keepMs.normal}::bigint else ${keepMs.long}::bigint end)
      and (select 1 from millrace.run as parent where parent.id = run.parent and parent.finished_at is null limit 1) is null
      and (select 1 from millrace.run as child where child.parent = run.id and child.finished_at is null limit 1) is null
    order by run.finished_at limit ${limit}`.execute(tx);
  return rows;
}

/** Makes the parts of the archive into which the runs go, where they are missing. Scanner's transaction; by index. */
export async function makePartsFor(tx: Tx, runs: readonly OverRun[]): Promise<void> {
  for (const [retention, alike] of Map.groupBy(runs, (run) => run.retention))
    await sql`
      select millrace.make_archive(${retention}, part) from (
        select distinct millrace.archive_start(${retention}, finished_at) as part from millrace.run
        where id = any(${alike.map(({ run }) => run)}::uuid[]) and finished_at is not null) as parts`.execute(tx);
}
