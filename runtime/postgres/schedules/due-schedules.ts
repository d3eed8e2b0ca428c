import type { Json, JsonObject, Schedule } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { FlowPlace } from '../flows/flow-place.ts';
import { rows } from '../json.ts';

/** A schedule whose time has come, held until the end of the transaction, with what its runs start from. */
export interface DueSchedule extends FlowPlace, Required<Pick<Schedule, 'rule' | 'timeZone' | 'missed' | 'overlap'>> {
  readonly node: string;
  readonly payload: Json;
  readonly nextAt: Date;
  /** The run that it started last has not ended. */
  readonly isBusy: boolean;
  readonly version: string;
  readonly parameters: JsonObject;
  readonly connections: Readonly<Record<string, string>>;
  /** The database's time. */
  readonly now: Date;
}

/** So many due schedules are looked at one by one; where there are more, most of them may be of one tenant. */
const few = 100;

/**
 * Tenants that have due schedules, be they such as can do nothing now. Few are found by their time, however many tenants there
 * are; many by jumps over the index, one a tenant with schedules, however many of one are due. Scanner's transaction; by index.
 */
export async function tenantsWithDueSchedules(tx: Tx): Promise<string[]> {
  const { rows: found } = await sql<{ tenant: string }>`
    with recursive first (tenant) as materialized (
      select tenant_id from millrace.schedule where next_at <= millrace.now() order by next_at limit ${few}
    ), each (tenant, due) as (
      (select tenant_id, next_at <= millrace.now() from millrace.schedule
       where next_at is not null and (select count(*) from first) = ${few}
       order by tenant_id, next_at limit 1)
      union all
      select next.* from each cross join lateral (
        select tenant_id, next_at <= millrace.now() from millrace.schedule
        where next_at is not null and tenant_id > each.tenant order by tenant_id, next_at limit 1) as next
    )
    select tenant from first union select tenant from each where due`.execute(tx);
  return found.map(({ tenant }) => tenant);
}

/**
 * Holds due schedules of the tenants that nobody else holds, of each the longest due first. One that makes up for missed
 * times one after the other is not due while the run before is under way.
 * @param limit of each tenant at most so many
 * @param lateMs from when on a time counts as missed
 */
export async function holdDueSchedules(
  tx: Tx,
  tenants: readonly string[],
  limit: number,
  lateMs: number,
): Promise<DueSchedule[]> {
  const { rows: due } = await sql<DueSchedule>`
    select due.*, millrace.now() as now from unnest(${tenants}::uuid[]) as of (tenant) cross join lateral (
      select tenant_id as tenant, environment, flow_id as "flowId", node, rule, time_zone as "timeZone", missed, overlap,
        payload, next_at as "nextAt", last.id is not null as "isBusy", deployment.version, deployment.parameters,
        deployment.connections
      from millrace.schedule join millrace.deployment using (tenant_id, environment, flow_id)
      left join (select id from millrace.run where status in ('running', 'waiting')) as last on last.id = last_run
      where tenant_id = of.tenant and next_at <= millrace.now() and paused_at is null
        and not (missed = 'all' and overlap = 'skip' and last.id is not null
          and next_at < millrace.now() - ${lateMs} * interval '1 ms')
      order by next_at limit ${limit} for update of schedule skip locked) as due`.execute(tx);
  return due;
}

/** What became of a due schedule; what is left out of it stays. */
export interface Advance extends FlowPlace {
  readonly node: string;
  readonly nextAt: Date | null;
  readonly lastAt?: Date | undefined;
  readonly lastRun?: string | undefined;
  readonly leftOutAt?: Date | undefined;
}

export async function advanceSchedules(tx: Tx, advances: readonly Advance[]): Promise<void> {
  await sql`
    update millrace.schedule set
      next_at = new."nextAt", last_at = coalesce(new."lastAt", last_at), last_run = coalesce(new."lastRun", last_run),
      left_out_at = coalesce(new."leftOutAt", left_out_at)
    from json_to_recordset(${rows(advances)}) as new
      (tenant uuid, environment text, "flowId" text, node text, "nextAt" timestamptz, "lastAt" timestamptz,
       "lastRun" uuid, "leftOutAt" timestamptz)
    where (schedule.tenant_id, schedule.environment, schedule.flow_id, schedule.node)
      = (new.tenant, new.environment, new."flowId", new.node)`.execute(tx);
}
